"""Invalidating for all processes, also by one that has no cache of its own."""

import asyncio
import math
from collections.abc import Iterable

from crawler.core.cache import lua
from crawler.core.errors import BusAway
from crawler.core.optional_redis import OptionalRedis

MARK_S = 3 * 3600  # longer than any entry lives and any computation takes
OWED = 10_000  # tags this process remembers to invalidate when Redis is back; beyond that it invalidates everything


class Marks:
    def __init__(self, redis: OptionalRedis):
        self._redis = redis
        self._owed: set[str] = set()
        self._paying = asyncio.Lock()
        self._tick = -math.inf  # of the newest mark this process made

    async def invalidate(self, tags: Iterable[str]) -> float:
        """Every entry with one of the tags that was computed at or before the returned tick is dead, and all processes
        that listen are told. Raises BusAway; the tags are then marked with the next ones, or by `pay`."""
        self._owed.update(tags)
        if len(self._owed) > OWED:
            self._owed = {lua.EVERYTHING}
        await self.pay()
        return self._tick

    async def pay(self) -> None:
        """Marks what could not be marked while Redis was away. Raises BusAway."""
        if not self._owed and not self._paying.locked():
            return
        async with self._paying:
            owed, self._owed = self._owed, set()
            try:
                if owed:
                    self._tick = float(await self._redis.run(lua.MARK, [lua.DROP], [MARK_S, *owed]))
            except (BusAway, asyncio.CancelledError):
                self._owed |= owed
                raise
