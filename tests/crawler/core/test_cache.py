"""The cache against a real Valkey; two instances are two processes."""

import asyncio
import math
import random
import time

import pytest
from redis.asyncio import Redis

from crawler.core import metrics
from crawler.core.cache import Cache, Computed
from crawler.core.cache.flights import FRESH_S, STALE_S
from crawler.core.cache.memory import Entry, Memory
from crawler.core.config import Config
from crawler.core.optional_redis import CALL_S, RETRY_S, OptionalRedis
from crawler.core.valkey import embedded

NOBODY = "redis://127.0.0.1:1/0"


class Time:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Time()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def url(data_dir):
    async with embedded(Config(data_dir=data_dir)) as url:
        yield url
        async with Redis.from_url(url) as redis:
            await redis.flushall()


@pytest.fixture
async def start(url, clock):
    """await start() is one more process, which hears what the others invalidate unless `deaf`."""
    closing = []

    async def start(at=url, *, deaf=False, call_s=CALL_S, **kwargs):
        async def where():
            return at

        redis = OptionalRedis(where, clock, call_s=call_s)
        cache = Cache(redis, bytes.decode, clock, **kwargs)
        closing.extend((cache, redis))
        if at == url and not deaf:
            cache.start()
            await until(lambda: cache.hears)
        return cache

    yield start
    for thing in closing:
        await thing.close()


class Source:
    """What is computed: counts its computations; `gate` holds them until set."""

    def __init__(self, tags=("product:1",), lasts_s=math.inf):
        self.tags, self.lasts_s, self.value, self.computed = tags, lasts_s, 1, 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self):
        self.computed += 1
        value = self.value
        await self.gate.wait()
        return Computed(str(value).encode(), self.tags, self.lasts_s)


async def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not within the time limit"
        await asyncio.sleep(0.005)


async def test_computed_once_then_held_by_every_process(start):
    one, two, source = await start(), await start(), Source()
    assert await one.get(b"k", source) == ("1", "miss", True, False)
    assert (await one.get(b"k", source)).outcome == "hit"
    assert (await two.get(b"k", source)).outcome == "hit"
    assert one.peek(b"k") == two.peek(b"k") == "1"
    assert source.computed == 1


async def test_stale_is_served_at_once_while_one_process_computes_anew(start, clock):
    one, two, source = await start(), await start(), Source()
    await one.get(b"k", source)
    await two.get(b"k", source)
    clock.now += FRESH_S + 1
    source.value = 2
    source.gate.clear()
    assert one.peek(b"k") is None
    for cache in (one, one, two, two):
        assert (await cache.get(b"k", source))[:2] == ("1", "stale")
    source.gate.set()
    await until(lambda: one.peek(b"k") == two.peek(b"k") == "2")
    assert source.computed == 2


async def test_after_its_stale_time_it_is_computed_before_it_is_served(start, clock):
    cache, source = await start(), Source()
    await cache.get(b"k", source)
    clock.now += FRESH_S + STALE_S + 1
    source.value = 2
    assert (await cache.get(b"k", source))[:2] == ("2", "miss")


@pytest.mark.parametrize("lasts_s", [10, FRESH_S + 10])
async def test_an_entry_may_say_when_it_must_be_gone(start, clock, lasts_s):
    one, two, source = await start(), await start(), Source(lasts_s=lasts_s)
    await one.get(b"k", source)
    clock.now += lasts_s + 1
    source.value, source.lasts_s = 2, math.inf
    assert (await two.get(b"k", source))[:2] == ("2", "miss")
    assert (await one.get(b"k", source))[:2] == ("2", "hit")


async def test_no_entry_is_fresh_for_longer_than_usual(start, clock):
    cache, source = await start(), Source(lasts_s=FRESH_S * 10)
    await cache.get(b"k", source)
    clock.now += FRESH_S - 1
    assert cache.peek(b"k") == "1"
    clock.now += 2
    assert (await cache.get(b"k", source)).outcome == "stale"


async def test_asked_by_many_in_two_processes_it_is_computed_once(start):
    one, two, source = await start(), await start(), Source()
    source.gate.clear()
    asked = [asyncio.create_task(cache.get(b"k", source)) for cache in (one, two) for _ in range(20)]
    await until(lambda: source.computed)
    await asyncio.sleep(0.1)
    source.gate.set()
    assert {found.value for found in await asyncio.gather(*asked)} == {"1"}
    assert source.computed == 1


async def test_one_who_leaves_takes_nothing_from_the_others(start):
    cache, source = await start(), Source()
    source.gate.clear()
    first, second = (asyncio.create_task(cache.get(b"k", source)) for _ in range(2))
    await until(lambda: source.computed)
    first.cancel()
    source.gate.set()
    assert (await second).value == "1"


async def test_a_holder_that_died_blocks_for_seconds_only(start, monkeypatch):
    monkeypatch.setattr("crawler.core.cache.remote.LOCK_MS", 200)
    one, two, stuck, source = await start(), await start(), Source(), Source()
    stuck.gate.clear()
    dying = asyncio.create_task(one.get(b"k", stuck))
    await until(lambda: stuck.computed)
    begun = time.monotonic()
    assert (await two.get(b"k", source)).value == "1"
    assert 0.1 < time.monotonic() - begun < 2
    dying.cancel()


async def test_a_holder_that_was_overtaken_does_not_overwrite(start, monkeypatch):
    monkeypatch.setattr("crawler.core.cache.remote.LOCK_MS", 50)
    one, two, three, slow, source = await start(), await start(), await start(), Source(), Source()
    slow.gate.clear()
    late = asyncio.create_task(one.get(b"k", slow))
    await until(lambda: slow.computed)
    source.value = 2
    assert (await two.get(b"k", source)).value == "2"
    slow.gate.set()
    await late
    assert (await three.get(b"k", source)).value == (await one.get(b"k", source)).value == "2"
    assert source.computed == 1


async def test_invalidated_in_one_process_it_is_gone_in_redis_and_there(start):
    one, three, source, other = (
        await start(),
        await start(),
        Source(("product:1", "query:sofa")),
        Source(("product:2",)),
    )
    await one.get(b"k", source)
    await one.get(b"other", other)
    await one.invalidate(["product:1"])
    assert one.peek(b"k") is None
    assert one.peek(b"other") == "1"
    source.value = 2
    assert (await three.get(b"k", source))[:2] == ("2", "miss")
    assert (await three.get(b"other", other)).outcome == "hit"


async def test_clear_takes_everything(start):
    one, two, source = await start(), await start(), Source(())
    await one.get(b"k", source)
    await one.clear()
    assert (await two.get(b"k", source)).outcome == "miss"
    assert (await one.get(b"k", source)).outcome == "hit"


@pytest.mark.parametrize("who", ["here", "there", "alone"])
async def test_what_began_before_an_invalidation_is_not_stored(start, who):
    one, two, source = await start(NOBODY) if who == "alone" else await start(), await start(), Source()
    source.gate.clear()
    asked = asyncio.create_task(one.get(b"k", source))
    await until(lambda: source.computed)
    source.value = 2
    await (two if who == "there" else one).invalidate(["product:1"])
    source.gate.set()
    assert (await asked).value == "1"
    assert one.peek(b"k") is None
    assert (await one.get(b"k", source)).value == "2"
    assert (await two.get(b"k", source)).value == "2"


async def test_who_asks_after_an_invalidation_does_not_get_what_began_before(start):
    cache, source = await start(), Source()
    source.gate.clear()
    before = asyncio.create_task(cache.get(b"k", source))
    await until(lambda: source.computed)
    source.value = 2
    await cache.invalidate(["product:1"])
    after = asyncio.create_task(cache.get(b"k", source))
    await asyncio.sleep(0)
    source.gate.set()
    assert (await before).value == "1"
    assert (await after).value == "2"


async def test_what_is_not_kept_is_given_to_nobody_else(start):
    one, two, source = await start(), await start(), Source(tags=None)
    source.gate.clear()
    asked = [asyncio.create_task(cache.get(b"k", source)) for cache in (one, one, one, two, two)]
    await until(lambda: source.computed)
    source.gate.set()
    assert not any(found.shared for found in await asyncio.gather(*asked))
    assert source.computed == 5
    assert one.peek(b"k") is None


async def test_a_refresh_that_gives_what_is_not_kept_ends_the_stale_answer(start, clock):
    one, two, source = await start(), await start(), Source()
    await one.get(b"k", source)
    clock.now += FRESH_S + 1
    source.tags, source.value = None, 2
    await one.get(b"k", source)
    await until(lambda: source.computed == 2)
    await until(lambda: one._memory.get(b"k") is None)
    assert (await one.get(b"k", source)).value == (await two.get(b"k", source)).value == "2"


async def test_an_error_reaches_all_who_wait_and_is_not_kept(start):
    one, two, source, asked = await start(), await start(), Source(), 0

    async def broken():
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.02)
        raise ValueError("no")

    for result in await asyncio.gather(*(one.get(b"k", broken) for _ in range(3)), return_exceptions=True):
        assert isinstance(result, ValueError)
    assert asked == 1
    begun = time.monotonic()
    assert (await two.get(b"k", source)).value == "1"
    assert time.monotonic() - begun < 1


async def test_a_computation_has_a_time_limit(start, monkeypatch):
    monkeypatch.setattr("crawler.core.cache.flights.COMPUTE_S", 0.05)
    cache, source = await start(), Source()
    source.gate.clear()
    with pytest.raises(TimeoutError):
        await cache.get(b"k", source)


async def test_a_dead_redis_is_a_miss_and_then_left_alone(start, clock):
    """A server that accepts and says nothing costs one short time-out; then seconds of peace; then one more."""
    asked = 0

    async def mute(reader, writer):
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    cache = await start(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0", call_s=0.2)
    away, begun = metrics.CACHE["away"], time.monotonic()
    for key in range(50):
        assert (await cache.get(b"%d" % key, Source())).outcome == "miss"
        assert (await cache.get(b"%d" % key, Source())).outcome == "hit"
    await cache.invalidate(["product:1"])
    assert cache.peek(b"1") is None
    assert time.monotonic() - begun < 1
    assert metrics.CACHE["away"] > away
    known = asked
    clock.now += RETRY_S + 1
    await cache.get(b"new", Source())
    assert asked > known
    server.close()


async def test_what_was_invalidated_while_redis_was_away_is_told_before_it_is_believed_again(url, start, clock):
    where = url
    one, source = await start(), Source()
    await one.get(b"k", source)

    async def moving():
        return where

    redis = OptionalRedis(moving, clock)
    where = NOBODY
    two = Cache(redis, bytes.decode, clock)
    await two.invalidate(["product:1"])
    where, redis._redis = url, None
    clock.now += RETRY_S + 1
    source.value = 2
    assert (await two.get(b"k", source)).value == "2"
    await two.close()
    await redis.close()


async def test_outcomes_are_counted(start, clock):
    cache, source, before = await start(), Source(), dict(metrics.CACHE)
    await cache.get(b"k", source)
    await cache.get(b"k", source)
    cache.peek(b"k")
    clock.now += FRESH_S + 1
    await cache.get(b"k", source)
    counted = {name: count - before[name] for name, count in metrics.CACHE.items()}
    assert counted == {"hit": 2, "stale": 1, "miss": 1, "away": 0}
    assert b'homefeed_cache_total{outcome="stale"}' in metrics.exposition()


async def test_close_ends_what_is_computed(start):
    cache, source = await start(), Source()
    source.gate.clear()
    asked = asyncio.create_task(cache.get(b"k", source))
    await until(lambda: source.computed)
    await cache.close()
    with pytest.raises(asyncio.CancelledError):
        await asked


@pytest.mark.parametrize("seed", range(6))
async def test_law_nobody_reads_what_was_outdated_when_they_asked(start, clock, seed):
    """Three processes, deaf for each other, read, change and invalidate at random, as slowly and as interleaved as it
    comes. A change is invalidated in every process, in any order, some time after it happened; from then on nobody gets
    older values."""
    chance, caches, truth, floor = random.Random(seed), [await start(deaf=True) for _ in range(3)], {}, {}

    async def compute(key):
        value = truth.get(key, 0)
        await asyncio.sleep(chance.choice((0, 0, 0.001, 0.004)))
        return Computed(str(value).encode(), (f"product:{key}",))

    async def read():
        key, cache = chance.randrange(3), chance.choice(caches)
        least = floor.get((key, cache), 0)
        found = await cache.get(b"%d" % key, lambda: compute(key))
        assert int(found.value) >= least
        if chance.random() < 0.1:
            clock.now += FRESH_S * chance.random() * 1.5

    async def change():
        key = chance.randrange(3)
        truth[key] = value = truth.get(key, 0) + 1
        for cache in chance.sample(caches, 3):
            await cache.invalidate([f"product:{key}"])
            floor[key, cache] = max(floor.get((key, cache), 0), value)

    async def actor():
        for _ in range(60):
            await (read() if chance.random() < 0.8 else change())
            await asyncio.sleep(chance.choice((0, 0.001)))

    await asyncio.gather(*(actor() for _ in range(6)))


def test_memory_is_bounded_in_entries_and_bytes():
    memory = Memory(most_bytes=1000, most_entries=50)

    def put(key, size=10, tags=("t",)):
        memory.put(key, Entry("", 5, tags, size, 0, 0))

    for n in range(60):
        put(b"%d" % n)
    assert len(memory) == 50
    assert memory.get(b"9") is None
    memory.get(b"10")
    put(b"new")
    assert memory.get(b"10") is not None
    assert memory.get(b"11") is None
    for n in range(20):
        put(b"big%d" % n, 100)
    assert memory.bytes <= 1000
    put(b"huge", 900)
    assert memory.get(b"huge") is None
    put(b"one", 7, ("a", "b"))
    put(b"one", 9, ("c",))
    memory.forget(["a"], 9)
    assert memory.get(b"one") is not None
    memory.forget(["c", "t"], 4)
    assert len(memory) > 1
    memory.forget(["c", "t", "never"], 5)
    assert (len(memory), memory.bytes, memory._by_tag) == (0, 0, {})
