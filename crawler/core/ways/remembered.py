"""Which way works at which site, known to all workers for an hour; then the cheapest is tried again."""

import time
from collections.abc import Callable

from crawler.core.errors import BusAway
from crawler.core.optional_redis import OptionalRedis, word
from crawler.core.ways import KINDS, Kind

KEEP_S = 3_600.0
MOST = 10_000  # sites this process remembers by itself

_GET = "return redis.call('GET', KEYS[1]) or ''"
_SET = "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return ''"
_DEL = "redis.call('DEL', KEYS[1]) return ''"


class Remembered:
    """`redis` None: this process alone, as while Redis is away."""

    def __init__(self, redis: OptionalRedis | None, clock: Callable[[], float] = time.monotonic):
        self._redis, self._clock = redis, clock
        self._alone: dict[str, tuple[Kind, float]] = {}

    async def get(self, site: str) -> Kind | None:
        found = await self._run(_GET, site)
        if found is None:
            known, till = self._alone.get(site, (None, 0.0))
            return known if till > self._clock() else None
        return next((kind for kind in KINDS if kind == found), None)

    async def keep(self, site: str, kind: Kind) -> None:
        """For KEEP_S from now; whatever works meanwhile does not prolong it."""
        if len(self._alone) >= MOST:
            self._alone.clear()
        self._alone[site] = kind, self._clock() + KEEP_S
        await self._run(_SET, site, kind, int(KEEP_S * 1000))

    async def forget(self, site: str) -> None:
        self._alone.pop(site, None)
        await self._run(_DEL, site)

    async def _run(self, script: str, site: str, *arguments: str | int) -> str | None:
        """None without Redis."""
        if self._redis is None:
            return None
        try:
            reply = await self._redis.run(script, [f"homefeed:way:{site}"], arguments)
        except BusAway:  # which has said so in the log and the metrics
            return None
        return str(word(reply))
