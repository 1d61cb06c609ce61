"""The other sizes, colours and packs of a Flipkart product, as its state lists them (`COMPOSED_SWATCH`): each is an
article with a pid of its own; here it is an offer of the one the page shows.

`attributeOptions` has the values of each attribute, `products` the articles by pid with the index of their value in
each, and price and stock as far as they are told.
"""

from typing import Any

from msgspec.structs import replace

from crawler.bases import read
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.flipkart.pricing import CURRENCY, amount, higher, paid, stock, struck
from crawler.core.models import Availability, Offer

MOST = 100


def offers(swatch: Any, own: Facts) -> list[Offer]:
    """The page's own article first, then those that tell a price or their stock; [] where it has no variants."""
    named = _names(swatch)
    if own.sku not in named:
        return []
    own.variant = named[own.sku]
    first = Offer(own.price, own.list_price, own.currency, own.availability, own.variant, own.seller)
    others = (_variant(dig(swatch, "products", pid), name) for pid, name in named.items() if pid != own.sku)
    return [first, *(offer for offer in others if _says(offer))]


def _names(swatch: Any) -> dict[str, str]:
    """pid → "9 / Black"."""
    products, options = dig(swatch, "products", default={}), dig(swatch, "attributeOptions", default=[])
    if not isinstance(products, dict) or not isinstance(options, list):
        return {}
    found = {pid: _name(product, options) for pid, product in list(products.items())[:MOST]}
    return {pid: name for pid, name in found.items() if name}


def merged(default: list[Offer], told: list[Offer]) -> list[Offer]:
    """The variants a state tells, at the place the visible page answered for."""
    if not told:
        return default
    place = default[0] if default else Offer()
    return [replace(o, location=place.location, location_asked=place.location_asked) for o in told]


def _says(offer: Offer) -> bool:
    return offer.price is not None or offer.availability is not Availability.unknown


def _name(product: Any, options: list[Any]) -> str | None:
    indexes = dig(product, "attributeIndexes", default=[])
    if not isinstance(indexes, list) or len(indexes) != len(options):
        return None
    parts = [_value(options[place], index) for place, index in enumerate(indexes)]
    return " / ".join(part for part in parts if part) if all(parts) else None


def _value(values: Any, index: Any) -> str | None:
    if not isinstance(values, list) or not isinstance(index, int) or not 0 <= index < len(values):
        return None
    return read.clean(dig(values[index], "value"))


def _variant(product: Any, name: str) -> Offer:
    pricing, problems = dig(product, "pricing", default={}), list[str]()
    price = amount(paid(pricing), problems)
    listed = higher(amount(struck(pricing), problems), price)
    return Offer(price, listed, CURRENCY if price else None, stock(dig(product, "availability", "displayState")), name)
