"""How often one site may be asked, by all workers together: each request reserves the next free slot in Redis.

Without Redis answering, this process keeps a stricter pace of its own, since it can't know how many others do too.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable

from crawler.core.errors import BusAway
from crawler.core.redis_client import away, connect

log = logging.getLogger(__name__)

STRICTER = 4.0  # how much slower than asked this process goes alone
RETRY_S = 5.0  # how long Redis is left alone after it did not answer

# Times are microseconds of the server's own clock. KEYS: next slot, hold   ARGV: delay, least wait
_RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local following, held = redis.call('GET', KEYS[1]) or 0, redis.call('GET', KEYS[2]) or 0
local slot = math.max(now + ARGV[2], tonumber(following), tonumber(held))
following = string.format('%.0f', slot + ARGV[1])
redis.call('SET', KEYS[1], following, 'PX', math.ceil((following - now) / 1000) + 1)
return string.format('%.0f', slot - now)
"""

# KEYS: hold   ARGV: for how long; 0 only asks. Returns how long it still lasts
_HOLD = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local till = math.max(now + ARGV[1], tonumber(redis.call('GET', KEYS[1]) or 0))
if till > now then
  redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', math.ceil((till - now) / 1000) + 1)
end
return string.format('%.0f', till - now)
"""


class Pace:
    """`Pace(None)` has no Redis and so goes alone from the start."""

    def __init__(
        self, url: str | None, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):  # fmt: skip
        self._clock, self._sleep = clock, sleep
        self._redis = connect(url) if url else None
        self._alone_till = -math.inf
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}

    async def close(self) -> None:
        if self._redis:
            await self._redis.aclose()

    async def wait(self, site: str, delay: float) -> float:
        """Returns when the site may be asked: `delay` seconds lie between any two slots. Seconds waited. Whoever a
        hold overtakes while it waits goes to the end of the line."""
        waited = 0.0
        while seconds := await self._reserve(site, delay):
            await self._sleep(seconds)
            waited += seconds
            if not await self._holding(site):
                break
        return waited

    async def hold(self, site: str, seconds: float) -> None:
        """Nobody asks the site for so long; a longer hold that stands is not shortened."""
        self._held[site] = max(self._held.get(site, 0.0), self._clock() + seconds)
        await self._ask(_HOLD, [_hold_key(site)], [_micro(seconds)])

    async def _reserve(self, site: str, delay: float) -> float:
        """Seconds until the slot that is now ours."""
        keys = [f"homefeed:pace:{site}", _hold_key(site)]
        wait = await self._ask(_RESERVE, keys, [_micro(delay), _micro(self._floor(site))])
        if wait is None:
            wait = self._floor(site)
            delay *= STRICTER
        self._next[site] = max(self._next.get(site, 0.0), self._clock() + wait + delay)
        return wait

    def _floor(self, site: str) -> float:
        """Seconds that this process alone knows must pass, from its own slots and the holds it has heard of."""
        return max(0.0, self._next.get(site, 0.0) - self._clock(), self._held.get(site, 0.0) - self._clock())

    async def _holding(self, site: str) -> bool:
        if self._held.get(site, 0.0) > self._clock():
            return True
        return bool(await self._ask(_HOLD, [_hold_key(site)], [0]))

    async def _ask(self, script: str, keys: list[str], args: list[int]) -> float | None:
        """The script's seconds, or None when Redis is away (then it is left alone for a while)."""
        if self._redis is None or self._clock() < self._alone_till:
            return None
        try:
            with away():
                return int(await self._redis.register_script(script)(keys=keys, args=args)) / 1e6
        except BusAway as error:
            log.warning("keeping a %.0f times slower pace alone: %s", STRICTER, error)
            self._alone_till = self._clock() + RETRY_S
            return None


def _hold_key(site: str) -> str:
    return f"homefeed:hold:{site}"


def _micro(seconds: float) -> int:
    return math.ceil(seconds * 1e6)
