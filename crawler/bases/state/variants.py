"""The variants of a good in its own JSON as offers: sizes, colours, sellers' articles."""

from typing import Any

from crawler.bases import read
from crawler.bases.schema.identity import SHORT
from crawler.bases.schema.product import text
from crawler.bases.schema.values import code
from crawler.bases.state.amounts import minor, prices
from crawler.bases.state.forms import Told, currency_of
from crawler.bases.state.things import Thing, codes, first
from crawler.bases.state.words import meanings, plain
from crawler.core.errors import MoneyError
from crawler.core.models import Availability, Offer

MOST = 200
_LABELS = ("size", "sizename", "color", "colour", "colorname", "fabric", "material", "finish", "style",
           "option", "label", "displaysize", "sizelabel")  # fmt: skip


def availability(thing: Thing) -> Availability:
    """What an object says of its own stock; unknown when its fields contradict each other."""
    told = {said for key, value in thing.items() if (said := _stock(key, value)) is not Availability.unknown}
    return told.pop() if len(told) == 1 else Availability.unknown


def _stock(key: str, value: Any) -> Availability:
    meant = meanings(key) & {"stock", "gone"}
    if not meant:
        return Availability.unknown
    if isinstance(value, bool):
        return Availability.in_stock if value == ("stock" in meant) else Availability.out_of_stock
    if isinstance(value, str):
        return _word(value)
    return availability(value) if isinstance(value, dict) else Availability.unknown


def _word(value: str) -> Availability:
    if plain(value) in ("available", "true", "yes"):
        return Availability.in_stock
    if plain(value) in ("notavailable", "unavailable"):
        return Availability.out_of_stock
    return read.availability(value) if len(value) < 60 else Availability.unknown


def variants(thing: Thing) -> list[Thing]:
    """The objects that stand for its variants, in page order; [] where there are fewer than two."""
    listed = next((v for k, v in thing.items() if "variants" in meanings(k) and _objects(v)), [])
    return [v.get("node", v) if isinstance(v.get("node"), dict) else v for v in listed[:MOST]]


def offers(thing: Thing, unit: Any, currency: str | None) -> list[Offer]:
    """One offer per variant that tells what it is called and its price or stock; [] for fewer than two."""
    found = [offer for v in variants(thing) if (offer := _offer(v, unit, currency))]
    distinct = {offer.variant: offer for offer in reversed(found)}
    return list(reversed(distinct.values())) if len(distinct) > 1 else []


def chosen(thing: Thing, wanted: set[str]) -> Thing | None:
    """The one variant whose number stands in the page's address."""
    found = [v for v in variants(thing) if any(code(c) in wanted and len(c) > SHORT for c in codes(v))]
    return found[0] if len(found) == 1 else None


def _objects(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(v, dict) for v in value)


def _offer(variant: Thing, unit: Any, currency: str | None) -> Offer | None:
    told, named, stock = prices(variant), label(variant), availability(variant)
    own = currency_of(variant) or currency
    price, listed = (_amount(t, unit, own) for t in (told.paid, told.listed))
    if not named or (price is None and stock is Availability.unknown):
        return None
    return Offer(price, listed if price and listed and listed > price else None, own, stock, named)


def _amount(told: Told | None, unit: Any, currency: str | None) -> int | None:
    if told is None or not (told.unit or unit):
        return None
    try:
        return minor(told if told.unit else told._replace(unit=unit), currency)
    except MoneyError:
        return None


def label(variant: Thing) -> str | None:
    """What tells it from its siblings: its options, else its own title, else its article number."""
    parts = [_text(v) for k, v in variant.items() if plain(k) in _LABELS]
    options = variant.get("options")
    parts += [_text(o) for o in options] if isinstance(options, list) else []
    told = " / ".join(dict.fromkeys(p for p in parts if p))
    return told or _text(first(variant, "name")) or _text(first(variant, "id"))


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("value") or value.get("label")
    return (
        text(value) if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) < 100 else None
    )
