"""How often: never more than the limit over all processes, less where they can't agree."""

import asyncio
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from api.errors import Problem
from api.front.clients import Client
from api.front.limits import CLIENTS, FAMILY, RETRY_S, STRICTER, Limits
from crawler.core.optional_redis import OptionalRedis
from tests.api.front.conftest import problem

FOREVER_S = 10_000_000  # one window for the whole test
NOBODY = "redis://127.0.0.1:1/0"
WEB = Client("web", frozenset({"read"}), "web")


class Time:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
async def _nothing_counted(redis_url):
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()


def process(url, limit, clock=None, window_s=FOREVER_S):
    async def where():
        return url

    clock = clock or Time()
    redis = OptionalRedis(where, clock)
    return Limits(redis, "read", limit, clock, window_s), redis


async def ask(limits, client=WEB):
    """Is it let through?"""
    if limits.at_once(client):
        return True
    try:
        return bool(await limits.take(client))
    except Problem as refusal:
        return refusal.status != 429


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 60), order=st.lists(st.integers(0, 2), min_size=1, max_size=120), gaps=st.data())
async def test_law_processes_together_never_exceed_the_limit_and_one_alone_reaches_it(redis_url, limit, order, gaps):
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
    processes = [process(redis_url, limit) for _ in range(3)]
    passed = 0
    while order:
        n = gaps.draw(st.integers(1, len(order)))
        some, order = order[:n], order[n:]
        passed += sum(await asyncio.gather(*(ask(processes[who][0]) for who in some)))
        assert passed <= limit
    for limits, _ in processes:
        while await ask(limits):
            passed += 1
    assert passed == limit
    for _, redis in processes:
        await redis.close()


async def test_another_client_and_another_window_have_their_own(redis_url):
    clock = Time()
    limits, redis = process(redis_url, 2, clock, window_s=60)
    other = Client("other", frozenset(), "other")
    assert [await ask(limits) for _ in range(3)][-1] is False
    assert await ask(limits, other)
    clock.now += 61
    async with Redis.from_url(redis_url) as server:
        await server.flushall()  # as the server's own clock would by then
    assert await ask(limits)
    await redis.close()


@pytest.mark.parametrize("limit", [1, 7, 200])
async def test_law_in_no_second_more_than_the_limit_wherever_it_begins(redis_url, limit, monkeypatch):
    monkeypatch.setattr("api.front.limits.AGAIN_S", 0.05)
    processes = [process(redis_url, limit, time.monotonic, window_s=1) for _ in range(3)]
    passed, end = [], time.monotonic() + 2.6  # (before, after) it was let through

    async def client(limits, chance):
        while (before := time.monotonic()) < end:
            if await ask(limits):
                passed.append((before, time.monotonic()))
            await asyncio.sleep(chance.choice((0, 0, 0.001, 0.09)))

    await asyncio.gather(*(client(limits, random.Random(n)) for n, (limits, _) in enumerate(processes)))
    passed.sort()
    for (before, _), (_, after) in zip(passed, passed[limit:], strict=False):
        assert after - before >= 1.0
    assert len(passed) >= 1.5 * limit  # what one of them leased and did not use comes back late
    for _, redis in processes:
        await redis.close()


async def test_what_a_process_does_not_use_is_for_others(redis_url, monkeypatch):
    """It gives it back once it may not use it any more."""
    monkeypatch.setattr("api.front.limits.AGAIN_S", 0.0)
    clock = Time()
    (one, redis), (two, other) = process(redis_url, 40, clock), process(redis_url, 40, clock)
    async with Redis.from_url(redis_url) as server:
        assert await ask(one)
        assert await ask(two)
        clock.now += FOREVER_S  # for the processes; on the server it is the same step still
        assert await ask(one)
        assert await ask(two)
        assert [int(count) for count in await server.hvals("homefeed:rate:read:web")] == [2 + 4]  # made, and held
        one._leases["web"].tokens, one._leases["web"].step = 5, 12345  # forgotten there
        clock.now += FOREVER_S
        assert await ask(one)
        assert [int(count) for count in await server.hvals("homefeed:rate:read:web")] == [6 + 2]
    await redis.close()
    await other.close()


async def test_who_renames_itself_shares_what_its_key_may_do(redis_url):
    limits, redis = process(redis_url, 2)
    passed = sum([await ask(limits, WEB.called(f"n{n}")) for n in range(3 * FAMILY)])
    assert passed == 2 * FAMILY
    await redis.close()


async def test_without_redis_each_is_stricter_and_goes_on(redis_url):
    clock = Time()
    limits, redis = process(NOBODY, 960, clock, window_s=60)
    for _ in range(3):
        passed = 0
        while await ask(limits):
            passed += 1
        assert passed == 960 / 60 * RETRY_S / STRICTER
        clock.now += RETRY_S
    await redis.close()


async def test_leases_are_few(redis_url):
    limits, redis = process(redis_url, 6000)
    asked = 0
    run = redis.run

    async def counted(*args):
        nonlocal asked
        asked += 1
        return await run(*args)

    redis.run = counted
    assert sum([await ask(limits) for _ in range(6001)]) == 6000
    assert asked < 70
    await redis.close()


async def test_remembered_clients_are_bounded(redis_url, monkeypatch):
    monkeypatch.setattr("api.front.limits.CLIENTS", 5)
    limits, redis = process(redis_url, 100)
    for n in range(20):
        await ask(limits, Client(f"c{n}", frozenset(), f"c{n}"))
    assert len(limits._leases) == 5 < CLIENTS
    await redis.close()


async def test_headers_and_the_429(start):
    client = await start(rate_read=3, rate_write=2)
    left = []
    for _ in range(3):
        answer = await client.get("/v1/products")
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"read";q=3;w=60'
        name, r, t = answer.headers["ratelimit"].split(";")
        assert (name, r[:2], 0 < int(t[2:]) <= 66) == ('"read"', "r=", True)
        left.append(int(r[2:]))
    assert left == [2, 1, 0]
    refused = await client.get("/v1/products")
    assert problem(refused)[:2] == (429, "too-many-requests")
    assert 60 <= int(refused.headers["retry-after"]) <= 65
    assert refused.headers["ratelimit"].startswith('"read";r=0;t=')
    assert (await client.post("/v1/tickets")).status_code == 429  # hands out, but changes nothing: it reads
    assert (await client.post("/v1/searches")).headers["ratelimit-policy"] == '"write";q=2;w=60'
    assert (await client.get("/healthz")).status_code == 200
    assert "ratelimit" not in (await client.get("/healthz")).headers


@pytest.mark.parametrize("path", ["/v1/products", "/v1/nothing"])
async def test_two_processes_share_one_limit(start, path):
    one, two = await start(rate_read=10, api_keys="web:read:k"), await start(rate_read=10, api_keys="web:read:k")
    answers = [await client.get(path, headers={"Authorization": "Bearer k"}) for client in (one, two) * 10]
    assert sum(answer.status_code != 429 for answer in answers) <= 20  # a minute may end meanwhile
    assert sum(answer.status_code != 429 for answer in answers[:10]) <= 10
