"""The store stage: what is unchanged costs a touch, what moved is written once, races are decided by the store."""

import asyncio
from itertools import pairwise
from types import SimpleNamespace

import pytest
from redis.asyncio import Redis

from crawler.core.config import Config
from crawler.core.models import Availability, Evidence, Offer, Page, Product
from crawler.core.shared import Shared, outdate
from crawler.pipelines.store import StorePipeline, keep
from tests.crawler.core.store.making import design


def reading(price: int | None = 1000, n: int = 1, stock: Availability = Availability.in_stock) -> Product:
    offer = Offer(price=price, currency="INR", availability=stock)
    return Product(
        f"shop:{n}", "shop", str(n), f"http://shop.test/p/{n}", title="Sofa", offers=[offer], evidence=Evidence()
    )


def shop():
    return type("Shop", (), {"base_url": "http://shop.test"})()


async def page(store, *readings: Product, at: float, way: str = "") -> Page:
    page = Page("shop", "http://shop.test/", "ok", products=list(readings), fetched_at=at, way=way)
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


async def test_a_candidate_is_settled_by_another_way_and_asked_for_until_then(store):
    await page(store, reading(1000), at=1.0, way="direct")
    for at in (2.0, 3.0):
        assert (await page(store, reading(500), at=at, way="direct")).candidates == ["shop:1"]
    again = await page(store, reading(500), at=4.0, way="direct#confirm")
    assert (again.candidates, [c.new for c in again.written[0].outbox]) == ([], ["10.00", "5.00"])


async def test_what_flaps_asks_for_no_second_look(store):
    for n in range(4):
        await page(store, reading(1000 + n % 2 * 100), at=1.0 + n)
    held = await page(store, reading(1000), at=9.0)
    assert (await store.records(["shop:1"]))["shop:1"].product.offer.price == 1100
    assert [c.reason for c in (await store.records(["shop:1"]))["shop:1"].candidates.values()] == ["flapping"]
    assert held.candidates == []


async def test_what_is_learned_on_a_known_product_has_its_point_in_history(store):
    await page(store, reading(None, stock=Availability.unknown), at=1.0)
    await page(store, reading(1000), at=2.0)
    assert [(p.price, p.at) for p in await store.price_points("shop:1")] == [(1000, 2.0)]


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
        crawler = SimpleNamespace(stats={}, spider=shop())
        crawl = Shared(Config(redis_url=valkey, data_dir=tmp_path))
        monkeypatch.setattr("crawler.pipelines.store.shared", lambda _: crawl)
        pipeline = StorePipeline.from_crawler(crawler)
        await pipeline.open_spider()
        await pipeline.process_item(page)
        await pipeline.close_spider()
        assert crawl._all.opened == {}
        async with Redis.from_url(valkey) as redis:
            return bool(await redis.delete("homefeed:cache:mark:designs"))

    return crawl


@pytest.fixture
async def stage(tmp_path, monkeypatch):
    """`await stage(page)`: the page after the store stage of a crawl of a shop moved to 127.0.0.1; `stage.over()` ends
    the crawl and begins the next one."""
    crawl = Shared(Config(redis_url="redis://127.0.0.1:1/0", data_dir=tmp_path))
    monkeypatch.setattr("crawler.pipelines.store.shared", lambda _: crawl)
    spider = shop()
    spider.base_url = "http://127.0.0.1:8000"
    pipeline = StorePipeline.from_crawler(SimpleNamespace(stats={}, spider=spider))
    await crawl.enter()
    await pipeline.open_spider()

    async def over():
        await pipeline.close_spider()
        await pipeline.open_spider()

    async def stage(page):
        return await pipeline.process_item(page)

    stage.over, stage.store = over, await crawl.store()
    yield stage
    await pipeline.close_spider()
    await crawl.leave()


DAY = 24 * 3600.0
OTHERS = ("blocked", "captcha", "consent", "moved", "empty", "partial", "drifted", "error")


def gone(at, way="direct", verdict="not_found"):
    return Page("shop", "http://127.0.0.1:8000/p/1", verdict, fetched_at=at, way=way, complete=False)


async def misses(stage, verdict):
    """The changes of three days on which the page of good 1 had this verdict twice; good 2 was read each day."""
    await stage(Page("shop", "http://shop.test/", "ok", products=[reading(), reading(n=2)], fetched_at=1.0))
    found = []
    for day in (1, 2, 3):
        other = Page("shop", "u", "ok", products=[reading(n=2)], fetched_at=day * DAY)
        pages = [other, gone(day * DAY, verdict=verdict), gone(day * DAY + 5, "direct#confirm", verdict)]
        found += [r for page in pages for r in (await stage(page)).written]
        await stage.over()
    return [(c.product_id, c.old, c.new) for r in found for c in r.outbox if c.field == "availability"]


async def test_a_page_not_found_for_days_makes_its_product_discontinued(stage):
    assert await misses(stage, "not_found") == [("shop:1", "in_stock", "discontinued")]


@pytest.mark.parametrize("verdict", OTHERS)
async def test_no_other_verdict_delists_anything(stage, verdict):
    assert await misses(stage, verdict) == []
    assert (await stage.store.records(["shop:1"]))["shop:1"].absent is None


async def test_a_listing_that_leaves_a_product_out_says_nothing_of_it(stage):
    await stage(Page("shop", "http://shop.test/", "ok", products=[reading(), reading(n=2)], fetched_at=1.0))
    before = (await stage.store.records(["shop:1"]))["shop:1"]
    for day in range(1, 9):
        await stage(
            Page("shop", "http://shop.test/", "ok", products=[reading(n=2)], fetched_at=day * DAY, complete=day % 2)
        )
        await stage(Page("shop", "http://shop.test/", "not_found", fetched_at=day * DAY + 5))
        await stage.over()
    assert (await stage.store.records(["shop:1"]))["shop:1"] == before


async def test_a_variant_s_address_is_that_of_its_product(stage):
    await stage(Page("shop", "u", "ok", products=[reading()], fetched_at=1.0))
    missing = Page("shop", "http://127.0.0.1:8000/p/1?size=9", "not_found", fetched_at=DAY, way="direct")
    assert [r.product.id for r in (await stage(missing)).written] == ["shop:1"]
    assert missing.candidates == ["shop:1"]


async def test_a_crawl_of_one_page_counts_its_misses_at_its_end(stage):
    await stage(Page("shop", "u", "ok", products=[reading()], fetched_at=1.0))
    await stage.over()
    assert (await stage(gone(DAY))).written == []
    assert (await stage.store.records(["shop:1"]))["shop:1"].absent is None
    await stage.over()
    assert (await stage.store.records(["shop:1"]))["shop:1"].absent.ways == ["direct"]


async def test_a_crawl_that_wrote_designs_outdates_what_shows_them(crawl):
    assert await crawl(Page("wood", "http://wood.test/", "ok", designs=[design(1)]))
    assert await crawl(Page("wood", "http://wood.test/", "ok", regrouped=[design(2)]))
    assert not await crawl(Page("shop", "http://shop.test/", "ok", products=[reading()]))


async def test_without_redis_nothing_is_outdated_and_nothing_breaks(tmp_path):
    crawl = Shared(Config(redis_url="redis://127.0.0.1:1/0", data_dir=tmp_path))
    await crawl.enter()
    await outdate(crawl, ["designs"])
    await crawl.leave()
