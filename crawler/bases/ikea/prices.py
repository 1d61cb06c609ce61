"""IKEA's price module, under whatever prefix it had that year, on product pages and tiles.

Prefixes seen: `product-pip__` (2019), `range-revamp-pip-` (2020), `pip-` (2022), `pip-temp-` (2023), `pipcom-` (2024),
and `plp-` on tiles. The parts keep their names: `price-module` or `price-package`, `current-price` or `main-price`,
`previous-price`, `comparison-price` or `addon`, `__integer`, `__decimal`.
"""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.bases import visible
from crawler.bases.document import Document
from crawler.core import money
from crawler.core.errors import MoneyError

_MODULE = re.compile(r"(?:^|\s)(?:product-pip__price-package|[a-z-]*price-(?:module|package))(?=\s|$)")
_ELSEWHERE = re.compile(r"\bplp-|product-compact|recommend|upsell|\brec-", re.I)
_NOW = '[class*="current-price"], [class*="main-price"], [class*="price__value"]'
_MAIN = '[class*="primary-currency-price"]'
_BEFORE = '[class*="previous-price"], [class*="comparison-price"], [class*="strike"], [class*="price-module__addon"]'
_BEFORE_WORDS = re.compile(
    r"previous|regul|normal|before|\bwas\b|old price|vorher|bisher|anterior|habitu|précéd|preced|ordinari|tidigare|"
    r"tidlig|vorige|předchoz|poprzedni", re.I,
)  # fmt: skip
_LOWEST = re.compile(
    r"lowest|\b30\b|niedrigst|más baj|plus bas|più bass|laagste|lägsta|nejnižší|najniższ", re.I,
)  # fmt: skip
_OTHER_PRICE = re.compile(rf"{_LOWEST.pattern}|\bper\b|/\s*\w|\bsave\b|member", re.I)
_INSTALMENT = re.compile(
    r"(?:/|\bper|\ba)\s*mo(?:nth)?\b|\bmonthly|/\s*(?:monat|mois|mes|mese|maand|mån|md)\b|pro monat|par mois|al mes",
    re.I,
)
_MEMBERS = re.compile(
    r"family[ _-]*(?:price|preis|prijs|pris|hinta)|members?(?:['’]s?)?[ -]*(?:only )?price|"
    r"(?:prix|precio|prezzo|preço|cena|cijena)\s+(?:ikea\s+)?family", re.I,
)  # fmt: skip
_MEMBERS_PROPS = re.compile(r'FAMILY_PRICE|"isFamilyPrice"\s*:\s*true')
_NEAR = 400  # characters: a wrapper with more text than this holds more than the price


class Shown(NamedTuple):
    """The price anybody pays and the one it was before, in minor units; `members`: a club's price stands beside it."""

    price: int | None = None
    list_price: int | None = None
    members: bool = False


def price_module(doc: Document) -> LexborNode | None:
    """The product's own price module: the one its heading stands in, else the first that is not in a tile; with what
    stands right beside it, where a club's label is."""
    found = [n for n in doc.tree.css('[class*="price-module"], [class*="price-package"]') if _MODULE.search(_class(n))]
    own = [module for module in found if not _elsewhere(module)]
    module = next((module for module in own if module.css_first("h1")), own[0] if own else None)
    around = module.parent if module is not None else None
    return around if around is not None and around.tag != "body" and len(around.text()) < _NEAR else module


def shown(block: LexborNode | None, currency: str | None) -> Shown:
    """What a price module or a tile shows."""
    if block is None:
        return Shown()
    now, before = _now(block, currency), _before(block, currency)
    if _members(block):
        return Shown(before, None, members=True)
    return Shown(now, before if now and before and before > now else None)


def minor(number: str | None, currency: str | None) -> int | None:
    """Minor units of a machine-readable number; None for one beyond belief."""
    try:
        return money.minor(number, currency) if number else None
    except MoneyError:
        return None


def _now(module: LexborNode, currency: str | None) -> int | None:
    nodes = (node for node in _own(module, _NOW) or _own(module, _MAIN) if not _INSTALMENT.search(visible.text(node)))
    return next((amount for node in nodes if (amount := _amount(node, currency))), None)


def _before(module: LexborNode, currency: str | None) -> int | None:
    """The regular price shown beside a lower one; never a price per unit, a saving or the lowest of thirty days."""
    for node in _own(module, _BEFORE):
        text, name = visible.text(node), _class(node)
        marked = "addon" not in name or node.css_first('[class*="strike"]') is not None
        if (
            (marked or _BEFORE_WORDS.search(text))
            and not _OTHER_PRICE.search(f"{name} {text}")
            and not _LOWEST.search(_line(node))
        ):
            return _amount(node, currency)
    return None


def _line(node: LexborNode) -> str:
    """The text of the line it stands in."""
    line, above = node, node.parent
    while above is not None and "price-module__addon" in _class(above):
        line, above = above, above.parent
    return visible.text(line)


def _own(module: LexborNode, selector: str) -> list[LexborNode]:
    """What is inside a price module, but not inside a tile that stands in it."""
    aside = _elsewhere(module)
    return [node for node in module.css(selector) if _elsewhere(node) == aside]


def _amount(node: LexborNode, currency: str | None) -> int | None:
    """Digits of the `__integer` and `__decimal` parts: no country's separators matter there."""
    whole, decimals = (node.css_first(f'[class*="__{part}"]') for part in ("integer", "decimal"))
    if whole is None:
        return _parsed(visible.text(node), currency)
    digits, rest = (re.sub(r"\D", "", part.text()) if part is not None else "" for part in (whole, decimals))
    return minor(f"{digits}.{rest}" if rest else digits, currency)


def _parsed(text: str, currency: str | None) -> int | None:
    try:
        found = money.parse(text, currency)
    except MoneyError:
        return None
    return found.amount if found else None


def club_price(node: LexborNode | None) -> bool:
    """Is a price called a club's anywhere in it?"""
    return node is not None and bool(_MEMBERS.search(visible.text(node)))


def _members(block: LexborNode) -> bool:
    packages = [block, *block.css("[data-initial-props]")]
    props = " ".join((node.attributes.get("data-initial-props") or "")[:3000] for node in packages)
    return bool(_MEMBERS_PROPS.search(props) or _MEMBERS.search(f"{_class(block)} {visible.text(block)}"))


def _elsewhere(node: LexborNode | None) -> bool:
    while node is not None and node.tag != "body":
        if _ELSEWHERE.search(_class(node)):
            return True
        node = node.parent
    return False


def _class(node: LexborNode) -> str:
    return node.attributes.get("class") or ""
