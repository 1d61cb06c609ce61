"""The other variants of an Amazon product: their names from the page's own script, price and stock from their swatches.

Each is an article with a number of its own; here it is an offer of the one the page shows. A swatch that quotes other
sellers ("3 options from …") gives no price.
"""

import json
import re
from typing import Any, NamedTuple

from crawler.bases.amazon.parts import ASIN, amount, classes, money, shown, up, words
from crawler.bases.amazon.stock import stock
from crawler.core.models import Availability, Offer
from crawler.core.money import Money

_NAMES = re.compile(r'"dimensionValuesDisplayData"\s*:\s*(?=\{)')
_SWATCHES = '[id*="twister"] li[data-asin], [id^="variation_"] li[data-defaultasin]'
_STRUCK = '.a-price[data-a-strike="true"]'
_PLAIN = ".twisterSwatchPrice, .twister_swatch_price, .inline-twister-swatch-price"
_OTHERS = re.compile(r"\boptions?\b|\boffers?\b|\bfrom\b|\bab\b|à partir|desde|\bda\b|من", re.I)
_GONE = {"swatchUnavailable", "swatch-unavailable"}
_PER_UNIT = re.compile("per-?unit", re.I)
MOST = 100


class Variants(NamedTuple):
    """`own`: the name of the variant the page shows; `others`: offers that say something."""

    own: str | None = None
    others: tuple[Offer, ...] = ()


def variants(tree: Any, text: str, asin: str, hint: str, place: dict[str, Any]) -> Variants:
    names = _names(text)
    if asin not in names:
        return Variants()
    found: dict[str, Offer] = {}
    for swatch in tree.css(_SWATCHES)[: 4 * MOST]:
        other = swatch.attributes.get("data-asin") or swatch.attributes.get("data-defaultasin") or ""
        if ASIN.fullmatch(other) and other != asin and other in names and len(found) < MOST:
            offer = _offer(swatch, names, (asin, other), hint, place)
            if offer:
                found.setdefault(other, offer)
    return Variants(_name(names[asin]), tuple(found.values()))


def _names(text: str) -> dict[str, list[str]]:
    """ASIN → the value of each dimension."""
    found = _NAMES.search(text)
    try:
        names = json.JSONDecoder().raw_decode(text, found.end())[0] if found else {}
    except ValueError:
        return {}
    return {a: v for a, v in names.items() if isinstance(v, list) and v and all(isinstance(x, str) for x in v)}


def _name(values: list[str]) -> str:
    return " / ".join(" ".join(value.split()) for value in values)


def _offer(
    swatch: Any, names: dict[str, list[str]], pair: tuple[str, str], hint: str, place: dict[str, Any]
) -> Offer | None:
    price = _price(swatch, hint)
    gone = _is_gone(swatch) and _next_to(names[pair[0]], names[pair[1]])
    if gone:
        return Offer(availability=Availability.out_of_stock, variant=_name(names[pair[1]]), **place)
    if price is None or _is_gone(swatch):
        return None
    said = stock(words(swatch.css_first("#twisterAvailability")))
    return Offer(price.amount, _struck(swatch, price, hint), price.currency, said, _name(names[pair[1]]), **place)


def _is_gone(swatch: Any) -> bool:
    return swatch.attributes.get("data-initiallyunavailable") == "true" or bool(classes(swatch) & _GONE)


def _next_to(own: list[str], other: list[str]) -> bool:
    """Do they differ in one dimension only? Else the swatch says that the combination chosen now does not exist."""
    return len(own) == len(other) and sum(a != b for a, b in zip(own, other, strict=True)) == 1


def _price(swatch: Any, hint: str) -> Money | None:
    """The one amount that is drawn and neither struck through nor per unit."""
    if _OTHERS.search(words(swatch.css_first(_PLAIN))):
        return None
    drawn = {amount(n) for n in shown(swatch, ".a-price") if not _aside(n, swatch)}
    drawn = drawn or {words(n) for n in shown(swatch, _PLAIN)}
    return money(drawn.pop(), hint, []) if len(drawn) == 1 else None


def _aside(node: Any, swatch: Any) -> bool:
    return node.attributes.get("data-a-strike") == "true" or any(
        _PER_UNIT.search(c) for n in up(node, swatch) for c in classes(n)
    )


def _struck(swatch: Any, price: Money, hint: str) -> int | None:
    found = (money(amount(n), hint, []) for n in shown(swatch, _STRUCK))
    return next((m.amount for m in found if m and m.currency == price.currency and m.amount > price.amount), None)
