"""The circuits of all sites, shared by all workers through Redis; while Redis is away this process keeps its own."""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from crawler.core import metrics
from crawler.core.breaker import lua
from crawler.core.breaker.circuit import Circuit, State, Terms
from crawler.core.errors import BusAway, CircuitOpen
from crawler.core.optional_redis import OptionalRedis, micro, word

MOST = 1_000  # sites this process remembers by itself
FRESH_S = 0.1  # for which a circuit without a failure is not asked for again


class Told(NamedTuple):
    """What this process heard last of a circuit: when, until when it is open, and its state then."""

    at: float
    till: float
    state: State


SOUND = State()
UNTOLD = Told(-math.inf, -math.inf, SOUND)


class Breaker:
    def __init__(self, redis: OptionalRedis | None, terms: Terms, clock: Callable[[], float] = time.monotonic):
        self._redis, self._terms, self._clock = redis, terms, clock
        self._own: OrderedDict[str, Circuit] = OrderedDict()
        self._told: OrderedDict[str, Told] = OrderedDict()
        self._looks: dict[str, asyncio.Task[None]] = {}
        self._reports: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        await asyncio.gather(*self._looks.values(), *self._reports.values())

    async def admit(self, site: str, token: str) -> bool:
        """Whether the request is the one probe of an open circuit. Raises CircuitOpen when it may not go. No token:
        raises if open, and is never the probe."""
        if await self._sound(site):
            return False
        [state] = await self._look([site], token)
        self._note(site, state)
        if state.seconds > 0:
            raise CircuitOpen(_words(state))
        if token and state.state == "half_open":
            metrics.circuit(site, "half_open")
        return bool(token) and state.state == "half_open"

    def check(self, site: str) -> None:
        """By what this process was told last. Raises CircuitOpen."""
        _, till, state = self._told.get(site, UNTOLD)
        if till > self._clock():
            raise CircuitOpen(_words(msgspec.structs.replace(state, seconds=till - self._clock())))

    async def failed(self, site: str, token: str, reason: str) -> None:
        reply = await self._run(lua.FAILED, [lua.key(site)], [
            token, reason, self._terms.failures, micro(self._terms.open_s), micro(self._terms.longest_s),
        ])  # fmt: skip
        opened = self._circuit(site).failed(token, reason, self._clock()) if reply is None else bool(reply[0])
        if opened:
            metrics.circuit(site, "open")
        self._note(site, (await self._look([site], ""))[0])

    async def succeeded(self, site: str, token: str, probe: bool = False) -> None:
        """A probe's word is heard before this returns; others' in a moment, once for many at the same time. Where no
        failure was known when the request began, it has nothing to say: those that failed since began later."""
        state = self._told.get(site, UNTOLD).state
        if probe or state.state != "closed":
            await self._succeed(site, token)
        elif state == SOUND:
            return
        elif site not in self._reports or self._reports[site].done():
            report = self._reports[site] = asyncio.ensure_future(self._succeed(site, token))
            report.add_done_callback(lambda report: self._reported(site, report))

    async def withdrew(self, site: str, token: str) -> None:
        """The probe ended without a word on the site."""
        if await self._run(lua.WITHDREW, [lua.key(site)], [token]) is None and site in self._own:
            self._own[site].withdrew(token)

    async def states(self, sites: Iterable[str]) -> dict[str, State]:
        """By site (host, with the port where one is given), as all workers know them. Raises BusAway."""
        asked = list(sites)
        if not asked or self._redis is None:
            return dict(zip(asked, await self._look(asked, ""), strict=True))
        found = await self._redis.run(lua.ADMIT, [lua.key(site) for site in asked], [""])
        return dict(zip(asked, _states(found), strict=True))

    async def _sound(self, site: str) -> bool:
        """Is its circuit without a failure? Many that ask within a moment share one answer; of one that was unsound
        last each asks for itself, since it may be the probe."""
        told = self._told.get(site, UNTOLD)
        if told.state != SOUND:
            return False
        if self._clock() - told.at >= FRESH_S:
            look = self._looks.get(site) or asyncio.ensure_future(self._refresh(site))
            self._looks[site] = look
            await asyncio.shield(look)
        return self._told.get(site, UNTOLD).state == SOUND

    async def _refresh(self, site: str) -> None:
        before = self._told.get(site)
        try:
            [state] = await self._look([site], "")
            if self._told.get(site) is before:  # else more is known by now
                self._note(site, state)
        finally:
            del self._looks[site]

    async def _succeed(self, site: str, token: str) -> None:
        closed = await self._run(lua.SUCCEEDED, [lua.key(site)], [token])
        if closed is None:
            closed = site in self._own and self._own[site].succeeded(token)
        if closed:
            self._told.pop(site, None)
            metrics.circuit(site, "closed")

    def _reported(self, site: str, report: "asyncio.Task[None]") -> None:
        if self._reports.get(site) is report:  # else a later one is under way
            del self._reports[site]

    async def _look(self, sites: list[str], token: str) -> list[State]:
        found = await self._run(lua.ADMIT, [lua.key(site) for site in sites], [token])
        if found is None:
            return [self._circuit(site).admit(token, self._clock()) for site in sites]
        return _states(found)

    def _note(self, site: str, state: State) -> None:
        now = self._clock()
        self._told[site] = Told(now, now + state.seconds if state.state == "open" else now, state)
        self._told.move_to_end(site)
        if len(self._told) > MOST:
            self._told.popitem(last=False)

    def _circuit(self, site: str) -> Circuit:
        circuit = self._own.setdefault(site, Circuit(self._terms))
        self._own.move_to_end(site)
        if len(self._own) > MOST:
            self._own.popitem(last=False)
        return circuit

    async def _run(self, script: str, keys: list[str], args: list[str | int]) -> Any:
        """The script's reply (True for none); None while Redis is away."""
        if self._redis is None:
            return None
        try:
            reply = await self._redis.run(script, keys, args)
        except BusAway:
            return None
        return True if reply is None else reply


def _states(found: Any) -> list[State]:
    return [State(word(s), int(micro) / 1e6, int(n), word(why)) for s, micro, n, why in found]


def _words(state: State) -> str:
    if state.state == "half_open":
        return f"circuit half-open: a probe is under way after {state.failures} failures: {state.reason}"
    return f"circuit open for {state.seconds:.0f} s after {state.failures} failures: {state.reason}"
