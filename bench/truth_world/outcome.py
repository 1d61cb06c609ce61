"""What came of one sequence: one retailer under one fault."""

from collections.abc import Iterator
from typing import NamedTuple

from bench.truth_world.score import Score

AT_ONCE = 1  # the first run with the fault


class Outcome(NamedTuple):
    """`due`: a redesign that readings suffer from, so that an alarm must come. `sound`: nothing is wrong with the source,
    so that none may. `alarm`: the run that raised the first, if any; `alarms`: in words."""

    score: Score
    rival: Score
    due: bool
    sound: bool
    alarm: int | None
    alarms: list[str]
    stored_wrong: list[str]

    def said(self) -> Iterator[str]:
        """Everything that a person may look into, a line each."""
        for event, why in self.score.false:
            c = event.change
            told = f"{c.product_id} {c.field} {c.old} -> {c.new} {c.currency} {c.variant or ''} ({c.confirmed})"
            yield f"FALSE {told}: {why}; run {event.run}, {event.evidence}"
        yield from (f"MISSED {m.product_id} {m.field} -> {m.value}, run {m.run}" for m in self.score.missed)
        yield from (f"STORED {wrong}" for wrong in self.stored_wrong)
        yield from (f"GROUNDLESS ALARM {alarm}" for alarm in self.alarms if self.sound)
        if self.due and self.alarm != AT_ONCE:
            yield f"NO ALARM but {self.alarms}"
