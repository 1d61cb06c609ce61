"""The pace and places of a site: never faster nor more at once than asked, by all workers together, and stricter when
they can't agree."""

import asyncio
import itertools
import math
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from crawler.core.errors import NoTurn
from crawler.core.limits import STRICTER, Limits, Pace, lua
from crawler.core.limits.pace import KEPT
from crawler.core.optional_redis import CALL_S, RETRY_S, OptionalRedis
from crawler.core.tasks import cancelled

NOBODY = "redis://127.0.0.1:1/0"


def redis_at(url, clock=time.monotonic):
    async def where():
        return url

    return OptionalRedis(where, clock)


class Time:
    """A clock that only sleeping moves; sleepers wake in order."""

    def __init__(self):
        self.now = 1000.0
        self.sleepers, self._count = [], itertools.count()

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        woken = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, next(self._count), woken))
        await woken

    async def run(self, *tasks):
        tasks = [asyncio.ensure_future(task) for task in tasks]
        while not all(task.done() for task in tasks):
            await self.settle()
            if self.sleepers:
                self.sleepers.sort()
                self.now, _, woken = self.sleepers.pop(0)
                woken.done() or woken.set_result(None)
        return [task.result() for task in tasks]

    async def settle(self):
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture
def clock():
    return Time()


async def ask(pace, slots, clock, delay=1.0, site="oak.test"):
    """One request that is over at once; seconds it waited."""
    place = await pace.enter(site, Limits(delay))
    slots.append(clock())
    pace.leave(place)
    return place.waited


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


async def test_alone_fewer_are_under_way_and_the_next_goes_when_one_is_back(clock):
    pace = Pace(None, clock, clock.sleep)
    first = await pace.enter("oak.test", Limits(0.0, most=3))
    second = asyncio.ensure_future(pace.enter("oak.test", Limits(0.0, most=3)))
    await clock.settle()
    assert not second.done()
    pace.leave(first)
    await clock.settle()
    assert second.done()
    await pace.close()


async def test_alone_a_lease_that_ended_holds_no_place(clock):
    pace = Pace(None, clock, clock.sleep)
    await pace.enter("oak.test", Limits(0.0, most=3, lease=30))
    second = asyncio.ensure_future(pace.enter("oak.test", Limits(0.0, most=3)))
    await clock.run(second)
    assert 1030 <= clock.now < 1031


async def test_no_turn_in_the_time_there_is(clock):
    pace = Pace(None, clock, clock.sleep)
    await pace.hold("oak.test", 60)
    with pytest.raises(NoTurn, match="another 60 s"):
        await pace.enter("oak.test", Limits(1.0), within=59)
    await clock.run(pace.enter("oak.test", Limits(1.0), within=61))


async def test_without_redis_the_pace_is_stricter(clock):
    pace, slots = Pace(redis_at(NOBODY, clock), clock, clock.sleep), []
    for _ in range(4):
        task = asyncio.ensure_future(ask(pace, slots, clock))
        await asyncio.sleep(0.05)
        await clock.run(task)
    assert gaps(slots) == pytest.approx([STRICTER] * 3)
    assert 1001 <= slots[0] <= 1000 + STRICTER  # others may have asked just before Redis went
    await pace.close()


async def test_a_redis_that_is_away_is_not_asked_each_time(clock, monkeypatch):
    redis, asked = redis_at(NOBODY, clock), []
    monkeypatch.setattr(redis, "_ready", refusing(asked))
    pace = Pace(redis, clock, clock.sleep)
    for now in (0.0, 1.0, RETRY_S - 0.1, RETRY_S + 0.1):
        clock.now = 1000.0 + now
        await pace.hold("oak.test", 1)
    assert len(asked) == 2


def refusing(asked):
    async def ready(script):
        asked.append(script)
        raise ConnectionError

    return ready


# on a real Valkey, in its own time


@pytest.fixture
async def paces(valkey):
    """Three workers, each with its own connection."""
    clients = [redis_at(valkey) for _ in range(3)]
    paces = [Pace(client) for client in clients]
    yield paces
    for pace, client in zip(paces, clients, strict=True):
        await pace.close()
        await client.close()


async def test_three_workers_share_one_pace(paces):
    slots = []
    started = time.monotonic()
    waited = await asyncio.gather(*(ask(paces[n % 3], slots, time.monotonic, 0.03) for n in range(18)))
    assert time.monotonic() - started >= 17 * 0.03
    assert max(waited) == pytest.approx(17 * 0.03, abs=0.3)
    assert sum(gap < 0.015 for gap in gaps(slots)) <= 2  # late wake-ups on a busy machine


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), most=st.integers(1, 4))
async def test_law_any_workers_in_any_order_keep_places_and_come_in_turn(valkey, data, most):
    """Steps of asking and leaving by three workers, against a model: places and the line."""
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    clients = [redis_at(valkey) for _ in range(3)]
    paces = [Pace(client) for client in clients]
    line, inside = [], {}
    for step in range(data.draw(st.integers(1, 25))):
        worker = data.draw(st.integers(0, 2))
        if inside and data.draw(st.booleans()):
            token = data.draw(st.sampled_from(sorted(inside)))
            paces[inside.pop(token)]._leave("oak.test", token)
            await asyncio.gather(*(pace.close() for pace in paces))
            continue
        asking = data.draw(st.sampled_from(line)) if line and data.draw(st.booleans()) else (f"t{step}", worker)
        token, worker = asking
        first = not line or line[0] == asking
        wait, full = await paces[worker]._ask("oak.test", token, Limits(0.0, most))
        assert full == (len(inside) >= most)
        assert (wait == 0) == (first and not full)
        if wait == 0:
            inside[token] = worker
            line = [waiting for waiting in line if waiting != asking]
        elif asking not in line:
            line.append(asking)
        assert len(inside) <= most
    for client in clients:
        await client.close()


async def test_a_place_is_free_for_others_as_soon_as_it_is_given_back(paces):
    limits = Limits(0.0, most=1)
    first = await paces[0].enter("oak.test", limits)
    others = [asyncio.ensure_future(pace.enter("oak.test", limits)) for pace in paces]
    await asyncio.sleep(0.1)
    assert not any(other.done() for other in others)
    paces[0].leave(first)
    for _ in others:
        done, _ = await asyncio.wait([o for o in others if o], timeout=3, return_when=asyncio.FIRST_COMPLETED)
        [one] = done
        paces[others.index(one)].leave(one.result())
        others[others.index(one)] = None


async def test_places_of_the_dead_come_free_and_their_turn_in_line_too(paces):
    """A killed worker says nothing any more: neither that a request is over nor that it waits no longer."""
    await paces[0]._ask("oak.test", "dead", Limits(0.0, most=1, lease=0.3))
    await paces[0]._ask("oak.test", "dead in line", Limits(0.0, most=1))
    started = time.monotonic()
    await asyncio.wait_for(paces[1].enter("oak.test", Limits(0.0, most=1)), 5)
    assert 0.3 <= time.monotonic() - started <= lua.GRACE_S + 1.5


async def test_places_this_process_holds_count_also_after_redis_lost_its_memory(paces, valkey):
    limits = Limits(0.0, most=2)
    mine = [await paces[0].enter("oak.test", limits) for _ in range(2)]
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    asking = asyncio.ensure_future(paces[0].enter("oak.test", limits))
    await asyncio.sleep(0.1)
    assert not asking.done()
    _, full = await paces[1]._ask("oak.test", "other", limits)
    assert full  # since the first worker told of its own
    paces[0].leave(mine[0])
    await asyncio.wait_for(asking, 5)


async def test_whoever_gives_up_leaves_the_line(paces, valkey):
    limits = Limits(0.0, most=1)
    await paces[0].enter("oak.test", limits)
    waiting = asyncio.ensure_future(paces[1].enter("oak.test", limits))
    await asyncio.sleep(0.05)
    await cancelled(waiting)
    await paces[1].close()
    async with Redis.from_url(valkey) as redis:
        assert await redis.exists(*lua.keys("oak.test", "line", "due")) == 0


async def test_a_place_given_up_while_a_question_still_tells_of_it_comes_free(paces, valkey):
    """Calls overtake each other: the question must not take for good what was given back before it arrived."""
    limits, arrives, run = Limits(0.0, most=2), asyncio.Event(), paces[0]._redis.run

    async def late(script, keys, args):
        if asyncio.current_task() is asking:
            await arrives.wait()
        return await run(script, keys, args)

    first = await paces[0].enter("oak.test", limits)
    paces[0]._redis.run = late
    asking = asyncio.ensure_future(paces[0].enter("oak.test", limits))
    await asyncio.sleep(0)
    paces[0].leave(first)
    await paces[0].close()
    arrives.set()
    paces[0].leave(await asking)
    await paces[0].close()
    async with Redis.from_url(valkey) as redis:
        assert await redis.exists(*lua.keys("oak.test", "places")) == 0


async def test_what_is_given_up_once_more_is_not_forgotten_with_the_first_time(paces, valkey):
    """The question that told of it at first is answered last, after the one that took the place again."""
    limits, arrives, answered, run = Limits(0.0, most=3), asyncio.Event(), asyncio.Event(), paces[0]._redis.run

    async def late(script, keys, args):
        if asyncio.current_task() is overtaken:
            await arrives.wait()
        reply = await run(script, keys, args)
        if asyncio.current_task() is telling:
            arrives.set()
            await answered.wait()
        return reply

    first = await paces[0].enter("oak.test", limits)
    paces[0]._redis.run = late
    overtaken = asyncio.ensure_future(paces[0].enter("oak.test", limits))
    await asyncio.sleep(0)
    paces[0].leave(first)
    telling = asyncio.ensure_future(paces[0].enter("oak.test", limits))
    paces[0].leave(await overtaken)
    answered.set()
    paces[0].leave(await telling)
    await paces[0].close()
    async with Redis.from_url(valkey) as redis:
        assert await redis.exists(*lua.keys("oak.test", "places")) == 0


async def test_places_given_up_while_redis_was_away_come_free_when_it_is_back(paces):
    limits, client = Limits(0.0, most=1), paces[0]._redis
    place = await paces[0].enter("oak.test", limits)
    client._alone_till = math.inf
    paces[0].leave(place)
    await paces[0].close()
    for _ in range(3 * KEPT):  # of these Redis knows nothing
        paces[0].leave(await paces[0].enter("oak.test", limits))
    await paces[0].close()
    assert len(paces[0]._left["oak.test"]) == KEPT
    client._alone_till = -math.inf
    _, full = await paces[1]._ask("oak.test", "other", limits)
    assert full
    await paces[0]._ask("oak.test", "mine", limits)
    assert await paces[1]._ask("oak.test", "other", limits) == (0, False)


async def test_without_redis_what_it_is_still_to_be_told_makes_nobody_ask_without_end(paces, clock):
    pace, limits = paces[0], Limits(0.0, most=1)
    pace.leave(await pace.enter("oak.test", limits))
    pace._redis._alone_till, pace._sleep = math.inf, clock.sleep
    await pace.close()
    held = await pace.enter("oak.test", limits)
    waiting = asyncio.ensure_future(pace.enter("oak.test", limits))
    await clock.settle()
    assert len(clock.sleepers) == 1  # it rests
    pace.leave(held)
    pace.leave(await waiting)


async def test_a_place_that_comes_free_while_somebody_asks_for_it_is_asked_for_at_once(paces):
    run, left = paces[0]._redis.run, []

    async def slow(script, keys, args):
        reply = await run(script, keys, args)
        if not left:
            left.append(paces[0].leave(first))
        return reply

    first = await paces[0].enter("oak.test", Limits(0.0, most=1))
    paces[0]._redis.run = slow
    place = await paces[0].enter("oak.test", Limits(2 * lua.MOST_S, most=1))  # would ask again after MOST_S
    assert place.waited < lua.MOST_S / 2


async def test_one_workers_hold_delays_the_others_that_already_wait(paces):
    slots = []
    await ask(paces[0], [], time.monotonic, 0.5)
    line = asyncio.gather(*(ask(pace, slots, time.monotonic, 0.05) for pace in paces))
    await asyncio.sleep(0.01)
    held = time.monotonic()
    await paces[0].hold("oak.test", 0.8)
    await line
    assert min(slots) - held >= 0.8
    assert max(slots) - held >= 0.9  # a waiter may wake late, never early


async def test_back_from_being_alone_it_stays_strict_until_all_others_are_back_too(valkey, clock):
    redis = redis_at(valkey, clock)
    pace = Pace(redis, clock, clock.sleep)
    pace._alone.lost()
    assert await pace._ask("oak.test", "x", Limits(0.0, most=3)) == (0, False)
    assert (await pace._ask("oak.test", "y", Limits(0.0, most=3)))[1]
    clock.now += RETRY_S + CALL_S
    assert await pace._ask("oak.test", "y", Limits(0.0, most=3)) == (0, False)
    await redis.close()


async def test_back_from_being_alone_the_slots_taken_meanwhile_count(valkey, clock):
    redis = redis_at(valkey, clock)
    pace = Pace(redis, clock, clock.sleep)
    pace._alone.enter("oak.test", "x", Limits(STRICTER))
    clock.now += 2
    wait, full = await pace._ask("oak.test", "y", Limits(1.0))
    assert wait == pytest.approx(STRICTER - 2, abs=0.01)
    assert not full
    await redis.close()


async def test_the_keys_go_when_their_time_is_over(paces, valkey):
    await paces[0].enter("oak.test", Limits(0.5, lease=0.5))
    await paces[0].hold("oak.test", 0.5)
    async with Redis.from_url(valkey) as redis:
        assert {0 < ttl <= 600 for ttl in [await redis.pttl(key) for key in await redis.keys("homefeed:*")]} == {True}
        assert len(await redis.keys("homefeed:*")) == 3
        async with asyncio.timeout(5):
            while await redis.keys("homefeed:*"):
                await asyncio.sleep(0.05)
