"""How often one site may be asked and how many requests may be under way there, over all workers: whoever waits stands
in one line in Redis, and one call takes a place and the turn together.

Without Redis answering, this process keeps stricter limits of its own, since it can't know how many others do too.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count, islice
from uuid import uuid4

from crawler.core.errors import BusAway, NoTurn
from crawler.core.limits import lua
from crawler.core.limits.alone import Alone
from crawler.core.limits.terms import Limits, Place
from crawler.core.optional_redis import OptionalRedis, micro
from crawler.core.tasks import cancelled

SOON_S = 0.02  # within which what this process gave up may go along with another question
KEPT = 100  # sites, and of each of them places given up, of which a Redis that is away is told when it is back


class Pace:
    """`Pace(None)` has no Redis and so goes alone from the start."""

    def __init__(
        self, redis: OptionalRedis | None, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):  # fmt: skip
        self._redis, self._clock, self._sleep = redis, clock, sleep
        self._alone = Alone(clock, redis.retry_s + redis.call_s if redis else 0.0)
        self._waiting: dict[str, dict[int, asyncio.Task[None]]] = {}  # by when they came, as the line has them
        self._name, self._numbers = uuid4().hex, count()
        self._left: dict[str, dict[str, int]] = {}  # places and turns given up, of which Redis does not know yet, when
        self._leaving: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        """Returns once places given up are free for other processes too."""
        await asyncio.gather(*self._leaving.values())

    async def enter(self, site: str, limits: Limits, within: float = math.inf) -> Place:
        """Returns when a request to the site may start, in the place that is now its own; `leave` gives it back. Raises
        NoTurn as soon as it is known that it would take more than `within` seconds."""
        asked, number = self._clock(), next(self._numbers)
        token = f"{self._name}-{number}:{micro(limits.delay)}"
        try:
            while True:
                before = next(self._numbers)
                wait, full = await self._ask(site, token, limits)
                waited = self._clock() - asked
                if wait <= 0:
                    return Place(site, token, waited)
                if full and max(self._left.get(site, {}).values(), default=0) > before:  # a place came free meanwhile
                    continue
                if waited + wait > within:
                    raise NoTurn(f"{site} may not be asked for another {wait:.0f} s")
                await self._rest(site, number, wait, full)
        except BaseException:
            self._leave(site, token)
            raise

    def leave(self, place: Place) -> None:
        """The request is over; other processes hear of it in a moment."""
        self._leave(place.site, place.token)

    async def hold(self, site: str, seconds: float) -> None:
        """Nobody asks the site for so long; a longer hold that stands is not shortened."""
        self._alone.hold(site, seconds)
        await self._run(lua.HOLD, lua.keys(site, "hold"), [micro(seconds)])

    async def _ask(self, site: str, token: str, limits: Limits) -> tuple[float, bool]:
        """(seconds to wait, whether for want of a place); the place is taken when there is nothing to wait for."""
        wanted, limits = limits, self._alone.careful(limits)
        interval = min(max(limits.delay / 2, lua.LEAST_S), lua.MOST_S)
        times = (limits.lease, self._alone.floor(site), interval, lua.GRACE_S)
        args: list[str | int] = [token, micro(limits.delay), limits.most, *map(micro, times)]
        held = self._alone.places(site)
        for place, rest in held.items():
            args += [place, micro(rest)]
        try:
            reply = await self._tell(lua.ENTER, lua.PARTS, site, args)
        finally:  # those given up meanwhile it took again, if it was overtaken
            self._give_up(site, held.keys() - self._alone.places(site).keys())
        if reply is None:
            return self._alone.ask(site, token, wanted)
        wait, full = int(reply[0]) / 1e6, bool(reply[1])
        if wait <= 0:
            self._alone.enter(site, token, limits)
        return wait, full

    async def _rest(self, site: str, number: int, seconds: float, full: bool) -> None:
        """Waits; of those who wait for a place the first is woken when this process frees one."""
        if not full:
            return await self._sleep(seconds)
        sleeping = asyncio.ensure_future(self._doze(seconds))
        waiting = self._waiting.setdefault(site, {})
        waiting[number] = sleeping
        try:
            await asyncio.wait([sleeping])
        finally:
            await cancelled(sleeping)
            waiting.pop(number, None)
            if not waiting and self._waiting.get(site) is waiting:  # else others began a line of their own
                del self._waiting[site]

    async def _doze(self, seconds: float) -> None:
        await self._sleep(seconds)

    def _leave(self, site: str, token: str) -> None:
        """Whoever waits here for a place asks now, and tells of this one too; else it is told in a moment."""
        self._alone.leave(site, token)
        self._give_up(site, {token})
        if waiting := self._waiting.get(site):
            waiting.pop(min(waiting)).cancel()

    def _give_up(self, site: str, tokens: set[str]) -> None:
        if tokens and self._redis:
            self._left.setdefault(site, {}).update(dict.fromkeys(tokens, next(self._numbers)))
            if site not in self._leaving:
                self._leaving[site] = asyncio.ensure_future(self._give_back(site))

    async def _give_back(self, site: str) -> None:
        """Returns when Redis knows, or is away: then the next question that it answers tells of it."""
        try:
            while left := self._left[site]:
                await asyncio.sleep(SOON_S)
                if left and await self._tell(lua.LEAVE, ("places", "line", "due"), site, []) is None:
                    self._left[site] = dict(islice(left.items(), KEPT))  # it knows nothing of those that came later
                    break
        finally:
            del self._leaving[site]
            if not self._left[site] or len(self._left) > KEPT:
                del self._left[site]

    async def _tell(self, script: str, parts: Sequence[str], site: str, args: list[str | int]) -> list[int] | None:
        """The script's reply, after what was given up at the site: every call tells of it until one is answered, since
        they may overtake each other."""
        left = dict(self._left.get(site, {}))
        reply = await self._run(script, lua.keys(site, *parts), [len(left), *left, *args])
        now = self._left.get(site, {}) if reply is not None else {}
        for token in [token for token, number in left.items() if now.get(token) == number]:  # else given up once more
            del now[token]
        return reply

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
