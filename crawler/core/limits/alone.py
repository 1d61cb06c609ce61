"""What one process knows of its own requests: enough to be polite alone, and to tell Redis when it is back."""

import math
import random
from collections.abc import Callable
from itertools import takewhile

from crawler.core.limits.lua import LEAST_S
from crawler.core.limits.terms import Limits

STRICTER = 4.0  # how much slower than asked, and with how many fewer places, this process goes alone
SITES = 1_000  # about which times are kept before outdated ones are dropped


class Alone:
    """`between` spreads the first requests of workers that lose Redis at the same moment. `others_s`: within that time
    all workers notice that Redis is back."""

    def __init__(
        self, clock: Callable[[], float], others_s: float, between: Callable[[float, float], float] = random.uniform
    ):  # fmt: skip
        self._clock, self._others_s, self._between = clock, others_s, between
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self._lost: float | None = None  # when Redis went; `phase` delays lie before the first request after that
        self._phase = 0.0
        self._careful_till = -math.inf
        self._places: dict[str, dict[str, float]] = {}
        self._line: dict[str, dict[str, float]] = {}  # the delay of each who waits

    def lost(self) -> None:
        """Redis does not answer: what others took last at a site is not known."""
        if self._lost is None:
            self._lost, self._phase = self._clock(), self._between(1 / STRICTER, 1.0)

    def found(self) -> None:
        """Redis answers; it does not know yet of what others do alone."""
        if self._lost is not None:
            self._lost, self._careful_till = None, self._clock() + self._others_s

    def careful(self, limits: Limits) -> Limits:
        """The limits to ask Redis for."""
        return stricter(limits) if self._clock() < self._careful_till else limits

    def ask(self, site: str, token: str, limits: Limits) -> tuple[float, bool]:
        """(seconds to wait, whether for want of a place); 0.0 when the place is taken."""
        limits, line = stricter(limits), self._line.setdefault(site, {})
        line.setdefault(token, limits.delay)
        ahead = list(takewhile(lambda other: other != token, line))
        full = len(self.places(site)) >= limits.most
        since = 0.0 if self._lost is None else self._lost + limits.delay * self._phase - self._clock()
        wait = max(self.floor(site), since)
        if not ahead and not full and wait <= 0:
            self.enter(site, token, limits)
            return 0.0, False
        return max(wait + sum(line[other] for other in ahead), LEAST_S if full or ahead else 0.0), full

    def enter(self, site: str, token: str, limits: Limits) -> None:
        """The request starts now."""
        self._leave_line(site, token)
        _trim(self._next, self._clock())
        self._next[site] = max(self._next.get(site, 0.0), self._clock() + limits.delay)
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


def stricter(limits: Limits) -> Limits:
    return Limits(limits.delay * STRICTER, max(1, int(limits.most / STRICTER)), limits.lease)


def _trim(times: dict[str, float], now: float) -> None:
    """Times of the past say nothing any more."""
    if len(times) > SITES:
        for site in [site for site, till in times.items() if till <= now]:
            del times[site]
