"""Which way works at a site: known to all workers, for an hour."""

import asyncio

import pytest
from redis.asyncio import Redis

from crawler.core.errors import BusAway
from crawler.core.optional_redis import OptionalRedis
from crawler.core.ways import remembered as module
from crawler.core.ways.remembered import KEEP_S, Remembered


@pytest.fixture
async def two(valkey):
    """Two workers."""

    async def url():
        return valkey

    redis = OptionalRedis(url), OptionalRedis(url)
    yield tuple(map(Remembered, redis))
    for one in redis:
        await one.close()


async def test_what_one_learns_the_other_knows(two):
    here, there = two
    assert await there.get("oak.test") is None
    await here.keep("oak.test", "browser")
    assert await there.get("oak.test") == "browser"
    await there.forget("oak.test")
    assert await here.get("oak.test") is None


async def test_it_ends_by_itself(two, valkey, monkeypatch):
    here, there = two
    await here.keep("elm.test", "proxy")
    async with Redis.from_url(valkey) as redis:
        assert 0 < await redis.pttl("homefeed:way:elm.test") <= KEEP_S * 1000
    monkeypatch.setattr(module, "KEEP_S", 0.01)
    await here.keep("oak.test", "proxy")
    await asyncio.sleep(0.03)
    assert await there.get("oak.test") is None


async def test_what_is_no_way_is_not_believed(two, valkey):
    async with Redis.from_url(valkey) as redis:
        await redis.set("homefeed:way:oak.test", "on foot")
    assert await two[0].get("oak.test") is None


@pytest.mark.parametrize("there", [True, False])
async def test_alone_it_remembers_by_itself(there):
    async def away():
        raise BusAway("not here")

    now = [0.0]
    one = Remembered(OptionalRedis(away) if there else None, lambda: now[0])
    await one.keep("oak.test", "proxy")
    assert await one.get("oak.test") == "proxy"
    now[0] = KEEP_S
    assert await one.get("oak.test") is None
    await one.keep("oak.test", "proxy")
    await one.forget("oak.test")
    assert await one.get("oak.test") is None
