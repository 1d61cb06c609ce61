"""The flat facts by which documents are searched, filtered and sorted: worked out here once for every backend."""

from collections.abc import Iterable
from math import isfinite
from typing import NamedTuple

from crawler.core.errors import InputError
from crawler.core.models import Availability, Design, Offer, Product, Record, Verified
from crawler.core.store.colors import named
from crawler.core.store.words import label, terms

SQUARE = 0.05  # sides that differ by less than this part of the longer one count as square


class ProductFacets(NamedTuple):
    """Of the default offer. `stock` and `verified` are 1, 0 or None (not known); `pending` is the time of the oldest
    change not yet relayed."""

    retailer: str
    currency: str | None
    price: int | None
    discount: float | None
    stock: int | None
    verified: int
    quality: float | None
    pending: float | None


class DesignFacets(NamedTuple):
    source: str
    license: str
    orientation: str | None
    canonical: int
    quality: float | None
    fetched_at: float
    phash: str | None


def product_facets(record: Record) -> ProductFacets:
    product = record.product
    offer = product.offer or Offer()
    return ProductFacets(
        product.retailer, offer.currency, offer.price, _discount(offer), _stock(offer.availability),
        _verified(product.verified), product.quality, record.outbox[0].observed_at if record.outbox else None,
    )  # fmt: skip


def design_facets(design: Design) -> DesignFacets:
    canonical = design.group in (None, design.id)
    return DesignFacets(
        design.source, design.license.code.lower(), orientation(design.width, design.height), int(canonical),
        design.quality, design.fetched_at, design.phash,
    )  # fmt: skip


def product_terms(product: Product) -> list[str]:
    """Words of title, brand, category and sku; each step of the category path and each article number as one term."""
    words = terms(product.title, product.brand, *product.category, product.sku)
    return words + list(dict.fromkeys(label("category", step) for step in product.category)) + numbers(product)


def numbers(product: Product) -> list[str]:
    """The labels by which the same product is found in other shops."""
    gtin, mpn = product.gtin and product.gtin.lstrip("0"), product.mpn
    return [label(kind, value) for kind, value in (("gtin", gtin), ("mpn", mpn)) if value]


def design_terms(design: Design) -> list[str]:
    """Words of title, tags and author, and each colour as one term, by its value and by its name."""
    words = terms(design.title, *design.tags, design.author)
    colors = [*design.colors, *filter(None, map(named, design.colors))]
    return words + list(dict.fromkeys(label("color", color) for color in colors))


def orientation(width: int | None, height: int | None) -> str | None:
    if not width or not height:
        return None
    if abs(width - height) <= SQUARE * max(width, height):
        return "square"
    return "landscape" if width > height else "portrait"


def firsts(records: list[Record]) -> tuple[list[Record], set[str]]:
    """(one record per id, ids given more than once). Raises InputError for what no backend could give back."""
    unique: dict[str, Record] = {}
    again = set()
    for record in records:
        _refuse(record)
        if unique.setdefault(record.product.id, record) is not record:
            again.add(record.product.id)
    return list(unique.values()), again


def _refuse(record: Record) -> None:
    product = record.product
    rating, verified = product.rating, product.verified
    numbers = (product.quality, rating.value if rating else None, verified.at if verified else None,
               product.evidence.confidence, product.evidence.fetched_at, record.last_seen)  # fmt: skip
    if not all(n is None or isfinite(n) for n in numbers):
        raise InputError("product", f"{product.id!r} holds a number that is not finite")
    refuse_ids([product.id])


def refuse_ids(ids: Iterable[str]) -> None:
    for name in ids:
        if not name or "\0" in name:
            raise InputError("id", f"{name!r} can't name a document")


def _discount(offer: Offer) -> float | None:
    if offer.price is None or not offer.list_price or offer.list_price <= offer.price:
        return None
    return round(1 - offer.price / offer.list_price, 4)


def _stock(availability: Availability) -> int | None:
    return None if availability == Availability.unknown else int(availability == Availability.in_stock)


def _verified(verified: Verified | None) -> int:
    """1 when something was checked and all of it held."""
    checks = [verified.url, verified.image, verified.price] if verified else []
    return int(True in checks and False not in checks)
