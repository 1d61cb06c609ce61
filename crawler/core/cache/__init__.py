"""A cache of bytes in memory and in Redis, shared by all processes: fresh for a while, then stale while one of them
computes anew, dropped by tag in all of them at once. Whoever asks for what is being computed waits for it instead of
computing it too.

Without Redis each process goes on with its own memory, fresh for seconds, at the price of at most one short time-out.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from crawler.core import metrics
from crawler.core.cache.answers import Compute, Computed, Found, Outcome
from crawler.core.cache.drops import Drops
from crawler.core.cache.flights import Flights
from crawler.core.cache.lua import EVERYTHING
from crawler.core.cache.memory import Memory
from crawler.core.cache.remote import Remote
from crawler.core.errors import BusAway
from crawler.core.optional_redis import OptionalRedis

__all__ = ["Cache", "Compute", "Computed", "Found", "Outcome"]

log = logging.getLogger(__name__)

T = TypeVar("T")

BYTES = 64 << 20
ENTRIES = 20_000
REFRESHES = 32  # computations at once in the background
AGAIN = 3  # how often one who waited for an outdated result asks anew


class Cache(Generic[T]):
    """`load` makes the value held in memory from the bytes that are stored. `clock` gives seconds that all processes
    share. `most_bytes` and `entries` bound the memory. Nothing that other processes invalidate is heard before
    `start`."""

    def __init__(
        self, redis: OptionalRedis, load: Callable[[bytes], T], clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, *, most_bytes: int = BYTES, entries: int = ENTRIES,
    ):  # fmt: skip
        self._clock = clock
        self._memory: Memory[T] = Memory(most_bytes, entries)
        self._remote = Remote(redis, clock, sleep)
        self._drops = Drops(redis.url, self._forget)
        self._flights = Flights(self._memory, self._remote, load, clock, lambda: self._drops.hears)
        self._refreshing = 0

    def start(self) -> None:
        """Listens for what other processes invalidate. Returns at once; Redis may be away."""
        self._drops.start()

    async def close(self) -> None:
        """Ends the listening and what is computed in the background."""
        await self._drops.stop()
        await self._flights.close()

    @property
    def hears(self) -> bool:
        """Is what other processes invalidate heard now?"""
        return self._drops.hears

    def peek(self, key: bytes) -> T | None:
        """The value if this process holds it fresh."""
        entry = self._memory.get(key)
        if entry is None or self._clock() >= entry.fresh_till:
            return None
        metrics.CACHE["hit"] += 1
        return entry.value

    async def get(self, key: bytes, compute: Compute) -> Found[T]:
        """What is stored under `key`, else what `compute` gives. Raises what `compute` raises, and TimeoutError."""
        found = self._held(key) or await self._land(key, compute)
        if found.outcome == "stale":
            self._refresh(key, compute)
        metrics.CACHE[found.outcome] += 1
        return found

    async def invalidate(self, tags: Iterable[str]) -> None:
        """Everything that has one of the tags is gone, here, in Redis and, as soon as they hear it, in all processes,
        also what is being computed just now. While Redis is away this process forgets at once, and tells Redis before
        it next believes it."""
        tags, tick = tuple(tags), math.inf
        self._forget(tags, tick)
        try:
            tick = await self._remote.marks.invalidate(tags)
        except BusAway:
            metrics.CACHE["away"] += 1
        self._forget(tags, tick)  # what was read from Redis before Redis heard of this

    async def clear(self) -> None:
        """Everything is gone, here and in Redis."""
        await self.invalidate([EVERYTHING])

    def _forget(self, tags: Iterable[str], tick: float) -> None:
        self._flights.invalidate(tags, tick)
        self._memory.forget(tags, tick)

    def _held(self, key: bytes) -> Found[T] | None:
        entry, now = self._memory.get(key), self._clock()
        if entry is None or now >= entry.gone_at:
            return None
        return Found(entry.value, "hit" if now < entry.fresh_till else "stale")

    async def _land(self, key: bytes, compute: Compute) -> Found[T]:
        """The result of the computation under way, or of one that starts now. Who came after the invalidation that
        outdated a result does not get that result; who is refused another's result computes alone."""
        for _ in range(AGAIN):
            flight = self._flights.get(key)
            if flight is None:
                return await asyncio.shield(self._flights.start(key, compute).task)
            found = await asyncio.shield(flight.task)
            if not found.shared:
                break
            if not found.outdated:
                return found
        return await self._flights.alone(compute)

    def _refresh(self, key: bytes, compute: Compute) -> None:
        if self._flights.get(key) or self._refreshing >= REFRESHES:
            return
        self._refreshing += 1
        self._flights.start(key, compute, fresh=True).task.add_done_callback(self._refreshed)

    def _refreshed(self, task: "asyncio.Task[Found[T]]") -> None:
        self._refreshing -= 1
        if not task.cancelled() and (error := task.exception()):
            log.warning("a stale entry could not be computed anew: %r", error)
