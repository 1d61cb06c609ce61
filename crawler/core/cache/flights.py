"""Computations under way in this process, one per key: each asks Redis first, and stores what it computed there and in
memory unless one of its tags was invalidated meanwhile."""

import asyncio
import math
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from crawler.core import metrics
from crawler.core.cache.answers import Compute, Computed, Found
from crawler.core.cache.lua import EVERYTHING
from crawler.core.cache.memory import Entry, Memory
from crawler.core.cache.remote import Remote, Stored
from crawler.core.errors import BusAway

T = TypeVar("T")

FRESH_S = 300.0
DEAF_S = 3.0  # fresh in memory while this process does not hear what others invalidate
STALE_S = 3_600.0  # after that
TAGS = 2_000  # an answer with more is not kept
COMPUTE_S = 30.0


class Flight(Generic[T]):
    """One computation, and up to which tick each tag was invalidated since it began."""

    def __init__(self) -> None:
        self.task: asyncio.Task[Found[T]]
        self._invalidated: dict[str, float] = {}

    def invalidate(self, tags: Iterable[str], tick: float) -> None:
        self._invalidated |= {tag: max(tick, self._invalidated.get(tag, tick)) for tag in tags}

    def outdates(self, stored: Stored) -> bool:
        return any(self._invalidated.get(tag, -math.inf) >= stored.tick for tag in (EVERYTHING, *stored.tags))


class Flights(Generic[T]):
    def __init__(
        self, memory: Memory[T], remote: Remote, load: Callable[[bytes], T], clock: Callable[[], float],
        hears: Callable[[], bool],
    ):  # fmt: skip
        self._memory, self._remote, self._load, self._clock, self._hears = memory, remote, load, clock, hears
        self._under_way: dict[bytes, Flight[T]] = {}

    async def close(self) -> None:
        tasks = [flight.task for flight in self._under_way.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def get(self, key: bytes) -> Flight[T] | None:
        return self._under_way.get(key)

    def start(self, key: bytes, compute: Compute, *, fresh: bool = False) -> Flight[T]:
        """`fresh`: a stale entry in Redis will not do."""
        flight = self._under_way[key] = Flight()
        flight.task = asyncio.create_task(self._fly(flight, key, compute, fresh))
        flight.task.add_done_callback(lambda _: self._under_way.pop(key))
        return flight

    async def alone(self, compute: Compute) -> Found[T]:
        """Computed for one who asks, not stored."""
        return Found(self._load((await _bounded(compute)).data), "miss", shared=False)

    def invalidate(self, tags: Iterable[str], tick: float) -> None:
        for flight in self._under_way.values():
            flight.invalidate(tags, tick)

    async def _fly(self, flight: Flight[T], key: bytes, compute: Compute, fresh: bool) -> Found[T]:
        try:
            begun = await self._remote.begin(key, fresh=fresh)
        except BusAway:
            metrics.CACHE["away"] += 1
            begun = None
        if isinstance(begun, Stored):
            return self._hold(flight, key, begun, found=True)
        try:
            computed = await _bounded(compute)
        except Exception:
            await self._give_up(key, begun, unkept=False)
            raise
        return await self._keep(flight, key, computed, begun)

    async def _keep(self, flight: Flight[T], key: bytes, computed: Computed, tick: str | None) -> Found[T]:
        if computed.tags is None or len(computed.tags) > TAGS or computed.lasts_s <= 0:
            self._memory.drop(key)
            await self._give_up(key, tick, unkept=True)
            return Found(self._load(computed.data), "miss", shared=False)
        now = self._clock()
        fresh_till = now + min(FRESH_S, computed.lasts_s)
        gone_at = min(fresh_till + STALE_S, now + computed.lasts_s)
        stored = Stored(float(tick or 0), computed.tags, fresh_till, gone_at, computed.data)
        if tick and not await self._store(key, tick, stored):
            return Found(self._load(computed.data), "miss", outdated=True)
        return self._hold(flight, key, stored, found=False)

    def _hold(self, flight: Flight[T], key: bytes, stored: Stored, *, found: bool) -> Found[T]:
        value, outdated, now = self._load(stored.data), flight.outdates(stored), self._clock()
        if not outdated:
            fresh_till = stored.fresh_till if self._hears() else min(stored.fresh_till, now + DEAF_S)
            size = len(stored.data)
            self._memory.put(key, Entry(value, stored.tick, stored.tags, size, fresh_till, stored.gone_at))
        stale = now >= stored.fresh_till
        return Found(value, "miss" if not found else "stale" if stale else "hit", outdated=outdated)

    async def _store(self, key: bytes, tick: str, stored: Stored) -> bool:
        try:
            return await self._remote.store(key, tick, stored)
        except BusAway:  # this process alone will know it
            metrics.CACHE["away"] += 1
            return True

    async def _give_up(self, key: bytes, tick: str | None, *, unkept: bool) -> None:
        if tick is None:
            return
        try:
            await self._remote.give_up(key, tick, unkept=unkept)
        except BusAway:  # the lock runs out by itself
            metrics.CACHE["away"] += 1


async def _bounded(compute: Compute) -> Computed:
    async with asyncio.timeout(COMPUTE_S):
        return await compute()
