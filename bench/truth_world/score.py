"""What was published against what was true.

A change is true when the shop showed its new value at the moment of observation and its old value is the one last
published. A move is told when a change to its value is published before the next move of the same field.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from bench.truth_world import flaps
from bench.truth_world.goods import State
from bench.truth_world.stock import Stock
from bench.truth_world.timeline import RUNS
from crawler.core.models import Availability, Change, Offer
from crawler.core.money import decimal

Key = tuple[str | None, str | None]  # variant and seller
FIELDS = ("price", "list_price", "availability")


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


def words(offer: State | Offer | None, field: str, currency: str | None) -> str | None:
    """A value as changes tell it; None where it is not known."""
    value = getattr(offer, field) if offer else None
    if value is None or field == "availability":
        return None if value in (None, Availability.unknown) else str(value)
    return decimal(value, currency)


class Truth:
    """What every offer of every good was in each run. Only a good's first offer is moved on purpose; what the others
    say then is read from the page that was checked to say the truth."""

    def __init__(self, states: dict[int, dict[str, State]], stock: Stock):
        self.states, self.goods = states, {good.id: good for good in stock.goods}
        self.currencies = {good.id: good.currency for good in stock.goods}
        tiles = [(i, p) for x in stock.listings for i, p in x.products.items() if i in x.base]
        self.currencies |= {i: p.offers[0].currency for i, p in tiles}

    def words(self, run: int, product_id: str, field: str) -> str | None:
        """What a field of the first offer truly is."""
        return words(self.states[run][product_id], field, self.currencies[product_id])

    def all_words(self, run: int, change: Change) -> list[str | None]:
        """What the field of a change truly is, of each offer that the change may be about: it names no condition."""
        state, good = self.states[run][change.product_id], self.goods.get(change.product_id)
        same = (
            [o for o in good.others(state) if (o.variant, o.seller) == (change.variant, change.seller)] if good else []
        )
        first = (
            good is None or not same or _key(change) == (good.product.offers[0].variant, good.product.offers[0].seller)
        )
        offers: list[State | Offer] = [*same, *([state] if first else [])]
        return [words(offer, change.field, self.currencies[change.product_id]) for offer in offers]


def moves(truth: Truth) -> list[Move]:
    """Every move of every field within the sequence, except what flaps: of that only the last counts."""
    found: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for run in range(RUNS):
        for product_id in truth.states[run]:
            for field in FIELDS:
                old, new = truth.words(run - 1, product_id, field), truth.words(run, product_id, field)
                if old is not None and new is not None and new != old:  # the first word is learned, not a change
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


def judged(events: list[Event], truth: Truth, fault: str) -> Score:
    score, published = Score(), dict[tuple[str, Key, str], str | None]()
    for event in events:
        why = _fault(event, truth, published)
        published[event.change.product_id, _key(event.change), event.change.field] = event.change.new
        if why:
            score.false.append((event, why))
        else:
            score.true += 1
    for move in moves(truth):
        hit = next((e for e in events if _tells(e, move)), None)
        if hit is None:
            score.missed.append(move)
        else:
            score.told.append(move)
            score.delays.append(hit.run - move.run)
    return flaps.calmed(score, events, truth, fault) if fault.startswith("flapping") else score


def _key(change: Change) -> Key:
    return change.variant, change.seller


def _seen(value: str | None) -> str | None:
    return None if value == Availability.unknown else value


def _fault(event: Event, truth: Truth, published: dict[tuple[str, Key, str], str | None]) -> str:
    change, slot = event.change, (event.change.product_id, _key(event.change), event.change.field)
    if change.product_id not in truth.states[event.run]:
        return "no such good"
    if change.field == "new":
        return "known for days"
    if change.currency not in (None, truth.currencies[change.product_id]):
        return f"currency {change.currency}"
    true = truth.all_words(event.run, change)
    if change.new not in true:
        return f"truth is {true[0]}"
    before = [published[slot]] if slot in published and len(true) == 1 else truth.all_words(-1, change)
    return "" if _seen(change.old) in before or len(true) > 1 else f"published before was {before[0]}"


def _tells(event: Event, move: Move) -> bool:
    same = (event.change.product_id, event.change.field, event.change.new) == (move.product_id, move.field, move.value)
    return same and move.run <= event.run < move.until
