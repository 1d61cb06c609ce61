"""The store stage: what is unchanged costs a touch, what moved is written once, races are decided by the store."""

import asyncio
from itertools import pairwise
from types import SimpleNamespace

import pytest
from redis.asyncio import Redis

from crawler.core.config import Config
from crawler.core.models import Availability, Evidence, Offer, Page, Product
from crawler.core.shared import Shared, outdate
from crawler.core.store import open_store
from crawler.pipelines.store import StorePipeline, keep
from tests.crawler.core.store.making import design


def reading(price: int = 1000, n: int = 1, stock: Availability = Availability.in_stock) -> Product:
    offer = Offer(price=price, currency="INR", availability=stock)
    return Product(
        f"shop:{n}", "shop", str(n), f"http://shop.test/p/{n}", title="Sofa", offers=[offer], evidence=Evidence()
    )


@pytest.fixture
async def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'h.db'}")
    await store.open()
    yield store
    await store.close()


async def page(store, *readings: Product, at: float) -> Page:
    page = Page("shop", "http://shop.test/", "ok", products=list(readings), fetched_at=at)
    assert await keep(store, [page]) == 0
    return page


async def test_first_sight_is_written_once(store):
    first = await page(store, reading(), reading(n=2), at=1.0)
    assert [c.field for r in first.written for c in r.outbox] == ["new", "new"]
    assert (await page(store, reading(), reading(n=2), at=2.0)).written == []
    assert (await store.records(["shop:1"]))["shop:1"].last_seen == 2.0


async def test_a_change_is_written_with_its_outbox(store):
    await page(store, reading(1000), at=1.0)
    await page(store, reading(900), at=2.0)
    record = (await store.records(["shop:1"]))["shop:1"]
    assert [(c.field, c.old, c.new) for c in record.outbox] == [("new", None, "10.00"), ("price", "10.00", "9.00")]
    assert record.product.offer.price == 900


async def test_a_candidate_is_looked_at_again_although_the_reading_is_the_same(store):
    await page(store, reading(1000), at=1.0)
    assert (await page(store, reading(500), at=2.0)).candidates == ["shop:1"]
    again = await page(store, reading(500), at=3.0)
    assert again.candidates == []
    assert again.written[0].outbox[-1].confirmed == "repeat"


async def test_pages_kept_together_are_decided_one_by_one(store):
    pages = [Page("shop", "u", "ok", products=[reading(1000 - n)], fetched_at=1.0 + n) for n in range(5)]
    assert await keep(store, pages) == 0
    assert [len(p.written) for p in pages] == [1] * 5
    changes = [c for c in pages[-1].written[0].outbox if c.field == "price"]
    assert [(c.old, c.new) for c in changes] == [(f"{10 - n / 100:.2f}", f"{9.99 - n / 100:.2f}") for n in range(4)]


async def test_pages_in_parallel_lose_nothing(store):
    await page(store, reading(1000), at=1.0)
    pages = await asyncio.gather(*(page(store, reading(1000 - n), at=10.0) for n in range(1, 7)))
    record = (await store.records(["shop:1"]))["shop:1"]
    changes = [c for c in record.outbox if c.field == "price"]
    assert sum(len(p.written) for p in pages) == len(changes) == 6
    assert all(a.new == b.old for a, b in pairwise(changes))


async def test_an_older_reading_changes_nothing(store):
    await page(store, reading(1000), at=5.0)
    assert (await page(store, reading(900), at=4.0)).written == []


async def test_text_that_is_no_text_costs_its_product_and_not_the_page(store):
    odd = reading(n=2)
    odd.title = "Sofa \ud83d"
    kept = await page(store, reading(), odd, at=1.0)
    assert [r.product.id for r in kept.written] == ["shop:1"]
    assert (len(kept.products), kept.dropped) == (1, {"odd_text": 1})


@pytest.fixture
async def crawl(tmp_path, valkey, monkeypatch):
    """`await crawl(page)`: whether a crawl of this page outdated what shows designs."""

    async def crawl(page):
        crawler = SimpleNamespace(stats={})
        crawl = Shared(Config(redis_url=valkey, data_dir=tmp_path))
        monkeypatch.setattr("crawler.pipelines.store.shared", lambda _: crawl)
        pipeline = StorePipeline.from_crawler(crawler)
        await pipeline.open_spider()
        await pipeline.process_item(page)
        await pipeline.close_spider()
        assert crawl._opened == {}
        async with Redis.from_url(valkey) as redis:
            return bool(await redis.delete("homefeed:cache:mark:designs"))

    return crawl


async def test_a_crawl_that_wrote_designs_outdates_what_shows_them(crawl):
    assert await crawl(Page("wood", "http://wood.test/", "ok", designs=[design(1)]))
    assert await crawl(Page("wood", "http://wood.test/", "ok", regrouped=[design(2)]))
    assert not await crawl(Page("shop", "http://shop.test/", "ok", products=[reading()]))


async def test_without_redis_nothing_is_outdated_and_nothing_breaks(tmp_path):
    crawl = Shared(Config(redis_url="redis://127.0.0.1:1/0", data_dir=tmp_path))
    await crawl.enter()
    await outdate(crawl, ["designs"])
    await crawl.leave()
