"""What was published against what was true.

A change is true when the shop showed its new value at the moment of observation and its old value is the one last
published. A move is told when a change to its value is published before the next move of the same field. While a stock
or a price flaps each change back and forth is true by itself, but not worth telling: more than one in two is false.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from bench.truth_world.goods import State
from bench.truth_world.timeline import RUNS, SHOP
from crawler.core.models import Availability, Change
from crawler.core.money import decimal

FIELDS = ("price", "list_price", "availability")
GRACE = 3  # runs after the last move of a flapping field until it must be told


class Event(NamedTuple):
    """`evidence`: which readers said it, for whoever looks into a false one."""

    run: int
    change: Change
    evidence: str = ""


class Move(NamedTuple):
    run: int
    until: int
    product_id: str
    field: str
    value: str


def words(state: State | None, field: str, currency: str | None) -> str | None:
    value = getattr(state, field) if state else None
    if value is None or field == "availability":
        return None if value in (None, Availability.unknown) else str(value)
    return decimal(value, currency)


def moves(states: dict[int, dict[str, State]], currencies: dict[str, str]) -> list[Move]:
    """Every move of every field within the sequence, except what flaps: of that only the last counts."""
    found: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for run in range(RUNS):
        for product_id, state in states[run].items():
            before = states[run - 1][product_id]
            for field in FIELDS:
                new = words(state, field, currencies[product_id])
                if new is not None and new != words(before, field, currencies[product_id]):
                    slot = found[product_id, field]
                    if slot:
                        slot[-1] = slot[-1]._replace(until=run)
                    slot.append(Move(run, RUNS, product_id, field, new))
    return [move for slot in found.values() for move in slot]


class Score:
    """`false` holds (event, why); `missed` holds moves; `delays` runs from a move until it was told."""

    def __init__(self) -> None:
        self.true = 0
        self.told: list[Move] = []
        self.false: list[tuple[Event, str]] = []
        self.missed: list[Move] = []
        self.delays: list[int] = []

    def add(self, other: "Score") -> None:
        self.true += other.true
        for name in ("told", "false", "missed", "delays"):
            getattr(self, name).extend(getattr(other, name))

    @property
    def precision(self) -> float:
        told = self.true + len(self.false)
        return self.true / told if told else 1.0

    @property
    def recall(self) -> float:
        wanted = len(self.told) + len(self.missed)
        return len(self.told) / wanted if wanted else 1.0

    def figures(self) -> dict[str, Any]:
        return {"events": self.true + len(self.false), "false": len(self.false), "moves": len(self.told) + len(self.missed),
                "missed": len(self.missed), "precision": round(self.precision, 4), "recall": round(self.recall, 4),
                "latest_runs": max(self.delays, default=0)}  # fmt: skip


def judged(events: list[Event], states: dict[int, dict[str, State]], currencies: dict[str, str], fault: str) -> Score:
    score, published = Score(), _published(states[-1], currencies)
    for event in events:
        why = _fault(event, states, currencies, published)
        published[event.change.product_id, event.change.field] = event.change.new
        if why:
            score.false.append((event, why))
        else:
            score.true += 1
    for move in _worth_telling(moves(states, currencies), fault):
        hit = next((e for e in events if _tells(e, move)), None)
        if hit is None:
            score.missed.append(move)
        else:
            score.told.append(move)
            score.delays.append(hit.run - move.run)
    _restless(score, events, fault)
    return score


def _published(state: dict[str, State], currencies: dict[str, str]) -> dict[tuple[str, str], str | None]:
    return {(i, field): words(s, field, currencies[i]) for i, s in state.items() for field in FIELDS}


def _fault(event: Event, states: Any, currencies: dict[str, str], published: dict[tuple[str, str], str | None]) -> str:
    change = event.change
    state = states[event.run].get(change.product_id)
    if state is None:
        return "no such good"
    if change.field == "new":
        return "known for days"
    currency = currencies[change.product_id]
    if change.currency not in (None, currency):
        return f"currency {change.currency}"
    true = words(state, change.field, currency)
    if change.new != true:
        return f"truth is {true}"
    return "" if published[change.product_id, change.field] == change.old else f"published before was {published[change.product_id, change.field]}"


def _tells(event: Event, move: Move) -> bool:
    same = (event.change.product_id, event.change.field, event.change.new) == (move.product_id, move.field, move.value)
    return same and move.run <= event.run < move.until


def _worth_telling(found: list[Move], fault: str) -> list[Move]:
    """Of what flaps only where it comes to rest."""
    if not fault.startswith("flapping"):
        return found
    field = fault.split()[1].replace("stock", "availability")
    moved = {(m.product_id, m.field) for m in found if _flaps(m.product_id, m.field, found)}
    return [m for m in found if m.field != field or (m.product_id, m.field) not in moved or m.until == RUNS]


def _flaps(product_id: str, field: str, found: list[Move]) -> bool:
    return sum((m.product_id, m.field) == (product_id, field) for m in found) >= 4


def _restless(score: Score, events: list[Event], fault: str) -> None:
    """Changes of a flapping field beyond one in two of its moves."""
    if not fault.startswith("flapping"):
        return
    field, allowed = fault.split()[1].replace("stock", "availability"), len(SHOP[fault]) // 2
    by_good: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.change.field == field:
            by_good[event.change.product_id].append(event)
    for told in by_good.values():
        score.false += [(event, "flaps") for event in told[allowed + 1 :]]
        score.true -= len(told[allowed + 1 :])
