"""What the products of a page measure: a page may have forty, and comes every few milliseconds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import log
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from crawler.core.drift.memory import Sample
from crawler.core.models import GONE, Availability, Evidence, Offer, Product

PRODUCT_FIELDS = ("title", "images", "brand", "rating", "description", "category")

UNOFFERED = Offer()

_told = attrgetter(*PRODUCT_FIELDS)


class _Pattern(NamedTuple):
    """How a product is told. Most of a page are told alike, so they are counted by pattern."""

    said: tuple[str, ...]
    agreed: bool
    disputed: bool
    offered: bool
    priced: bool
    listed: bool
    currency: str
    availability: Availability
    price_reader: str
    stock_reader: str


def measure(products: Sequence[Product]) -> Sample:
    sample = Sample(items=len(products))
    for pattern, count in Counter(map(_pattern, products)).items():
        _count(sample, pattern, count)
    for field, values in zip(PRODUCT_FIELDS, zip(*map(_told, products), strict=True), strict=False):
        if count := sum(map(bool, values)):
            sample.told[field] = count
    return sample


def _pattern(product: Product) -> _Pattern:
    evidence, offer = product.evidence, product.offers[0] if product.offers else UNOFFERED
    fields = evidence.fields
    said = tuple(fields.values())
    if evidence.witnesses:
        said += tuple(chain.from_iterable(evidence.witnesses.values()))
    return _Pattern(
        said, agreed(evidence), bool(evidence.disputed), offer is not UNOFFERED, offer.price is not None,
        offer.list_price is not None, offer.currency or "", offer.availability,
        fields.get("price", ""), fields.get("availability", ""),
    )  # fmt: skip


def _count(sample: Sample, pattern: _Pattern, count: int) -> None:
    sample.agreed += count * pattern.agreed
    sample.disputed += count * pattern.disputed
    sample.priceable += count * (not pattern.offered or pattern.priced or pattern.availability not in GONE)
    for reader in set(pattern.said):
        add(sample.readers, reader, count)
    if pattern.priced:
        add(sample.told, "price", count)
        add(sample.price_readers, pattern.price_reader, count)
        add(sample.currencies, pattern.currency, count)
    if pattern.listed:
        add(sample.told, "list_price", count)
    if pattern.availability is not Availability.unknown:
        add(sample.told, "availability", count)
        add(sample.stock_readers, pattern.stock_reader, count)


def agreed(evidence: Evidence) -> bool:
    """Did several readers tell the price? Confidence is that of the field least sure."""
    return "price" in evidence.witnesses


def voices(evidence: Evidence) -> set[str]:
    """Every reader that was heard: believed on some field, or saying the same."""
    return {*evidence.fields.values(), *chain.from_iterable(evidence.witnesses.values())}


def log_prices(products: Iterable[Product]) -> dict[str, list[float]]:
    """Natural logarithms of the prices, in minor units, by currency."""
    found: dict[str, list[float]] = {}
    for product in products:
        offer = product.offers[0] if product.offers else None
        if offer and offer.price and offer.currency:
            found.setdefault(offer.currency, []).append(log(offer.price))
    return found


def level(prices: Mapping[str, Sequence[float]]) -> float | None:
    """The median where all are in one currency."""
    return median(next(iter(prices.values()))) if len(prices) == 1 else None


def add(counts: dict[str, int], name: str, by: int = 1) -> None:
    counts[name] = counts.get(name, 0) + by


def total(samples: Iterable[Sample]) -> Sample:
    """All counts together."""
    whole = Sample()
    for sample in samples:
        add_up(whole, sample)
    return whole


def add_up(whole: Sample, sample: Sample) -> None:
    for name in ("items", "priceable", "agreed", "disputed"):
        setattr(whole, name, getattr(whole, name) + getattr(sample, name))
    for name in ("told", "readers", "price_readers", "stock_readers", "currencies"):
        for field, count in getattr(sample, name).items():
            add(getattr(whole, name), field, count)
