"""Values that go back and forth are told less and less often.

A change is a *return* when it goes back to one of the last two values that were left within a day. The first two
returns of a day are told as they come. Each further one must first stand for an hour, then for two, four, eight: looks
at it that long apart, with no other value seen between. So a value that flips for ever is told seven times a day at
most, one that settles is told for sure, and a value not seen before is never held.
"""

from collections.abc import Sequence

from crawler.core.models import Move

WINDOW = 24 * 3600.0  # seconds for which a value that was left is remembered
FREE = 2  # returns that are told at once
STANDS = 3600.0  # seconds the next return must stand, twice as long for each one more
STATES = 2  # values left last that count: a wobble between up to three
KEPT = 16  # moves remembered


def pause(moves: Sequence[Move], value: str | None, at: float) -> float:
    """Seconds for which a change to `value` must stand before it is told."""
    lately = recent(moves, at)
    told = sum(move.back for move in lately)
    return STANDS * 2 ** (told - FREE) if told >= FREE and _back(lately, value) else 0.0


def moved(moves: Sequence[Move], old: str | None, new: str | None, at: float) -> list[Move]:
    """The moves to remember after `old` was left for `new`."""
    lately = recent(moves, at)
    return [*lately, Move(old, at, _back(lately, new))][-KEPT:]


def recent(moves: Sequence[Move], at: float) -> list[Move]:
    return [move for move in moves if at - move.at < WINDOW]


def _back(lately: Sequence[Move], value: str | None) -> bool:
    return any(move.value == value for move in lately[-STATES:])
