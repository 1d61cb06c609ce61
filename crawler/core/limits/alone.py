"""What one process knows of its own requests: enough to be polite alone, and to tell Redis when it is back."""

import random
from collections.abc import Callable
from itertools import takewhile
from typing import TypeVar

from crawler.core.limits.lua import LEAST_S
from crawler.core.limits.terms import Limits

STRICTER = 4.0  # how much slower than asked, and with how many fewer places, this process goes alone
SITES = 1_000  # about which times are kept before outdated ones are dropped

V = TypeVar("V")


class Alone:
    """`between` spreads the first requests of workers that lose Redis at the same moment."""

    def __init__(self, clock: Callable[[], float], between: Callable[[float, float], float] = random.uniform):
        self._clock, self._between = clock, between
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self._lost: float | None = None  # when Redis went, and the paces that lie before the first request after that
        self._phase = 0.0
        self._places: dict[str, dict[str, float]] = {}
        self._line: dict[str, dict[str, float]] = {}  # the delay of each who waits

    def lost(self) -> None:
        """Redis does not answer: what others took last at a site is not known."""
        if self._lost is None:
            self._lost, self._phase = self._clock(), self._between(1.0, STRICTER)

    def found(self) -> None:
        self._lost = None

    def ask(self, site: str, token: str, limits: Limits) -> tuple[float, bool]:
        """(seconds to wait, whether for want of a place); 0.0 when the place is taken."""
        line = self._line.setdefault(site, {})
        line.setdefault(token, limits.delay)
        ahead = list(takewhile(lambda other: other != token, line))
        full = len(self.places(site)) >= max(1, int(limits.most / STRICTER))
        since = 0.0 if self._lost is None else self._lost + limits.delay * self._phase - self._clock()
        wait = max(self.floor(site), since)
        if not ahead and not full and wait <= 0:
            self.enter(site, token, limits, STRICTER)
            return 0.0, False
        return max(wait + STRICTER * sum(line[other] for other in ahead), LEAST_S if full or ahead else 0.0), full

    def enter(self, site: str, token: str, limits: Limits, slower: float = 1.0) -> None:
        """The request starts now."""
        self._leave_line(site, token)
        _trim(self._next, self._clock())
        self._next[site] = max(self._next.get(site, 0.0), self._clock() + limits.delay * slower)
        self._places.setdefault(site, {})[token] = self._clock() + limits.lease

    def leave(self, site: str, token: str) -> None:
        self._leave_line(site, token)
        places = self._places.get(site, {})
        places.pop(token, None)
        if not places:
            self._places.pop(site, None)

    def hold(self, site: str, seconds: float) -> None:
        _trim(self._held, self._clock())
        self._held[site] = max(self._held.get(site, 0.0), self._clock() + seconds)

    def floor(self, site: str) -> float:
        """Seconds that must pass by what this process knows."""
        return max(0.0, max(self._next.get(site, 0.0), self._held.get(site, 0.0)) - self._clock())

    def places(self, site: str) -> dict[str, float]:
        """Seconds left of each lease this process holds at the site."""
        held = self._places.get(site, {})
        for token in [token for token, till in held.items() if till <= self._clock()]:
            del held[token]
        return {token: till - self._clock() for token, till in held.items()}

    def _leave_line(self, site: str, token: str) -> None:
        line = self._line.get(site, {})
        line.pop(token, None)
        if not line:
            self._line.pop(site, None)


def _trim(times: dict[str, float], now: float) -> None:
    """Times of the past say nothing any more."""
    if len(times) > SITES:
        for site in [site for site, till in times.items() if till <= now]:
            del times[site]
