"""How many requests a client may make within any minute, over all processes: each process leases some of what is left
and hands that out for a few seconds without asking anybody, then gives back the rest. All together never exceed the
limit, wherever the minute begins.

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
STEPS = 12  # of a window; requests are counted by step, and a lease ends with its step
LEASES = 20  # the limit is leased in about so many parts
AGAIN_S = 1.0  # how long a client that has nothing left is refused without asking
FAMILY = 10
STRICTER = 4
CLIENTS = 10_000  # remembered; one that is forgotten loses what it had leased

# The window that ends now lies within this step and the STEPS before it.
# KEYS: client   ARGV: limit, ms of a step, steps, most to lease, step and number of tokens given back
# Returns {leased, left to lease, ms until the step ends, ms until the oldest request no longer counts, step}
_LEASE = """
local time = redis.call('TIME')
local ms, length, steps = time[1] * 1000 + math.floor(time[2] / 1000), tonumber(ARGV[2]), tonumber(ARGV[3])
local step = math.floor(ms / length)
if redis.call('HEXISTS', KEYS[1], ARGV[5]) == 1 then redis.call('HINCRBY', KEYS[1], ARGV[5], -ARGV[6]) end
local left, oldest, counts = tonumber(ARGV[1]), step, redis.call('HGETALL', KEYS[1])
for i = 1, #counts, 2 do
  local counted, count = tonumber(counts[i]), tonumber(counts[i + 1])
  if counted < step - steps then
    redis.call('HDEL', KEYS[1], counts[i])
  elseif count > 0 then
    left, oldest = left - count, math.min(oldest, counted)
  end
end
local leased = math.min(left, tonumber(ARGV[4]), math.max(1, math.floor(left / 4)))
if leased > 0 then
  redis.call('HINCRBY', KEYS[1], string.format('%.0f', step), string.format('%.0f', leased))
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', (steps + 2) * length))
end
return {leased, left - leased, (step + 1) * length - ms, (oldest + steps + 1) * length - ms, step}
"""


class Lease:
    """What one client has here: `tokens` requests before `till`; `left` more can be leased before `more_at`, when some
    become free again, and are asked for from `again_at` on. `step` is the server's; 0 when it was not there to ask."""

    __slots__ = ("again_at", "asking", "left", "more_at", "step", "till", "tokens")

    def __init__(self) -> None:
        self.tokens, self.left, self.step = 0, 0, 0
        self.till = self.more_at = self.again_at = -math.inf
        self.asking = asyncio.Lock()

    def take(self, now: float) -> bool:
        if self.tokens > 0 and now < self.till:
            self.tokens -= 1
            return True
        return False

    def spent(self, now: float) -> bool:
        """Nothing is left for anybody, as far as was heard a moment ago."""
        return now < self.again_at and self.tokens == 0 and self.left == 0


class Limits:
    """`name` is `read` or `write`; `limit` holds for one client and any `window_s` seconds."""

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
        return self._says % (lease.left + lease.tokens, lease.more_at - now + 1)

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
        return self._says % (lease.left + lease.tokens, lease.more_at - now + 1)

    def _lease(self, name: str) -> Lease:
        lease = self._leases.setdefault(name, Lease())
        self._leases.move_to_end(name)
        if len(self._leases) > CLIENTS:
            self._leases.popitem(last=False)
        return lease

    async def _renew(self, lease: Lease, name: str, limit: int) -> None:
        asked = self._clock()  # before the call, so that our step never ends after the server's
        unused, lease.tokens = lease.tokens, 0  # before the call, so that they are never given back twice
        step_ms = self._window_s * 1000 // STEPS
        args = [limit, step_ms, STEPS, max(1, limit // LEASES), lease.step, unused]
        try:
            said = await self._redis.run(_LEASE, [f"homefeed:rate:{self._name}:{name}"], args)
        except BusAway:
            alone = max(1, int(limit * RETRY_S / self._window_s / STRICTER))
            said = [alone, 0, RETRY_S * 1000, RETRY_S * 1000, 0]
        leased, left, till_ms, more_ms, lease.step = said
        lease.tokens, lease.left = max(0, leased), max(0, left)
        lease.till, lease.more_at = asked + till_ms / 1000, asked + more_ms / 1000
        lease.again_at = min(lease.more_at, asked + AGAIN_S) if lease.step else lease.till

    def _too_many(self, lease: Lease, now: float) -> Problem:
        wait = math.ceil(lease.more_at - now)
        says, policy = (self._says % (0, wait)).decode(), self.policy[1].decode()
        headers = {"Retry-After": str(wait), "RateLimit": says, "RateLimit-Policy": policy}
        detail = f"more than {self._limit} {self._name} requests in {self._window_s} s; try again in {wait} s"
        return Problem(429, "too-many-requests", detail, headers=headers)
