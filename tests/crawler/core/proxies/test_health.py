"""One health, whether kept in Redis or alone; shared by processes."""

import asyncio
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from crawler.core.errors import BusAway
from crawler.core.optional_redis import OptionalRedis
from crawler.core.proxies import health as rules
from crawler.core.proxies.alone import MOST, Alone
from crawler.core.proxies.health import FIRST, LONGEST, Health, Rest

A, B, C = "a.test:1", "b.test:2", "c.test:3"
OAK, ELM, FIR = "oak.test", "elm.test", "fir.test"


def no_jitter():
    return 1.0


@pytest.fixture(params=["alone", "redis"])
async def health(request, valkey):
    if request.param == "alone":
        yield Health(None, share=no_jitter)
        return
    redis = OptionalRedis(lambda: answer(valkey))
    yield Health(redis, share=no_jitter)
    await redis.close()


async def answer(url):
    return url


async def test_the_operator_is_told_who_rests_and_where_it_failed(health):
    await health.failed(OAK, A)
    await health.failed(OAK, B, everywhere=True)
    if health._redis is None:
        assert await health.rests([A, B]) == {}
        return
    assert await health.rests([A, B, C]) == {A: Rest(0.0, 1), B: Rest(pytest.approx(FIRST, abs=3), 1), C: Rest(0.0, 0)}
    await health.worked(OAK, B)
    assert await health.rests([B]) == {B: Rest(0.0, 0)}
    assert await health.rests([]) == {}


async def picked(health, count, *names, site=OAK):
    return [await health.pick(site, names) for _ in range(count)]


async def test_in_turn(health):
    assert await picked(health, 7, A, B, C) == [A, B, C, A, B, C, A]


async def test_turns_are_per_site(health):
    assert await picked(health, 2, A, B) == [A, B]
    assert await picked(health, 2, A, B, site=ELM) == [A, B]


async def test_one_that_failed_rests_at_that_site_only(health):
    assert await health.failed(OAK, A) == FIRST
    assert await picked(health, 3, A, B) == [B, B, B]
    assert await picked(health, 2, A, B, site=ELM) == [A, B]


async def test_all_rest(health):
    await health.failed(OAK, A)
    assert await health.pick(OAK, [A]) is None
    assert await health.pick(OAK, []) is None


async def test_success_heals(health):
    await health.failed(OAK, A)
    await health.failed(OAK, B, everywhere=True)
    await health.worked(OAK, A)
    await health.worked(ELM, B)
    assert set(await picked(health, 2, A, B)) == {A, B}
    assert await health.failed(OAK, A) == FIRST


async def test_one_that_can_not_be_used_rests_everywhere(health):
    await health.failed(OAK, A, everywhere=True)
    assert await health.pick(ELM, [A]) is None


async def test_the_third_site_in_a_row_rests_it_everywhere(health):
    await health.failed(OAK, A)
    await health.failed(ELM, A)
    assert await health.pick(FIR, [A]) == A
    await health.failed(FIR, A)
    assert await health.pick("ash.test", [A]) is None


async def test_a_success_between_breaks_the_row(health):
    await health.failed(OAK, A)
    await health.failed(ELM, A)
    await health.worked(ELM, A)
    await health.failed(FIR, A)
    assert await health.pick("ash.test", [A]) == A


async def test_what_was_under_way_does_not_lengthen_a_rest(health):
    await health.failed(OAK, A)
    again = [await health.failed(OAK, A) for _ in range(5)]
    assert all(FIRST - 1 < seconds <= FIRST for seconds in again)


async def test_each_rest_is_twice_as_long_up_to_the_longest(health, monkeypatch):
    monkeypatch.setattr(rules, "FIRST", 0.001)
    monkeypatch.setattr(rules, "LONGEST", 0.008)
    found = []
    for _ in range(6):
        found.append(await health.failed(OAK, A))
        await asyncio.sleep(0.01)
    assert found == pytest.approx([0.001, 0.002, 0.004, 0.008, 0.008, 0.008])


async def test_rested_it_is_picked_again(health, monkeypatch):
    monkeypatch.setattr(rules, "FIRST", 0.02)
    await health.failed(OAK, A)
    assert await health.pick(OAK, [A]) is None
    await asyncio.sleep(0.03)
    assert await health.pick(OAK, [A]) == A


async def test_one_that_keeps_an_answer_waiting_is_asked_last(health, monkeypatch):
    monkeypatch.setattr(rules, "SILENT", 0.2)
    assert await picked(health, 2, A, B) == [A, B]
    await asyncio.sleep(0.25)
    await health.worked(OAK, B)
    assert await picked(health, 2, A, B) == [B, B]
    assert await health.pick(OAK, [A]) == A
    await health.worked(OAK, A)
    assert await picked(health, 1, A, B) == [B]
    assert await picked(health, 1, A, B) == [A]
    monkeypatch.setattr(rules, "DROPPED", 0.3)
    await asyncio.sleep(0.35)  # nobody waits for these answers any more
    assert set(await picked(health, 2, A, B)) == {A, B}


@given(st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from(["failed", "worked", "dead"]))))
async def test_law_a_proxy_is_picked_unless_it_failed_last(events):
    """As long as no time passes and there is one site: fewer than three, so that only `dead` rests everywhere."""
    health, last = Health(None, Alone(lambda: 1000.0), no_jitter), {}
    for name, event in events:
        if event == "worked":
            await health.worked(OAK, name)
        else:
            await health.failed(OAK, name, everywhere=event == "dead")
        last[name] = event
    awake = {name for name in (A, B, C) if last.get(name, "worked") == "worked"}
    assert set(await picked(health, 6, A, B, C)) == (awake or {None})


@given(st.integers(0, 200), st.floats(0.75, 1.25))
async def test_law_a_rest_is_never_longer_than_the_longest(failures, share):
    now = [0.0]
    health, rest = Health(None, Alone(lambda: now[0]), lambda: share), 0.0
    for _ in range(failures):
        now[0] += rest
        rest = await health.failed(OAK, A)
    assert rest <= LONGEST * share + 1e-6


async def test_without_redis_it_goes_by_what_it_saw_itself():
    async def away():
        raise BusAway("not here")

    health = Health(OptionalRedis(away))
    await health.failed(OAK, A)
    assert await picked(health, 2, A, B) == [B, B]
    await health.worked(OAK, A)
    assert A in await picked(health, 2, A, B)


OTHER = """
import asyncio, sys
from crawler.core.optional_redis import OptionalRedis
from crawler.core.proxies.health import Health
async def url(): return sys.argv[1]
async def main():
    redis = OptionalRedis(url)
    await Health(redis).failed("oak.test", "a.test:1")
    await redis.close()
asyncio.run(main())
"""


async def test_what_one_process_learns_another_knows(valkey):
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", OTHER, valkey], check=True, timeout=30)
    redis = OptionalRedis(lambda: answer(valkey))
    health = Health(redis)
    assert await picked(health, 3, A, B) == [B, B, B]
    await health.worked(OAK, A)
    await redis.close()


async def test_what_is_known_is_forgotten_in_time(valkey):
    redis = OptionalRedis(lambda: answer(valkey))
    health = Health(redis)
    await health.pick(OAK, [A])
    await health.failed(OAK, A)
    await health.failed(OAK, B, everywhere=True)
    async with Redis.from_url(valkey) as asked:
        assert all([0 < await asked.pttl(key) <= 2 * LONGEST * 1000 for key in await asked.keys("*")])
    await redis.close()


def test_what_a_process_knows_alone_is_bounded_also_where_all_is_well():
    alone = Alone()
    for n in range(MOST):
        assert alone.pick(f"{n}.test", [A, B], (3.0, 60.0))
    assert len(alone._entries) < MOST + 10
