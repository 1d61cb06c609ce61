"""Meesho: what `__NEXT_DATA__` says of a good, its supplier and its sizes."""

import string
from collections.abc import Iterator
from typing import Any

from crawler.bases import read, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.core.models import Offer

PAGE = shapes.Shape(
    sku="product_id", title="name", category="breadcrumb.*.title", images="images.*.url | images.*",
    description="description", rating="review_summary.data.average_rating", votes="review_summary.data.rating_count",
    price="price", list_price="mrp_details.mrp | original_price", seller="supplier_name | suppliers.*.name",
)  # fmt: skip
SIZE = shapes.Shape(sku="id", price="variation.price | variation.final_price | price")

_DIGITS = string.digits + string.ascii_lowercase


def product(doc: Document, currency: str, asked: str) -> list[Facts]:
    good = dig(_state(doc), "product", "details", "data", default={})
    if not dig(good, "name"):
        return []
    facts = shapes.facts(good, PAGE, doc.url, currency, asked)
    facts.sku = _code(good.get("product_id"))
    facts.availability = read.flag(good.get("in_stock"))
    sizes = list(_sizes(good, facts, currency))
    if len(sizes) > 1:
        facts.offers = [Offer(seller=facts.seller, location_asked=asked or None), *sizes]
    return [facts]


def listing(doc: Document) -> Any:
    """What the page says of its list: `loading` until its goods have come, `hasNextPage`."""
    return dig(_state(doc), "searchListing", "listing", default={})


def _code(number: Any) -> str | None:
    """The product's number as its address holds it: to the base of 36."""
    if not isinstance(number, int):
        return None
    code = ""
    while number > 0:
        number, digit = divmod(number, len(_DIGITS))
        code = _DIGITS[digit] + code
    return code or None


def _state(doc: Document) -> Any:
    return dig(doc.states, "__NEXT_DATA__", "props", "pageProps", "initialState", default={})


def _sizes(good: dict[str, Any], facts: Facts, currency: str) -> Iterator[Offer]:
    for supplier in dig(good, "suppliers", default=[])[:1]:
        for row in dig(supplier, "inventory", default=[]):
            name = dig(row, "variation", "name")
            offer = shapes.offer(row, SIZE, currency, facts.problems, variant=name)
            offer.seller, offer.availability = facts.seller, read.flag(row.get("in_stock"))
            if name:
                yield offer
