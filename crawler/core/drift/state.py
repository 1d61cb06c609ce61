"""healthy → suspect → held, and back: judged by the newest pages, whatever run they belong to, so that a source read
one page at a time drifts too."""

from collections.abc import Sequence

import msgspec

from crawler.core.drift.faults import HARD, Faults
from crawler.core.drift.memory import LEVELS, WINDOW, Alarm, Memory, Sighting, State
from crawler.core.drift.usual import unlikely

LATEST = 6  # pages of one depth that are judged together
ENOUGH = 3  # different addresses at fault that hold a site
TOGETHER = 4  # different goods of LATEST that went up and down
CLEAN = 3  # good pages, or one list, that take a site one state back at the end of their run
ON_TWO = ("prices", "poorer", "empty")  # addresses, where they are pages of one product
ON_THREE = ("sold_out", "unlisted")
AT_ONCE = frozenset({"unread", "items", "coverage", "currency", "reader", "thin", "moved", "stock"})
IN_A_ROW = ("silent", "alone", "disputed", "no_price")  # of one page, read once or often, no more than a hint
FEWER = {"list": frozenset({"silent", "alone"}), "page": frozenset({"poorer"})}  # told by fewer readers than ever
REASONS = 5


def note(memory: Memory, sighting: Sighting, faults: Faults, pages: int, at: float) -> tuple[State, Alarm | None]:
    """The page joins the newest ones; the state may get worse, never better. `pages` good ones of its depth are the
    measure of chance. What this page alone makes of the site, and the alarm where that is new."""
    memory.window = [*memory.window[1 - WINDOW :], sighting]
    latest = [seen for seen in memory.window if seen.depth == sighting.depth][-LATEST:]
    judged = _level(latest, sighting, pages, memory) if sighting.faults else "healthy"
    if judged == "healthy":
        return judged, None
    memory.clean = 0
    memory.faulty = sorted({*memory.faulty, sighting.depth})
    return judged, worsen(memory, judged, list(faults.values()), at)


def worsen(memory: Memory, state: State, reasons: Sequence[str], at: float) -> Alarm | None:
    """An alarm when the site was better."""
    kept = [*memory.reasons, *(reason for reason in reasons if reason not in memory.reasons)]
    if LEVELS.index(state) <= LEVELS.index(memory.state):
        memory.reasons = kept[-REASONS:]
        return None
    return _become(memory, state, kept[-REASONS:], at)


def recovered(memory: Memory, clean: int, at: float) -> Alarm | None:
    """At the end of a run without a fault, of `clean` good pages: one state back once there were enough."""
    memory.clean += clean
    if memory.state == "healthy" or memory.clean < CLEAN:
        return None
    memory.clean = 0
    if memory.state == "held":
        return _become(memory, "suspect", memory.reasons, at)
    memory.faulty, memory.window = [], []
    return _become(memory, "healthy", [], at)


def _become(memory: Memory, state: State, reasons: list[str], at: float) -> Alarm:
    was, memory.state, memory.reasons, memory.since = memory.state, state, reasons, at
    return Alarm(memory.source, memory.site, state, was, list(reasons), at)


def _level(latest: Sequence[Sighting], now: Sighting, pages: int, memory: Memory) -> State:
    hard = {seen.url for seen in latest if not HARD.isdisjoint(seen.faults)}
    several = len(hard) >= ENOUGH and 2 * sum(not HARD.isdisjoint(seen.faults) for seen in latest) >= len(latest)
    if several and not HARD.isdisjoint(now.faults):
        return "held"
    moves = {seen.url: way for seen in latest for way in seen.faults if way in ("up", "down")}
    ways = list(moves.values())
    if len(ways) >= TOGETHER and min(ways.count("up"), ways.count("down")) > 1:
        return "held"
    return "suspect" if _suspect(latest, now, pages, memory) else "healthy"


def _suspect(latest: Sequence[Sighting], now: Sighting, pages: int, memory: Memory) -> bool:
    if not AT_ONCE.isdisjoint(now.faults):
        return True
    if any(kind in now.faults and (now.depth == "list" or _urls(latest, kind) > 1) for kind in ON_TWO):
        return True
    if "gone" in now.faults and _urls(latest, "gone") >= TOGETHER:
        return True
    if any(kind in now.faults and (now.depth == "list" or _urls(latest, kind) >= ENOUGH) for kind in ON_THREE):
        return True
    if any(kind in now.faults and _too_often(latest, kind, now.depth, pages) for kind in IN_A_ROW):
        return True
    if _fewer(now) and _fewer_elsewhere(memory, now):
        return True
    return "cut" in now.faults and unlikely(memory.cuts / max(1, memory.pages), memory.pages, in_a_row(latest, "cut"))


def _too_often(latest: Sequence[Sighting], kind: str, depth: str, pages: int) -> bool:
    """Can it be chance no more? One list speaks for many goods, one product's page for itself."""
    return (depth == "list" or _urls(latest, kind) > 1) and unlikely(0.0, pages, in_a_row(latest, kind))


def _fewer_elsewhere(memory: Memory, now: Sighting) -> bool:
    """Are readers missed on pages of the other depth too? Lists and pages are built apart: a redesign changes both."""
    return any(map(_fewer, [seen for seen in memory.window if seen.depth != now.depth][-LATEST:]))


def _fewer(seen: Sighting) -> bool:
    return not FEWER[seen.depth].isdisjoint(seen.faults)


def _urls(latest: Sequence[Sighting], kind: str) -> int:
    return len({seen.url for seen in latest if kind in seen.faults})


def in_a_row(latest: Sequence[Sighting], kind: str) -> int:
    """How many of the newest pages, without a break."""
    count = 0
    for seen in reversed(latest):
        if kind not in seen.faults:
            break
        count += 1
    return count


def merged(mine: Memory, stored: Memory) -> Memory:
    """Another run of the site wrote meanwhile: what it learned stands, with the worse of both states, unless the
    operator accepted the site."""
    if stored.accepted_at > mine.accepted_at or LEVELS.index(mine.state) <= LEVELS.index(stored.state):
        return stored
    return msgspec.structs.replace(
        stored, state=mine.state, reasons=mine.reasons, since=mine.since, faulty=mine.faulty, clean=0
    )
