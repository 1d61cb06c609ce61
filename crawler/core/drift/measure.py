"""What the products of a page measure. Counted in one loop: a page may have forty, and comes every few milliseconds."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import log
from operator import attrgetter
from statistics import median

from crawler.core.drift.memory import Sample
from crawler.core.models import Availability, Evidence, Offer, Product

GONE = (Availability.out_of_stock, Availability.discontinued)
PRODUCT_FIELDS = ("title", "images", "brand", "rating", "description", "category")

_told = attrgetter(*PRODUCT_FIELDS)


def measure(products: Sequence[Product]) -> Sample:
    sample = Sample(items=len(products))
    patterns = dict[tuple[str, ...], int]()  # most products of a page are told by the same readers: counted by pattern
    for product in products:
        evidence, offer = product.evidence, product.offers[0] if product.offers else None
        fields = evidence.fields
        said = tuple(fields.values())
        if evidence.witnesses:
            said += tuple(chain.from_iterable(evidence.witnesses.values()))
        patterns[said] = patterns.get(said, 0) + 1
        sample.agreed += agreed(evidence)
        sample.disputed += bool(evidence.disputed)
        sample.priceable += offer is None or offer.price is not None or offer.availability not in GONE
        if offer is not None:
            _offer(sample, offer, fields)
    for said, count in patterns.items():
        for reader in set(said):
            add(sample.readers, reader, count)
    for field, values in zip(PRODUCT_FIELDS, zip(*map(_told, products), strict=True), strict=False):
        if count := sum(map(bool, values)):
            sample.told[field] = count
    return sample


def agreed(evidence: Evidence) -> bool:
    """Did several readers tell the price? Confidence is that of the field least sure."""
    return "price" in evidence.witnesses


def voices(evidence: Evidence) -> set[str]:
    """Every reader that was heard: believed on some field, or saying the same."""
    return {*evidence.fields.values(), *chain.from_iterable(evidence.witnesses.values())}


def _offer(sample: Sample, offer: Offer, fields: Mapping[str, str]) -> None:
    if offer.price is not None:
        add(sample.told, "price")
        add(sample.price_readers, fields.get("price", ""))
        add(sample.currencies, offer.currency or "")
    if offer.list_price is not None:
        add(sample.told, "list_price")
    if offer.availability is not Availability.unknown:
        add(sample.told, "availability")
        add(sample.stock_readers, fields.get("availability", ""))


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
