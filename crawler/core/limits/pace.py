"""How often one site may be asked and how many requests may be under way there, over all workers: whoever waits stands
in one line in Redis, and one call takes a place and the turn together.

Without Redis answering, this process keeps stricter limits of its own, since it can't know how many others do too.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from uuid import uuid4

from crawler.core.errors import BusAway, NoTurn
from crawler.core.limits import lua
from crawler.core.limits.alone import Alone
from crawler.core.limits.terms import Limits, Place
from crawler.core.optional_redis import OptionalRedis
from crawler.core.tasks import cancelled


class Pace:
    """`Pace(None)` has no Redis and so goes alone from the start."""

    def __init__(
        self, redis: OptionalRedis | None, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):  # fmt: skip
        self._redis, self._clock, self._sleep = redis, clock, sleep
        self._alone = Alone(clock, redis.retry_s + redis.call_s if redis else 0.0)
        self._waiting: dict[str, deque[asyncio.Task[None]]] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Returns once places given up are free for other processes too."""
        await asyncio.gather(*self._leaving)

    async def enter(self, site: str, limits: Limits, within: float = math.inf) -> Place:
        """Returns when a request to the site may start, in the place that is now its own; `leave` gives it back. Raises
        NoTurn as soon as it is known that it would take more than `within` seconds."""
        token, asked = f"{uuid4().hex}:{_micro(limits.delay)}", self._clock()
        try:
            while True:
                wait, full = await self._ask(site, token, limits)
                waited = self._clock() - asked
                if wait <= 0:
                    return Place(site, token, waited)
                if waited + wait > within:
                    raise NoTurn(f"{site} may not be asked for another {wait:.0f} s")
                await self._rest(site, wait, full)
        except BaseException:
            self._leave(site, token)
            raise

    def leave(self, place: Place) -> None:
        """The request is over; other processes hear of it in a moment."""
        self._leave(place.site, place.token)

    async def hold(self, site: str, seconds: float) -> None:
        """Nobody asks the site for so long; a longer hold that stands is not shortened."""
        self._alone.hold(site, seconds)
        await self._run(lua.HOLD, lua.keys(site, "hold"), [_micro(seconds)])

    async def _ask(self, site: str, token: str, limits: Limits) -> tuple[float, bool]:
        """(seconds to wait, whether for want of a place); the place is taken when there is nothing to wait for."""
        wanted, limits = limits, self._alone.careful(limits)
        interval = min(max(limits.delay / 2, lua.LEAST_S), lua.MOST_S)
        times = (limits.lease, self._alone.floor(site), interval, lua.GRACE_S)
        args: list[str | int] = [token, _micro(limits.delay), limits.most, *map(_micro, times)]
        for held, rest in self._alone.places(site).items():
            args += [held, _micro(rest)]
        reply = await self._run(lua.ENTER, lua.keys(site, *lua.PARTS), args)
        if reply is None:
            return self._alone.ask(site, token, wanted)
        wait, full = int(reply[0]) / 1e6, bool(reply[1])
        if wait <= 0:
            self._alone.enter(site, token, limits)
        return wait, full

    async def _rest(self, site: str, seconds: float, full: bool) -> None:
        """Waits; who waits for a place is woken when this process frees one."""
        if not full:
            return await self._sleep(seconds)
        sleeping = asyncio.ensure_future(self._doze(seconds))
        waiting = self._waiting.setdefault(site, deque())
        waiting.append(sleeping)
        try:
            await asyncio.wait([sleeping])
        finally:
            await cancelled(sleeping)
            if sleeping in waiting:
                waiting.remove(sleeping)
            if not waiting and self._waiting.get(site) is waiting:  # else others began a line of their own
                del self._waiting[site]

    async def _doze(self, seconds: float) -> None:
        await self._sleep(seconds)

    def _leave(self, site: str, token: str) -> None:
        self._alone.leave(site, token)
        leaving = asyncio.ensure_future(self._give_back(site, token))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _give_back(self, site: str, token: str) -> None:
        await self._run(lua.LEAVE, lua.keys(site, "places", "line", "due"), [token])
        if waiting := self._waiting.get(site):
            waiting.popleft().cancel()

    async def _run(self, script: str, keys: list[str], args: list[str | int]) -> list[int] | None:
        """The script's reply; None while Redis is away."""
        if self._redis is None:
            return None
        try:
            reply = await self._redis.run(script, keys, args)
        except BusAway:
            self._alone.lost()
            return None
        self._alone.found()
        return reply or [0, 0]


def _micro(seconds: float) -> int:
    return math.ceil(seconds * 1e6)
