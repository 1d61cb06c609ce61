"""Price history: what was published of each offer, and its figures."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from crawler.core.models import Offer, Product
from crawler.core.public import iso, money
from crawler.core.store import PricePoint

LOW_S = 30 * 86_400.0
Key = tuple[str, str]


def history_json(product: Product, points: Sequence[PricePoint], since: float, now: float) -> dict[str, Any]:
    """`points` oldest first, all of them: the price that held at `since` was published earlier. An offer that changed
    its currency has one history in each; the default offer comes first."""
    offer = product.offer or Offer()
    histories = {key: list(some) for key, some in groupby(sorted(points, key=_key), key=_key)}
    mine = (offer.key, offer.currency or "")
    shown = {one.key: one for one in product.offers}
    return {
        "product_id": product.id,
        "currency": offer.currency,
        "price": money(offer.price, offer.currency),
        **_figures(histories.get(mine, []), since, now),
        "offers": [
            _named(key, shown) | _history(histories[key], since, now)
            for key in sorted(histories, key=lambda key: (key != mine, key))
        ],
    }


def _key(point: PricePoint) -> Key:
    return point.offer, point.currency or ""


def _named(key: Key, shown: Mapping[str, Offer]) -> dict[str, str | None]:
    """Which offer it is: as the product has it, or, when that is gone, from the parts of its key."""
    offer = shown.get(key[0])
    if offer is None:
        variant, seller, condition, place = key[0].split("|", 3)
        offer = Offer(variant=variant or None, seller=seller or None, condition=condition, location=place or None)
    return {"variant": offer.variant, "seller": offer.seller, "condition": offer.condition, "location": offer.location,
            "currency": key[1] or None}  # fmt: skip


def _history(points: list[PricePoint], since: float, now: float) -> dict[str, Any]:
    shown = [_point(point) for point in points if point.at >= since]
    return {**_figures(points, since, now), "points": shown}


def _point(point: PricePoint) -> dict[str, Any]:
    return {"at": iso(point.at), "price": money(point.price, point.currency),
            "list_price": money(point.list_price, point.currency), "availability": point.availability}  # fmt: skip


def _figures(points: Sequence[PricePoint], since: float, now: float) -> dict[str, str | None]:
    """Of the prices that held since then; each published price counts once in the median."""
    currency = points[0].currency if points else None
    prices, recent = _held(points, since), _held(points, now - LOW_S)
    figures = {
        "min": min(prices, default=None),
        "max": max(prices, default=None),
        "median": _median(prices),
        "low_30d": min(recent, default=None),
    }
    return {name: money(amount, currency) for name, amount in figures.items()}


def _held(points: Iterable[PricePoint], since: float) -> list[int]:
    """Prices that held at any time since then: the last one before it still did."""
    before, after = None, []
    for point in points:
        if point.at < since:
            before = point.price
        else:
            after.append(point.price)
    return [price for price in (before, *after) if price is not None]


def _median(prices: list[int]) -> int | None:
    """To the minor unit, half up."""
    return int(statistics.median(prices) + 0.5) if prices else None
