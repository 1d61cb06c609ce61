"""Shops on the Fynd platform: what `window.APP_DATA` (`reduxData.catalog`) says of a good, its fabrics and its sizes.

`price.effective` is paid, `price.marked` compared with; both run from `min` to `max`, and where these differ what is
paid can't be told before one is chosen."""

from typing import Any

from msgspec.structs import replace

from crawler.bases import read, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig, walk
from crawler.bases.facts import Facts
from crawler.core.models import Offer

Thing = dict[str, Any]

GOOD = shapes.Shape(
    sku="uid", title="name", brand="brand.name", mpn="item_code", category="categories.*.name",
    images="medias.*.url | media.*.url", description="description | short_description", rating="rating",
    votes="rating_count", specs="grouped_attributes.*.details.*", spec=("key", "value"),
)  # fmt: skip
PRICE = shapes.Shape(sku="", price="one", list_price="marked.max", currency="effective.currency_code")


def product(doc: Document, currency: str, asked: str) -> list[Facts]:
    """The page's own good. Another fabric or another number of seats is a good of its own and told by name, with a
    price only where it has one; a size costs what the page says unless it says otherwise."""
    good, meta = dig(_catalog(doc), "product_details", default={}), dig(_catalog(doc), "product_meta", default={})
    if not dig(good, "uid"):
        return []
    facts = shapes.facts(good, GOOD, doc.url, currency, asked)
    own = _put(facts, meta, currency)
    others = [*_sizes(meta, own, facts, currency), *_variants(good, facts, currency)]
    if others:
        facts.offers = [replace(own, location_asked=asked or None), *others]
    return [facts]


def tiles(doc: Document, base: str, currency: str) -> list[Facts]:
    """What has a number, an address and a price of its own."""
    return [
        _tile(good, base, currency)
        for good in walk(_catalog(doc))
        if good.get("uid") and good.get("slug") and dig(good, "price", "effective")
    ]


def _catalog(doc: Document) -> Any:
    return dig(doc.states, "APP_DATA", "reduxData", "catalog", default={})


def _tile(good: Thing, base: str, currency: str) -> Facts:
    facts = shapes.facts(good, GOOD, base, currency)
    facts.url = f"{base}/product/{good['slug']}"
    _put(facts, good, currency)
    return facts


def _put(facts: Facts, thing: Any, currency: str) -> Offer:
    own = _offer(thing, facts, currency)
    facts.price, facts.list_price, facts.availability = own.price, own.list_price, own.availability
    facts.currency = own.currency
    return own


def _offer(thing: Any, facts: Facts, currency: str, variant: str | None = None) -> Offer:
    said = dig(thing, "price", default={})
    least, most = dig(said, "effective", "min"), dig(said, "effective", "max")
    offer = shapes.offer({**said, "one": least if least == most else None}, PRICE, currency, facts.problems, variant)
    told = next((dig(thing, key) for key in ("sellable", "is_available") if isinstance(dig(thing, key), bool)), None)
    return replace(offer, availability=read.flag(told))


def _sizes(meta: Any, own: Offer, facts: Facts, currency: str) -> list[Offer]:
    sizes = [size for size in dig(meta, "sizes", default=[]) if isinstance(size, dict)]
    told = [(size, _offer(size, facts, currency, size.get("display") or size.get("value"))) for size in sizes]
    paid = {"price": own.price, "list_price": own.list_price, "currency": own.currency}
    return [offer if size.get("price") else replace(offer, **paid) for size, offer in told if len(told) > 1]


def _variants(good: Thing, facts: Facts, currency: str) -> list[Offer]:
    named = [
        (item, item.get("value") or item.get("color_name") or item.get("name"), dig(group, "header"))
        for group in dig(good, "variants", default=[])
        for item in dig(group, "items", default=[])
        if str(item.get("uid")) != facts.sku
    ]
    return [_offer(item, facts, currency, f"{kind or 'Variant'}: {name}") for item, name, kind in named if name]
