"""A good as a shop's own JSON tells it, read by a table of where each field stands.

A place is steps joined by dots, `*` for every entry of a list or object: `images.*.url`. Places are tried in order,
with `|` between them; what is null, empty, zero or false is not there.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.schema import product as schema
from crawler.bases.schema.offers import ordered
from crawler.core.models import Availability, Offer

_CONDITIONS = {
    "refurbished": re.compile(r"refurb|renewed|restored", re.I),
    "used": re.compile(r"used|pre.?owned|open.?box", re.I),
}

_ONE_PRICE = re.compile(
    r"\s*(?:now|sale)?[\s:]*[$€£₹A-Z]{0,4}\s*-?\d[\d.,]*(?:e\d+)?\s*[€A-Z]{0,3}\s*", re.I
)  # no range, no "from"


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Where the fields of `Facts` stand. `votes`: how many rated it; `spec`: (name, value) places inside each of
    `specs`; `words`: what the shop calls its stock, beside schema.org's words; `image`: the address of a picture in
    high resolution; `ranges`: what stands only beside the lowest of several prices, which is none."""

    sku: str
    title: str = ""
    url: str = ""
    brand: str = ""
    gtin: str = ""
    mpn: str = ""
    category: str = ""
    images: str = ""
    description: str = ""
    specs: str = ""
    spec: tuple[str, str] = ("name", "value")
    rating: str = ""
    votes: str = ""
    price: str = ""
    ranges: str = ""
    list_price: str = ""
    currency: str = ""
    availability: str = ""
    seller: str = ""
    condition: str = ""
    location: str = ""
    words: Mapping[str, Availability] = {}
    image: Callable[[str], str] = str


def values(said: Any, places: str) -> list[Any]:
    """What stands at the first of the places that holds anything."""
    for place in places.split("|") if places else ():
        found = [said]
        for step in place.strip().split("."):
            found = [inner for outer in found for inner in _step(outer, step)]
        if told := [value for value in found if value]:
            return told
    return []


def value(said: Any, places: str) -> Any:
    return next(iter(values(said, places)), None)


def facts(said: Any, shape: Shape, base: str, currency: str, asked: str = "") -> Facts:
    """One good. `base`: against which addresses are read; `asked`: the place asked for."""
    found = Facts("state", sku=schema.text(value(said, shape.sku)), url=read.absolute(base, value(said, shape.url)))
    for field in ("title", "brand", "mpn", "description", "seller"):
        setattr(found, field, schema.text(value(said, getattr(shape, field))))
    found.gtin = schema.gtin(schema.text(value(said, shape.gtin)))
    found.category = [name for one in values(said, shape.category) if (name := schema.text(one))]
    found.images = read.images(base, [shape.image(one) for one in values(said, shape.images) if isinstance(one, str)])
    found.specs = _specs(values(said, shape.specs), shape)
    found.rating = read.rating(value(said, shape.rating), value(said, shape.votes))
    own = offer(said, shape, currency, found.problems)
    found.price, found.list_price, found.availability = own.price, own.list_price, own.availability
    found.currency = own.currency
    own.location_asked = asked or None
    if own.location or asked or own.condition != "new":
        found.offers = [own]
    return found


def offer(said: Any, shape: Shape, currency: str, problems: list[str], variant: str | None = None) -> Offer:
    """What it costs. `problems` takes the reasons of prices that can't be believed."""
    currency = read.currency(value(said, shape.currency)) or currency
    price = None if value(said, shape.ranges) else _amount(value(said, shape.price), currency, problems)
    listed = _amount(value(said, shape.list_price), currency, problems)
    word = str(value(said, shape.availability) or "")
    return Offer(
        price=price, list_price=listed if price and listed and listed > price else None,
        currency=currency if price else None, availability=shape.words.get(word) or read.availability(word),
        variant=variant, seller=schema.text(value(said, shape.seller)), condition=_condition(said, shape),
        location=schema.text(value(said, shape.location)),
    )  # fmt: skip


def with_variants(found: Facts, variants: list[tuple[Offer, bool]]) -> Facts:
    """The variants as offers; the one marked as the page's own first, and where the good itself has no price, what it
    costs is that one's."""
    offers = ordered(variants)
    if not offers:
        return found
    own = found.offers[0] if found.offers else Offer(seller=found.seller)
    place = {field: getattr(own, field) for field in ("seller", "condition", "location", "location_asked")}
    found.offers = [replace(one, **place) for one in offers]
    first = found.offers[0]
    found.variant = first.variant
    if found.price is None and first.price is not None:
        found.price, found.list_price, found.currency = first.price, first.list_price, first.currency
        found.availability = first.availability
    return found


def _step(said: Any, step: str) -> Iterable[Any]:
    if step == "*":
        return said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    return (said.get(step),) if isinstance(said, dict) else ()


def _amount(said: Any, currency: str, problems: list[str]) -> int | None:
    if not isinstance(said, str | int | float) or (isinstance(said, str) and not _ONE_PRICE.fullmatch(said)):
        return None
    return read.minor(said, currency, problems)


def _specs(rows: list[Any], shape: Shape) -> dict[str, str]:
    told = [[schema.text(value(row, place)) for place in shape.spec] for row in rows]
    return {name: text for name, text in told if name and text}


def _condition(said: Any, shape: Shape) -> str:
    word = str(value(said, shape.condition) or "")
    return next((name for name, words in _CONDITIONS.items() if words.search(word)), "new")
