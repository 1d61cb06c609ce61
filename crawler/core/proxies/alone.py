"""The same health in this process's own memory, for when Redis is away."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec

MOST = 10_000  # pairs of site and proxy; beyond that all is forgotten
EVERYWHERE = ""


class Entry(msgspec.Struct):
    failures: int = 0
    till: float = 0.0
    used: float = 0.0
    asked: float | None = None  # since when an answer is awaited


class Alone:
    """Times are seconds of `clock`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._entries: defaultdict[tuple[str, str], Entry] = defaultdict(Entry)
        self._sites: defaultdict[str, set[str]] = defaultdict(set)

    def pick(self, site: str, names: Sequence[str], silence: tuple[float, float]) -> str | None:
        """`silence`: how long one that is asked last has not answered, at least and at most."""
        self._bound()
        awake = [name for name in names if not self._resting(site, name)]
        if not awake:
            return None
        best = min(awake, key=lambda name: (self._silent(site, name, silence), self._entries[site, name].used))
        entry, now = self._entries[site, best], self._clock()
        entry.used, entry.asked = now, now if entry.asked is None else entry.asked
        return best

    def failed(self, site: str, name: str, everywhere: bool, sites: int, lengths: tuple[float, float, float]) -> float:
        """`lengths`: first rest, longest rest, and the share of it that is taken."""
        self._bound()
        self._entries[site, name].asked = None
        length = self._rest(EVERYWHERE if everywhere else site, name, lengths)
        self._sites[name].add(site)
        if not everywhere and len(self._sites[name]) >= sites:
            length = max(length, self._rest(EVERYWHERE, name, lengths))
        return length

    def worked(self, site: str, name: str) -> None:
        for scope in (site, EVERYWHERE):
            entry = self._entries[scope, name]
            entry.failures, entry.till, entry.asked = 0, 0.0, None
        self._sites.pop(name, None)

    def _bound(self) -> None:
        if len(self._entries) > MOST:
            self._entries.clear()
            self._sites.clear()

    def _silent(self, site: str, name: str, silence: tuple[float, float]) -> bool:
        asked = self._entries[site, name].asked
        return asked is not None and silence[0] < self._clock() - asked < silence[1]

    def _resting(self, site: str, name: str) -> bool:
        return max(self._entries[site, name].till, self._entries[EVERYWHERE, name].till) > self._clock()

    def _rest(self, scope: str, name: str, lengths: tuple[float, float, float]) -> float:
        entry, (first, longest, share) = self._entries[scope, name], lengths
        if entry.till > self._clock():
            return entry.till - self._clock()
        length = min(longest, first * 2.0 ** min(entry.failures, 64)) * share
        entry.failures, entry.till = entry.failures + 1, self._clock() + length
        return length
