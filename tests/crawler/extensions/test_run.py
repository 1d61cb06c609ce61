"""A run is kept when a source was crawled, and only then: its health is judged by it."""

import sqlite3

import pytest

from crawler.core import metrics
from crawler.core import shared as shared_module
from crawler.core.config import Config
from crawler.core.models import Page
from crawler.core.shared import Shared
from crawler.core.store import open_store, sqlite_db
from crawler.extensions.run import RunExtension, cause


class Crawler:
    class stats:
        @staticmethod
        def inc_value(key, count=1):
            pass


class Spider:
    name = "oak"
    query = "stool"


async def runs(settings):
    store = open_store(settings.store)
    await store.open()
    found = await store.runs()
    await store.close()
    return [(r.status, r.reason) for r in found]


@pytest.fixture
def settings(tmp_path):
    return Config(data_dir=tmp_path)


@pytest.fixture
def extension(monkeypatch, settings):
    crawler = Crawler()
    monkeypatch.setitem(shared_module._by_owner, crawler, Shared(settings))
    return RunExtension(crawler)


@pytest.mark.parametrize(
    ("pages", "faults", "reason", "kept"),
    [
        (1, 0, "finished", [("ok", "finished")]),
        (0, 1, "finished", [("error", "finished")]),
        (0, 0, "robots", [("robots", "robots")]),
        (0, 0, "finished", []),
    ],
)
async def test_a_crawl_is_kept_when_a_page_was_asked_for(extension, settings, pages, faults, reason, kept):
    await extension.opened(Spider())
    for _ in range(pages):
        extension.scraped(Page("oak", "https://oak.test/", "ok"))
    for _ in range(faults):
        extension.failed()
    await extension.closed(Spider(), reason)
    assert await runs(settings) == kept


async def test_a_crawl_survives_a_store_that_can_not_keep_its_run(extension, settings, monkeypatch, caplog):
    monkeypatch.setattr(sqlite_db, "BUSY", 0.05)
    await extension.opened(Spider())
    extension.pages = 1
    with sqlite3.connect(settings.data_dir / "homefeed.db", isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        await extension.closed(Spider(), "finished")
        holder.execute("ROLLBACK")
    assert "the run of oak is not kept" in caplog.text
    assert await runs(settings) == []


async def test_a_crawl_that_never_opened_is_none(extension, settings):
    await extension.closed(Spider(), "shutdown")
    assert await runs(settings) == []


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("status 404", "status_404"),
        ("title 'Oops'", "title"),
        ("Cloudflare (status 403)", "Cloudflare"),
        ("cut short: 7 of 2000 bytes", "cut_short"),
        ("rate limit; retry after 30 s", "rate_limit"),
        ("", "unknown"),
    ],
)
def test_equal_reasons_add_up(reason, said):
    assert cause(reason) == said


def test_a_page_reaches_the_metrics():
    def judged():
        return metrics.REGISTRY.get_sample_value("homefeed_pages_total", {"source": "rowan", "verdict": "captcha"}) or 0

    before = judged()
    RunExtension(Crawler()).scraped(Page("rowan", "https://rowan.test/", "captcha", "a challenge"))
    assert judged() == before + 1
