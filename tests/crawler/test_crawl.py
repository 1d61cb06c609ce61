"""`scrapy crawl` as any Scrapy user knows it: feeds, stats, exit codes, settings by -s; what it leaves in the store."""

import asyncio
import json

import pytest

from crawler.core.store import ProductQuery, open_store
from crawler.demo import world
from tests.demo_world import control, environ, scrapy

pytestmark = pytest.mark.slow


def stored(data_dir):
    async def find():
        store = open_store(f"sqlite:///{data_dir / 'homefeed.db'}")
        await store.open()
        found, _ = await store.find_products(ProductQuery(limit=500))
        runs = await store.runs()
        await store.close()
        return {r.product.id: r for r in found}, runs

    return asyncio.run(find())


def test_feed_store_and_exit_code(demo, tmp_path):
    out = tmp_path / "out.jsonl"
    done = scrapy("crawl", "cedar", "-a", "query=sofa", "-a", "pages=2", "-O", str(out), env=environ(demo, tmp_path))
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    goods = world.search("cedar", "sofa")
    assert {r["sku"]: r["price"] for r in rows} == {g.sku: f"{world.price(g, 0)}.00" for g in goods}
    assert f"'item_scraped_count': {len(goods)}" in done.stderr
    records, runs = stored(tmp_path)
    assert records.keys() == {f"cedar:{g.sku}" for g in goods}
    assert not any(r.outbox for r in records.values())
    assert (runs[0].source, runs[0].status, runs[0].items) == ("cedar", "ok", len(goods))


def test_item_limit_counts_single_items(demo, tmp_path):
    env = environ(demo, tmp_path)
    done = scrapy("crawl", "alder", "-a", "query=sofa", "-a", "pages=9", "-s", "CLOSESPIDER_ITEMCOUNT=5", env=env)
    assert "closespider_itemcount" in done.stderr


@pytest.mark.parametrize(("args", "says"), [(["-a", "pages=0", "-a", "query=x"], "pages:"), ([], "query:")])
def test_bad_arguments_name_the_field(demo, tmp_path, args, says):
    done = scrapy("crawl", "alder", *args, env=environ(demo, tmp_path))
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize("fault", ["block", "captcha", "truncated", "503"])
def test_a_bad_page_changes_nothing(demo, tmp_path, fault):
    env = environ(demo, tmp_path)
    scrapy("crawl", "alder", "-a", "query=sofa", env=env)
    before, _ = stored(tmp_path)
    control(demo["alder"], fault=fault, times=9, tick=3)
    scrapy("crawl", "alder", "-a", "query=sofa", "-s", "RETRY_TIMES=0", env=env)
    after, runs = stored(tmp_path)
    control(demo["alder"], tick=0)
    assert {i: r.product.offers for i, r in after.items()} == {i: r.product.offers for i, r in before.items()}
    assert runs[0].items == 0


@pytest.mark.parametrize("shop", ["alder", pytest.param("birch", marks=pytest.mark.long)])
def test_a_jump_is_fetched_again_and_told_in_the_same_crawl(demo, tmp_path, shop):
    """By readers that agree and by one alone; only lists are crawled, and there is no proxy."""
    env = environ(demo, tmp_path)
    scrapy("crawl", shop, "-a", "query=sofa", "-a", "pages=3", env=env)
    tick = next(t for t in range(1, 60) if any(_jump(g, t) for g in world.search(shop, "sofa")))
    control(demo[shop], tick=tick)
    done = scrapy("crawl", shop, "-a", "query=sofa", "-a", "pages=3", env=env)
    records, _ = stored(tmp_path)
    for good in world.search(shop, "sofa"):
        offer = records[f"{shop}:{good.sku}"].product.offer
        assert (offer.price, offer.availability == "in_stock") == (
            world.price(good, tick) * 100,
            world.in_stock(good, tick),
        )
    assert "'homefeed/confirm'" in done.stderr


def _jump(good, tick):
    old, new = world.price(good, 0), world.price(good, tick)
    return abs(new - old) > 0.3 * old
