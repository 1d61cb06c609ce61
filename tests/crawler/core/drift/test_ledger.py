"""What is known of a site goes from run to run; an alarm is told in the store, the log, the metrics and Redis."""

import asyncio
import gc
import logging

import msgspec
import pytest
from redis import Redis

from crawler.core import metrics
from crawler.core.changes import decide
from crawler.core.config import Config
from crawler.core.drift import alarms
from crawler.core.drift.ledger import Ledger, save
from crawler.core.drift.memory import KIND, Memory, key, site
from crawler.core.drift.standings import accept, held_sites, standings, usual_figures, worst
from crawler.core.models import Page
from crawler.core.shared import Shared
from tests.crawler.core.drift.sites import SEEN, grown, page, tiles

SITE = "oak.test"


@pytest.fixture
async def sharing(tmp_path, valkey):
    shared = Shared(Config(data_dir=tmp_path, redis_url=valkey))
    await shared.enter()
    yield shared
    await shared.leave()


async def crawl(sharing, *pages, at=100.0):
    ledger = Ledger(sharing)
    for one in pages:
        await ledger.look(one, at)
    await ledger.close()
    return ledger


async def learned(sharing):
    await save(await sharing.store(), grown())


def redesigned(count=4):
    return [page(sku, 900 + sku, fields=SEEN, confidence=0.8) for sku in range(count)]


async def test_what_one_run_learned_the_next_judges_by(sharing):
    await crawl(sharing, *(page(sku, 1000 + sku) for sku in range(20)))
    ledger = await crawl(sharing, *redesigned())
    assert (ledger.state, ledger.report.withheld) == ("held", 4)


async def test_the_price_that_is_published_is_never_wild(sharing):
    """Another good's page was read here a while and not believed; now the true one is back."""
    store = await sharing.store()
    await store.write([decide(None, page(1, 1001).products[0], 1.0)])
    await crawl(sharing, page(1, 1001), *(page(1, 9000) for _ in range(3)))
    ledger = await crawl(sharing, page(1, 1001, confidence=0.8), page(1, 950, confidence=0.8))
    assert ledger.report.withheld == 0
    ledger = await crawl(sharing, page(1, 83, confidence=0.8))
    assert ledger.report.withheld == 1


async def test_an_alarm_is_told_everywhere(sharing, valkey, caplog):
    await learned(sharing)
    caplog.set_level(logging.INFO)
    with Redis.from_url(valkey) as redis, redis.pubsub() as listener:
        listener.subscribe(alarms.CHANNEL)
        listener.get_message(timeout=2)
        await crawl(sharing, *redesigned())
        assert b'"suspect"' in listener.get_message(timeout=2)["data"]
    told = await alarms.alarms(valkey)
    assert [(a.source, a.site, a.was, a.state) for a in told] == [
        ("oak", SITE, "suspect", "held"), ("oak", SITE, "healthy", "suspect"),
    ]  # fmt: skip
    levels = [record.levelno for record in caplog.records if "oak (oak.test) is" in record.message]
    assert levels == [logging.WARNING, logging.ERROR]
    assert metrics.REGISTRY.get_sample_value("homefeed_drift_state", {"source": "oak", "site": SITE}) == 2


async def test_without_redis_the_store_still_knows(tmp_path, caplog):
    shared = Shared(Config(data_dir=tmp_path, redis_url="redis://127.0.0.1:1"))
    await shared.enter()
    await learned(shared)
    await crawl(shared, *redesigned())
    assert await held_sites(await shared.store()) == {SITE}
    assert "told here only" in caplog.text
    await shared.leave()


async def test_the_standing_is_there_while_it_lasts_and_says_what_was_usual(sharing):
    await learned(sharing)
    await crawl(sharing, *redesigned(), at=200.0)
    store = await sharing.store()
    (standing,) = await standings(store, "oak")
    assert (standing.state, standing.at, worst([standing])) == ("held", 200.0, "held")
    assert await standings(store, "oa") == []
    figures = await usual_figures(store, standing)
    assert (figures["page"]["price"], figures["list"]["per_page"], figures["page"]["agreed"]) == (1.0, 40, 1.0)
    for _ in range(2):
        await crawl(sharing, *(page(sku, 1000 + sku) for sku in range(4)))
    assert (await standings(store), await held_sites(store), worst([])) == ([], frozenset(), "healthy")


async def test_the_operator_accepts_a_source(sharing):
    await learned(sharing)
    await crawl(sharing, *redesigned())
    store = await sharing.store()
    assert await accept(store, "elm") == []
    assert await accept(store, "oak") == [SITE]
    ledger = await crawl(sharing, *redesigned())
    assert (ledger.state, ledger.report.withheld, await standings(store)) == ("healthy", 0, [])


async def test_a_run_that_ends_after_the_operator_accepted_does_not_hold_again(sharing):
    await learned(sharing)
    running = Ledger(sharing)
    for one in redesigned():
        await running.look(one, 100.0)
    await accept(await sharing.store(), "oak")
    await running.close()
    assert await standings(await sharing.store()) == []


async def test_of_two_runs_at_once_the_worse_word_stands(sharing):
    await learned(sharing)
    first, second = Ledger(sharing), Ledger(sharing)
    await second.look(page(1, 1001), 100.0)
    for one in redesigned():
        await first.look(one, 100.0)
    await first.close()
    await second.close()
    assert await held_sites(await sharing.store()) == {SITE}


async def test_sites_of_one_source_are_judged_apart(sharing):
    await learned(sharing)
    elsewhere = Page("oak", "https://elm.test/p/1", "ok", products=redesigned(1)[0].products)
    elsewhere.products[0].url = "https://elm.test/p/1"
    ledger = await crawl(sharing, *redesigned(), elsewhere)
    assert list(ledger._watches) == [SITE, "elm.test"]
    assert await held_sites(await sharing.store()) == {SITE}


async def test_a_run_measures_what_it_withheld_too(sharing):
    await learned(sharing)
    ledger = await crawl(sharing, tiles(price=lambda _: None), page(1, 1500))
    shapes = ledger.report.shapes()
    assert (shapes["list"]["per_page"], shapes["list"]["priced"], shapes["page"]["jumped"]) == (40, 0.0, 1.0)
    assert ledger.report.coverage()["price"] == round(1 / 41, 4)
    assert ledger.report.prices() == {"INR": [1500, 1500, 1500]}
    assert (await (await sharing.store()).get(KIND, key("oak", SITE)))["source"] == "oak"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.ikea.com/in/en/p/x-1/", "ikea.com/in/en"), ("https://shop.test/p/1", "shop.test"),
        ("https://www.amazon.de/dp/B01", "amazon.de"), ("http://u:p@127.0.0.1:8000/p/1", "127.0.0.1:8000"),
    ],
)  # fmt: skip
def test_a_site_is_a_host_and_a_country(url, name):
    assert site(url) == name


async def test_an_api_that_falls_silent_is_known_by_the_goods_it_told_of(sharing):
    api = [page(sku, 1000 + sku) for sku in range(12)]
    silent = [page(sku, verdict="empty") for sku in range(3)]
    for sku, one in enumerate([*api, *silent]):
        one.url = f"https://api.oak.test/v1?sku={sku % 12}"
    silent[1].verdict = "ok"  # read as a page of another kind
    await crawl(sharing, *api)
    ledger = await crawl(sharing, *silent)
    assert (list(ledger._watches), ledger.state) == ([SITE], "held")


def test_a_memory_survives_the_store():
    memory = grown()
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(memory)), Memory) == memory
    assert len(msgspec.json.encode(memory)) < 60_000


async def test_a_store_that_is_away_and_was_not_needed_is_no_fault_of_the_run(tmp_path):
    faults = []
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    (tmp_path / "homefeed.db").mkdir()
    ledger = Ledger(Shared(Config(data_dir=tmp_path)))
    ledger.expect("oak", "https://oak.test")
    async with asyncio.timeout(5):
        while not all(task.done() for task in ledger._expected.values()):
            await asyncio.sleep(0.01)
    await ledger.close()
    del ledger
    gc.collect()
    assert faults == []
