"""Which way a request takes first, and which next when that did not lead to the page."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from crawler.core.proxies.health import Health
from crawler.core.ways import Kind, kind, proxy_of
from crawler.core.ways.remembered import Remembered

REFUSALS = 3  # proxies a shop may turn away before a page is tried by another kind of way
PROXIES = 6  # proxies tried for one page, with those that could not be reached
BROWSERS = 2  # proxies a browser is tried behind

Wanted = Literal["other", "browser"]


class Ask(msgspec.Struct, frozen=True):
    """What a request wants. `tried`: ways that did not lead to the page, in order; `unreached`: how many of them failed
    before the shop was asked. `avoid`: a way an earlier reading came by. `sticky`: the proxy of its session."""

    site: str
    browser: bool = False
    tried: tuple[str, ...] = ()
    unreached: int = 0
    avoid: str | None = None
    sticky: str | None = None


class Chooser:
    """`allowed`: kinds of way, cheapest first. `names`: of the proxies. `fallback`: go directly when all proxies rest;
    never where direct is not allowed."""

    def __init__(
        self, allowed: Sequence[Kind], names: Iterable[str], fallback: bool, health: Health, remembered: Remembered
    ):
        self.names = tuple(names)
        self.allowed = tuple(kind for kind in allowed if kind != "proxy" or self.names)
        self.health, self.remembered = health, remembered
        self._fallback = fallback and "direct" in allowed
        self._bare = self._fallback or not self.names

    async def first(self, ask: Ask) -> str | None:
        """None when every proxy rests and nothing else is allowed."""
        kinds = self._kinds(ask.browser)
        start = await self.remembered.get(ask.site) if len(kinds) > 1 else None
        kinds = kinds[kinds.index(start) :] if start in kinds else kinds
        return await self._first_of(kinds, ask) or (await self._same_again(kinds, ask) if ask.avoid else None)

    async def following(self, ask: Ask, way: str, wanted: Wanted = "other") -> str | None:
        """The way after `way`, which `ask.tried` has not yet; None when nothing is left to try."""
        ask = msgspec.structs.replace(ask, tried=(*ask.tried, way), sticky=None)
        kinds = self._kinds(ask.browser)
        later = kinds[kinds.index(kind(way)) + 1 :] if kind(way) in kinds else ()
        if wanted == "browser":
            return await self._open("browser", ask) if "browser" in later else None
        again = [kind(way)] if self._may_repeat(ask, kind(way)) else []
        return await self._first_of([*again, *later], ask)

    def _kinds(self, browser: bool) -> tuple[Kind, ...]:
        """What is no page (robots.txt, a picture) goes the plain way where only a browser is allowed."""
        found = tuple(kind for kind in self.allowed if kind != "browser" or browser)
        return found or (("proxy",) if self.names else ("direct",))

    def _may_repeat(self, ask: Ask, repeated: Kind) -> bool:
        tried = sum(kind(way) == repeated for way in ask.tried)
        if repeated == "proxy":
            return tried < PROXIES and tried - ask.unreached < REFUSALS
        return repeated == "browser" and bool(self.names) and tried < BROWSERS

    async def _first_of(self, kinds: Iterable[Kind], ask: Ask) -> str | None:
        """The first of these ways that is open; the direct one as the last resort."""
        for one in kinds:
            way = await self._open(one, ask)
            if way:
                return way
        return await self._open("direct", ask) if self._fallback and self.names else None

    async def _open(self, one: Kind, ask: Ask) -> str | None:
        if one == "direct":
            return _unless_used("direct", ask)
        proxy = await self._proxy(one, ask) if self.names else None
        if proxy:
            return f"{one}:{proxy}"
        return _unless_used("browser", ask) if one == "browser" and self._bare else None

    async def _proxy(self, one: Kind, ask: Ask) -> str | None:
        used = {proxy_of(way) for way in (*ask.tried, ask.avoid or "") if way.startswith(one)}
        left = [name for name in self.names if name not in used]
        kept = await self.health.pick(ask.site, [ask.sticky]) if ask.sticky in left else None
        return kept or await self.health.pick(ask.site, left)

    async def _same_again(self, kinds: Sequence[Kind], ask: Ask) -> str | None:
        """No other way is open: the same one once more, where another session is all that can differ."""
        return await self._first_of(kinds, msgspec.structs.replace(ask, avoid=None))


def _unless_used(way: str, ask: Ask) -> str | None:
    return None if way in ask.tried or way == ask.avoid else way
