"""A plain price tracker, for comparison: status 200, the first JSON-LD price or else the first amount with a currency
sign, sold out when the page says so somewhere; every difference is told at once."""

import re
from typing import Any

from bench.truth_world.goods import Good, State
from bench.truth_world.reading import Answer
from bench.truth_world.score import Event
from bench.truth_world.stock import Stock
from crawler.core.errors import MoneyError
from crawler.core.models import Change
from crawler.core.money import decimal, minor, parse

_PRICE = re.compile(r'"price"\s*:\s*"?([\d.]+)')
_LD = re.compile(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", re.S)
_SHOWN = re.compile(r"(?:₹|\$|€|£|Rs\.?)\s?\d[\d.,]*\d")
_GONE = re.compile(r"OutOfStock|out of stock|sold out|currently unavailable", re.I)


class Tracker:
    """Follows the goods' own pages only."""

    def __init__(self, retailer: str):
        self.retailer = retailer
        self.known: dict[tuple[str, str], str] = {}
        self.events: list[Event] = []

    def look(self, site: Any, run: int) -> None:
        for thing in site.things:
            if isinstance(thing, Good):
                self._compare(thing, site.answer(thing), run)

    def _compare(self, good: Good, answer: Answer, run: int) -> None:
        for field, new in read(answer, good.currency).items() if answer.status == 200 else ():
            old = self.known.get((good.id, field))
            self.known[good.id, field] = new
            if old is not None and old != new:
                change: Any = Change(f"{run}{good.id}{field}", good.id, field, old, new, good.currency, 0.0, "repeat")
                self.events.append(Event(run, change))


def read(answer: Answer, currency: str) -> dict[str, str]:
    found = {"availability": "out_of_stock" if _GONE.search(answer.text) else "in_stock"}
    structured = next((p for s in _LD.findall(answer.text) if (p := _PRICE.search(s))), None)
    shown = None if structured else _SHOWN.search(re.sub(r"<script.*?</script>", "", answer.text, flags=re.S))
    try:
        if structured:
            found["price"] = decimal(minor(structured[1], currency), currency)
        elif shown and (money := parse(shown[0], currency)):
            found["price"] = decimal(money.amount, currency)
    except MoneyError:
        pass
    return found


def seen(states: dict[int, dict[str, State]], stock: Stock) -> dict[int, dict[str, State]]:
    """The truth of what the tracker follows, without list prices."""
    ids = {good.id for good in stock.goods}
    return {
        run: {i: State(s.price, None, s.availability) for i, s in now.items() if i in ids}
        for run, now in states.items()
    }
