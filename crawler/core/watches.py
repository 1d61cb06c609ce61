"""What a client watches, and which of its rules fired: pure, from price history alone."""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from crawler.core.store import PricePoint

KIND = "watch"  # of small document
Rule = Literal["any", "drop_percent", "increase_percent", "target_price", "back_in_stock"]


class Rules(msgspec.Struct, frozen=True):
    """`target_price` in minor units of `currency`; percents are above 0. At least one rule is set."""

    any: bool = False
    drop_percent: float | None = None
    increase_percent: float | None = None
    target_price: int | None = None
    currency: str | None = None
    back_in_stock: bool = False


class Watch(msgspec.Struct):
    """`product_id` is None until the page at `url` was read by job `job_id`. `retailer` is the source that reads it.
    Times in Unix seconds."""

    id: str
    client: str
    retailer: str
    rules: Rules
    created_at: float
    product_id: str | None = None
    url: str | None = None
    job_id: str | None = None
    reason: str = ""  # why the page gave no product


class Hit(msgspec.Struct, frozen=True):
    """One rule that fired: a price in minor units of `currency`, or an availability, went from `old` to `new`."""

    rule: Rule
    field: Literal["price", "list_price", "availability"]
    at: float
    old: int | str | None
    new: int | str | None
    currency: str | None


def hits(rules: Rules, since: float, points: Iterable[PricePoint]) -> list[Hit]:
    """What fired after `since`, oldest first. Percents count from the price at `since` or, later, at the last hit; a
    target and a return to stock fire when they are reached from elsewhere. Each offer is looked at by itself, from its
    first point on; a price in another currency is never compared."""
    offers: dict[str, _Offer] = {}
    found: list[Hit] = []
    for point in sorted(points, key=lambda p: (p.at, p.id)):
        offer = offers.get(point.offer)
        if offer is None or point.at <= since:
            offers[point.offer] = _Offer(point, offer)
            continue
        found += offer.move(rules, point)
    return found


class _Offer:
    """One offer as it stood last, and the prices its percents count from."""

    def __init__(self, point: PricePoint, before: "_Offer | None"):
        self.price, self.list_price, self.stock = point.price, point.list_price, point.availability
        self.currency = point.currency
        if before and point.price is None and before.currency == point.currency:
            self.price = before.price
        if before and point.availability == "unknown":
            self.stock = before.stock
        self.rose_from = self.dropped_from = self.price  # what percents count from

    def move(self, rules: Rules, point: PricePoint) -> list[Hit]:
        found = [*self._stock(rules, point)]
        if point.price is not None and (self.price is None or point.currency != self.currency):
            self.price = self.rose_from = self.dropped_from = (
                point.price
            )  # learned: there was nothing to compare it with
            self.list_price, self.currency = point.list_price, point.currency
        elif point.currency == self.currency:
            found += [*self._prices(rules, point)]
        return found

    def _stock(self, rules: Rules, point: PricePoint) -> Iterator[Hit]:
        old, new = self.stock, point.availability
        if new in (old, "unknown"):
            return
        self.stock = new
        if old == "unknown":
            return
        if rules.any:
            yield Hit("any", "availability", point.at, old, new, None)
        if rules.back_in_stock and new == "in_stock":
            yield Hit("back_in_stock", "availability", point.at, old, new, None)

    def _prices(self, rules: Rules, point: PricePoint) -> Iterator[Hit]:
        if rules.any and None not in (self.list_price, point.list_price) and self.list_price != point.list_price:
            yield Hit("any", "list_price", point.at, self.list_price, point.list_price, point.currency)
        self.list_price = point.list_price
        if point.price is not None and self.price is not None and point.price != self.price:
            yield from self._price(rules, point.price, point)
            self.price = point.price

    def _price(self, rules: Rules, new: int, point: PricePoint) -> Iterator[Hit]:
        def hit(rule: Rule, old: int | None) -> Hit:
            return Hit(rule, "price", point.at, old, new, point.currency)

        old, target = self.price or 0, rules.target_price
        if rules.any:
            yield hit("any", old)
        if (
            rules.drop_percent
            and self.dropped_from is not None
            and new * 100 <= self.dropped_from * (100 - rules.drop_percent)
        ):
            yield hit("drop_percent", self.dropped_from)
            self.dropped_from = new
        if (
            rules.increase_percent
            and self.rose_from is not None
            and new * 100 >= self.rose_from * (100 + rules.increase_percent)
        ):
            yield hit("increase_percent", self.rose_from)
            self.rose_from = new
        if target is not None and point.currency == rules.currency and new <= target < old:
            yield hit("target_price", old)
