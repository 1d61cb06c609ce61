"""What one process invalidates leaves the memory of all the others at once, also when the connection breaks."""

import asyncio
import random
import time

import pytest
from redis.asyncio import Redis

from crawler.core.cache import Computed
from crawler.core.cache.flights import DEAF_S, FRESH_S
from crawler.core.cache.lua import DROP, EVERYTHING
from crawler.core.cache.marks import OWED, Marks
from crawler.core.errors import BusAway
from crawler.core.optional_redis import RETRY_S, OptionalRedis
from tests.crawler.core.test_cache import NOBODY, Source, clock, data_dir, start, until, url

__all__ = ["clock", "data_dir", "start", "url"]

AT_ONCE_S = 0.1


@pytest.fixture
async def worker(url, clock):
    """What a process without a cache invalidates by."""

    async def where():
        return url

    redis = OptionalRedis(where, clock)
    yield Marks(redis)
    await redis.close()


@pytest.fixture
async def server(url):
    async with Redis.from_url(url) as server:
        yield server


async def kill_listeners(server):
    return await server.execute_command("CLIENT", "KILL", "TYPE", "pubsub")


async def test_what_a_worker_invalidates_is_gone_in_every_memory(start, worker):
    caches, source, other = [await start() for _ in range(3)], Source(("designs",)), Source(("new",))
    for cache in caches:
        await cache.get(b"k", source)
        await cache.get(b"other", other)
    await worker.invalidate(["designs"])
    await until(lambda: not any(cache.peek(b"k") for cache in caches), AT_ONCE_S)
    assert all(cache.peek(b"other") for cache in caches)
    source.value = 2
    for cache in caches:
        assert (await cache.get(b"k", source)).value == "2"


async def test_everything_invalidated_elsewhere_is_gone_here(start):
    one, two, source = await start(), await start(), Source(())
    await one.get(b"k", source)
    await two.clear()
    await until(lambda: one.peek(b"k") is None, AT_ONCE_S)


async def test_what_was_computed_after_the_invalidation_stays(start, worker, server):
    """Also where the word of the invalidation comes late, or twice."""
    cache, source, heard = await start(), Source(), server.pubsub()
    await heard.subscribe(DROP)
    await worker.invalidate(["product:1"])
    await cache.get(b"k", source)
    said = None
    while said is None or said["type"] != "message":
        said = await heard.get_message(timeout=1)
    await server.publish(DROP, said["data"])
    await worker.invalidate(["product:2"])
    late = Source(("product:2",))
    await cache.get(b"late", late)
    await worker.invalidate(["product:2"])
    await until(lambda: cache.peek(b"late") is None)  # so all of the above was heard
    assert cache.peek(b"k") == "1"
    await heard.aclose()


async def test_what_is_read_from_redis_while_it_is_invalidated_is_not_held(start, worker, monkeypatch):
    """The answer of Redis is on its way when the invalidation is heard."""
    one, two, source = await start(), await start(), Source()
    await one.get(b"k", source)
    begin = two._remote.begin

    async def slow(*args, **kwargs):
        found = await begin(*args, **kwargs)
        await worker.invalidate(["product:1"])
        await until(lambda: one.peek(b"k") is None)
        await asyncio.sleep(0.02)
        return found

    monkeypatch.setattr(two._remote, "begin", slow)
    assert (await two.get(b"k", source)).outdated
    assert two.peek(b"k") is None


async def test_a_broken_connection_costs_the_memory_and_is_opened_again(start, worker, server):
    cache, source = await start(), Source()
    await cache.get(b"k", source)
    assert await kill_listeners(server) == 1
    await worker.invalidate(["product:1"])  # may be said to nobody
    await until(lambda: cache.peek(b"k") is None, AT_ONCE_S)
    source.value = 2
    await until(lambda: cache.hears)
    assert (await cache.get(b"k", source)).value == "2"
    await worker.invalidate(["product:1"])
    await until(lambda: cache.peek(b"k") is None, AT_ONCE_S)


async def test_deaf_it_believes_its_memory_for_seconds_only(start, clock, worker):
    cache, source = await start(deaf=True), Source()
    await cache.get(b"k", source)
    await worker.invalidate(["product:1"])
    source.value = 2
    clock.now += DEAF_S - 0.1
    assert cache.peek(b"k") == "1"
    clock.now += 0.2
    assert cache.peek(b"k") is None
    assert (await cache.get(b"k", source)).outcome == "stale"
    await until(lambda: cache.peek(b"k") == "2")


async def test_hearing_again_it_forgets_what_it_held_meanwhile(start, clock):
    cache, source = await start(deaf=True), Source()
    await cache.get(b"k", source)
    cache.start()
    await until(lambda: cache.hears)
    assert cache.peek(b"k") is None
    await cache.get(b"k", source)
    clock.now += FRESH_S - 1
    assert cache.peek(b"k") == "1"


async def test_a_redis_that_falls_silent_is_doubted_within_seconds(start, url, clock, monkeypatch):
    """The connection stands, but nothing comes any more."""
    monkeypatch.setattr("crawler.core.cache.drops.BEAT_S", 0.1)
    held, piping, host = asyncio.Event(), [], url.split("//")[1].split("/")[0]
    held.set()

    async def pipe(reader, writer):
        while data := await reader.read(4096):
            await held.wait()
            writer.write(data)
        writer.close()

    async def between(reader, writer):
        piping.append(asyncio.current_task())
        there = await asyncio.open_connection(*host.rpartition("@")[2].split(":"))
        await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer))

    async with await asyncio.start_server(between, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        cache = await start(url.replace(host.rpartition(":")[2], str(port)), deaf=True)
        cache.start()
        await until(lambda: cache.hears)
        await asyncio.sleep(0.3)
        assert cache.hears  # it asked, and was answered
        await cache.get(b"k", Source())
        held.clear()
        await until(lambda: not cache.hears, 3)
        assert cache.peek(b"k") is None
        held.set()
        await until(lambda: cache.hears)
        await cache.close()
        for task in piping:
            task.cancel()


async def test_a_listener_without_redis_waits_and_says_so_once(start, caplog):
    cache = await start(NOBODY)
    cache.start()
    await until(lambda: "are not heard" in caplog.text)
    await asyncio.sleep(0.5)
    assert caplog.text.count("are not heard") == 1
    assert not cache.hears


async def test_a_message_that_is_none_is_no_end_of_listening(start, server, worker):
    cache, source = await start(), Source()
    await cache.get(b"k", source)
    await server.publish(DROP, "{")
    await until(lambda: cache.peek(b"k") is None)  # what it meant is not known
    await until(lambda: cache.hears)


async def test_a_worker_without_redis_tells_it_later(url, start, clock):
    where = NOBODY

    async def moving():
        return where

    cache, source, redis = await start(), Source(), OptionalRedis(moving, clock)
    await cache.get(b"k", source)
    worker = Marks(redis)
    with pytest.raises(BusAway):
        await worker.invalidate(["product:1"])
    where, redis._redis, redis._scripts = url, None, {}
    clock.now += RETRY_S + 1
    await worker.invalidate(["other"])
    await until(lambda: cache.peek(b"k") is None)
    await redis.close()


async def test_what_is_owed_is_bounded(clock):
    async def nowhere():
        return NOBODY

    worker = Marks(OptionalRedis(nowhere, clock))
    for n in range(0, OWED + 2_000, 1_000):
        with pytest.raises(BusAway):
            await worker.invalidate([f"t{n + i}" for i in range(1_000)])
    assert EVERYTHING in worker._owed
    assert len(worker._owed) <= OWED


@pytest.mark.parametrize("seed", range(6))
async def test_law_at_most_100_ms_after_an_invalidation_nobody_gives_older_as_fresh(
    start, worker, server, clock, seed
):  # fmt: skip
    """Three processes read; a change is invalidated by any one of them or by a worker; connections break meanwhile."""
    chance, caches, truth = random.Random(seed), [await start() for _ in range(3)], dict.fromkeys(range(3), 0)
    floors = [(0.0, key, 0) for key in truth]  # (from when on, key, least value)

    async def compute(key):
        value = truth[key]
        await asyncio.sleep(chance.choice((0, 0, 0.001, 0.004)))
        return Computed(str(value).encode(), (f"product:{key}",))

    async def read():
        key, cache, asked = chance.randrange(3), chance.choice(caches), time.monotonic()
        held = cache.peek(b"%d" % key)
        found = await cache.get(b"%d" % key, lambda: compute(key))
        least = max(value for since, other, value in floors if other == key and since <= asked)
        assert held is None or int(held) >= least
        assert found.outcome == "stale" or int(found.value) >= least
        if chance.random() < 0.03:
            clock.now += FRESH_S * chance.random() * 1.5

    async def change():
        key = chance.randrange(3)
        truth[key] = value = truth[key] + 1
        await chance.choice((*caches, worker)).invalidate([f"product:{key}"])
        floors.append((time.monotonic() + AT_ONCE_S, key, value))

    async def actor():
        for _ in range(80):
            await (read() if chance.random() < 0.9 else change())
            if chance.random() < 0.02:
                await kill_listeners(server)
            await asyncio.sleep(chance.choice((0, 0.001, 0.02)))

    await asyncio.gather(*(actor() for _ in range(6)))
    assert sum(truth.values()) > 20
