"""Waiting ends with the crawl, with what it waits for, or when somebody says so; nothing goes on behind it."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import Settings

from crawler.middlewares import patience
from crawler.middlewares.patience import closing, left, patient


@pytest.fixture
def crawler(monkeypatch):
    monkeypatch.setattr(patience, "STEP_S", 0.01)
    slot = SimpleNamespace(closing=None)
    return SimpleNamespace(engine=SimpleNamespace(running=True, _slot=slot), settings=Settings())


@pytest.mark.parametrize("begin", [
    lambda engine: setattr(engine._slot, "closing", object()), lambda engine: setattr(engine, "running", False),
], ids=["closing", "stopped"])  # fmt: skip
async def test_it_ends_with_the_crawl(crawler, begin):
    work = asyncio.ensure_future(asyncio.Event().wait())
    waiting = asyncio.ensure_future(patient(crawler, work))
    await asyncio.sleep(0.05)
    assert not closing(crawler)
    assert not waiting.done()
    begin(crawler.engine)
    with pytest.raises(IgnoreRequest, match="the crawl ends"):
        await asyncio.wait_for(waiting, 5)
    assert work.cancelled()


async def test_it_ends_when_the_check_says_so_and_when_the_work_is_done(crawler):
    def check():
        raise LookupError

    with pytest.raises(LookupError):
        await asyncio.wait_for(patient(crawler, asyncio.Event().wait(), check), 5)
    assert await patient(crawler, asyncio.sleep(0.03, "done")) == "done"


async def test_whose_deadline_counts(crawler):
    now = asyncio.get_running_loop().time()
    assert left(crawler, Request("http://oak.test/")) == left(crawler) == float("inf")
    crawler.settings.set("DEADLINE", now + 60)
    assert 50 < left(crawler) <= 60
    assert 10 < left(crawler, Request("http://oak.test/", meta={"deadline": now + 20})) <= 20
