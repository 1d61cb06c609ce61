"""The pace of a site: never faster than asked, by all workers together, and slower when they can't agree."""

import asyncio
import itertools
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from crawler.core.limits import RETRY_S, STRICTER, Pace

NOBODY = "redis://127.0.0.1:1/0"


class Time:
    """A clock that only sleeping moves; sleepers wake in order."""

    def __init__(self):
        self.now = 1000.0
        self.sleepers = []

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        woken = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, len(self.sleepers), woken))
        await woken

    async def run(self, *tasks):
        tasks = [asyncio.ensure_future(task) for task in tasks]
        while not all(task.done() for task in tasks):
            await self.settle()
            if self.sleepers:
                self.sleepers.sort()
                self.now, _, woken = self.sleepers.pop(0)
                woken.set_result(None)
        return [task.result() for task in tasks]

    async def settle(self):
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture
def clock():
    return Time()


async def ask(pace, slots, clock, delay=1.0, site="oak.test"):
    waited = await pace.wait(site, delay)
    slots.append(clock())
    return waited


def gaps(slots):
    slots = sorted(slots)
    return [b - a for a, b in itertools.pairwise(slots)]


async def test_alone_the_first_goes_at_once_and_the_rest_in_line(clock):
    pace, slots = Pace(None, clock, clock.sleep), []
    waited = await clock.run(*(ask(pace, slots, clock, 2.0) for _ in range(4)))
    assert slots == [1000.0, 1000 + 2 * STRICTER, 1000 + 4 * STRICTER, 1000 + 6 * STRICTER]
    assert waited == [slot - 1000 for slot in slots]


async def test_sites_do_not_wait_for_each_other(clock):
    pace, slots = Pace(None, clock, clock.sleep), []
    await clock.run(ask(pace, slots, clock, site="oak.test"), ask(pace, slots, clock, site="elm.test"))
    assert slots == [1000.0, 1000.0]


@settings(deadline=None)
@given(delays=st.lists(st.floats(0, 30), min_size=2, max_size=12))
async def test_law_after_each_slot_its_own_delay_is_kept(delays):
    clock = Time()
    pace, slots = Pace(None, clock, clock.sleep), []
    await clock.run(*(ask(pace, slots, clock, delay) for delay in delays))
    assert all(gap >= delay * STRICTER - 1e-6 for gap, delay in zip(gaps(slots), delays[:-1], strict=True))


async def test_a_hold_delays_all_even_those_already_in_line_and_keeps_the_pace_after_it(clock):
    pace, slots = Pace(None, clock, clock.sleep), []

    async def refuse():
        await clock.sleep(0.5)
        await pace.hold("oak.test", 60)

    await clock.run(refuse(), *(ask(pace, slots, clock) for _ in range(5)))
    assert slots[0] == 1000.0
    assert min(slots[1:]) >= 1060.5
    assert min(gaps(slots)) >= 1.0


async def test_a_shorter_hold_does_not_shorten_a_longer_one(clock):
    pace, slots = Pace(None, clock, clock.sleep), []
    await pace.hold("oak.test", 60)
    await pace.hold("oak.test", 1)
    await clock.run(ask(pace, slots, clock))
    assert slots == [1060.0]


async def test_without_redis_the_pace_is_stricter(clock):
    pace, slots = Pace(NOBODY, clock, clock.sleep), []
    for _ in range(4):
        task = asyncio.ensure_future(ask(pace, slots, clock))
        await asyncio.sleep(0.05)
        await clock.run(task)
    assert gaps(slots) == pytest.approx([STRICTER] * 3)
    await pace.close()


async def test_a_redis_that_is_away_is_not_asked_each_time(clock, monkeypatch):
    pace, asked = Pace(NOBODY, clock, clock.sleep), []
    monkeypatch.setattr(pace, "_redis", Refusing(asked))
    for now in (0.0, 1.0, RETRY_S - 0.1, RETRY_S + 0.1):
        clock.now = 1000.0 + now
        await pace.hold("oak.test", 1)
    assert len(asked) == 2


class Refusing:
    def __init__(self, asked):
        self.asked = asked

    def register_script(self, script):
        async def call(keys, args):
            self.asked.append(keys)
            raise ConnectionError

        return call


# on a real Valkey, in its own time


@pytest.fixture
async def paces(valkey):
    """Three workers, each with its own connection."""
    paces = [Pace(valkey) for _ in range(3)]
    yield paces
    for pace in paces:
        await pace.close()


async def test_three_workers_share_one_pace(paces):
    slots = []
    started = time.monotonic()
    waited = await asyncio.gather(*(ask(paces[n % 3], slots, time.monotonic, 0.03) for n in range(18)))
    assert time.monotonic() - started >= 17 * 0.03
    assert max(waited) == pytest.approx(17 * 0.03, abs=0.1)
    assert sum(gap < 0.015 for gap in gaps(slots)) <= 2  # late wake-ups on a busy machine


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(workers=st.lists(st.integers(0, 2), min_size=2, max_size=12), delay=st.floats(0.5, 900))
async def test_law_slots_given_to_any_workers_never_exceed_the_pace(valkey, workers, delay):
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    paces = [Pace(valkey) for _ in range(3)]
    slots = []
    for worker in workers:
        asked = time.monotonic()
        slots.append((asked, await paces[worker]._reserve("oak.test", delay), time.monotonic()))
    for pace in paces:
        await pace.close()
    for (_, before, late), (early, after, _) in itertools.pairwise(slots):
        assert (early + after) - (late + before) >= delay - 2 * (time.monotonic() - slots[0][0])
    assert slots[0][1] == 0


async def test_one_workers_hold_delays_the_others_that_already_wait(paces):
    slots, started = [], time.monotonic()
    await paces[0].wait("oak.test", 0.05)
    line = asyncio.gather(*(ask(pace, slots, time.monotonic, 0.05) for pace in paces))
    await asyncio.sleep(0.01)
    await paces[0].hold("oak.test", 0.4)
    await line
    assert min(slots) - started >= 0.4
    assert max(slots) - started >= 0.5  # a waiter may wake late, never early


async def test_back_from_being_alone_the_slots_taken_meanwhile_count(valkey, clock):
    pace = Pace(valkey, clock, clock.sleep)
    pace._alone_till = clock() + 1
    assert await pace._reserve("oak.test", 1.0) == 0.0
    clock.now += 2
    assert await pace._reserve("oak.test", 1.0) == pytest.approx(STRICTER - 2, abs=0.01)
    await pace.close()


async def test_the_keys_go_when_their_time_is_over(paces, valkey):
    await paces[0].wait("oak.test", 0.02)
    await paces[0].hold("oak.test", 0.02)
    async with Redis.from_url(valkey) as redis:
        assert len(await redis.keys("homefeed:*")) == 2
        await asyncio.sleep(0.06)
        assert await redis.keys("homefeed:*") == []
