"""How many requests a minute a client may make, over all processes: each process leases some of what is left of the
minute and hands that out without asking anybody. What it doesn't use is lost, so all together never exceed the limit.

A client that names itself by `X-Homefeed-Client` shares what its key may do, which is FAMILY times as much.
Without Redis each process goes on with a stricter limit of its own.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from api.errors import Problem
from api.front.clients import Client
from crawler.core.errors import BusAway
from crawler.core.optional_redis import RETRY_S, OptionalRedis

WINDOW_S = 60
LEASES = 20  # a minute's share is leased in about so many parts
FAMILY = 10
STRICTER = 4
CLIENTS = 10_000  # remembered; one that is forgotten loses what it had leased

# KEYS: client   ARGV: limit, window in s, most to lease. Returns {leased, left to lease, ms until the window ends}
_LEASE = """
local time = redis.call('TIME')
local ms, window = time[1] * 1000 + math.floor(time[2] / 1000), ARGV[2] * 1000
local key = KEYS[1] .. ':' .. string.format('%.0f', math.floor(ms / window))
local left = tonumber(ARGV[1]) - tonumber(redis.call('GET', key) or 0)
local leased = math.min(left, tonumber(ARGV[3]), math.max(1, math.floor(left / 4)))
if leased > 0 then
  redis.call('INCRBY', key, string.format('%.0f', leased))
  redis.call('PEXPIRE', key, window)
end
return {leased, left - leased, window - ms % window}
"""


class Lease:
    """`tokens` requests may be made before `till` (clock); `left` more can be leased until then."""

    __slots__ = ("asking", "left", "till", "tokens")

    def __init__(self) -> None:
        self.tokens, self.left, self.till = 0, 0, -math.inf
        self.asking = asyncio.Lock()

    def take(self, now: float) -> bool:
        if self.tokens > 0 and now < self.till:
            self.tokens -= 1
            return True
        return False

    def spent(self, now: float) -> bool:
        """Nothing is left for anybody before `till`."""
        return now < self.till and self.tokens == 0 and self.left == 0


class Limits:
    """`name` is `read` or `write`; `limit` holds for one client and window."""

    def __init__(
        self, redis: OptionalRedis, name: str, limit: int, clock: Callable[[], float] = time.monotonic,
        window_s: int = WINDOW_S,
    ):  # fmt: skip
        self._redis, self._name, self._limit, self._clock, self._window_s = redis, name, limit, clock, window_s
        self._leases: OrderedDict[str, Lease] = OrderedDict()
        self.policy = (b"ratelimit-policy", b'"%s";q=%d;w=%d' % (name.encode(), limit, window_s))
        self._says = b'"%s";r=%%d;t=%%d' % name.encode()

    def at_once(self, client: Client) -> bytes | None:
        """Counts a request of a client that has a lease, and gives its `RateLimit`; None when `take` must be asked."""
        lease, now = self._leases.get(client.name), self._clock()
        if lease is None or client.name != client.key or not lease.take(now):
            return None
        return self._says % (lease.left + lease.tokens, lease.till - now + 1)

    async def take(self, client: Client) -> bytes:
        """Counts a request and gives its `RateLimit`. Raises Problem 429."""
        said = await self._take(client.name, self._limit)
        if client.name != client.key:
            await self._take(f"{client.key}/*", self._limit * FAMILY)
        return said

    async def _take(self, name: str, limit: int) -> bytes:
        lease = self._lease(name)
        async with lease.asking:
            now = self._clock()
            while not lease.take(now):
                if lease.spent(now):
                    raise self._too_many(lease, now)
                await self._renew(lease, name, limit)
                now = self._clock()
        return self._says % (lease.left + lease.tokens, lease.till - now + 1)

    def _lease(self, name: str) -> Lease:
        lease = self._leases.setdefault(name, Lease())
        self._leases.move_to_end(name)
        if len(self._leases) > CLIENTS:
            self._leases.popitem(last=False)
        return lease

    async def _renew(self, lease: Lease, name: str, limit: int) -> None:
        asked = self._clock()  # before the call, so that our window never ends after the server's
        args = [limit, self._window_s, max(1, limit // LEASES)]
        try:
            leased, left, ms = await self._redis.run(_LEASE, [f"homefeed:rate:{self._name}:{name}"], args)
        except BusAway:
            part = limit * RETRY_S / self._window_s / STRICTER
            leased, left, ms = max(1, int(part)), 0, RETRY_S * 1000
        lease.tokens, lease.left, lease.till = max(0, leased), max(0, left), asked + ms / 1000

    def _too_many(self, lease: Lease, now: float) -> Problem:
        wait = math.ceil(lease.till - now)
        says, policy = (self._says % (0, wait)).decode(), self.policy[1].decode()
        headers = {"Retry-After": str(wait), "RateLimit": says, "RateLimit-Policy": policy}
        detail = f"more than {self._limit} {self._name} requests in {self._window_s} s; try again in {wait} s"
        return Problem(
            429, "too-many-requests", detail, headers=headers | {"RateLimit-Policy": self.policy[1].decode()}
        )
