"""The buy box: which of its offers a shopper is shown, in what condition, from whom, and whether it can be had.

Never Subscribe & Save (unless nothing else is sold), an exchange, a Prime price or another seller's listing.
"""

import re
from itertools import pairwise
from typing import Any, NamedTuple

from crawler.bases.amazon.parts import classes, texts, up, words
from crawler.bases.amazon.stock import gone, stock
from crawler.bases.ending import open_end
from crawler.core.models import Availability

_ROWS = '#buyBoxAccordion [id*="AccordionRow"]'
_ROW = re.compile(r"\w+AccordionRow(?:_\d+)?")
_BOXES = (
    "#buybox", "#desktop_buybox", "#mobile_buybox", "#buybox-mobile", "#buybox_feature_div", "#qualifiedBuybox",
    "#unqualifiedBuyBox", "#outOfStock", "form#addToCart", "#rightCol",
)  # fmt: skip
_CAPTION = '.accordion-caption, [id*="aption_feature_div"], .accordion-header h5, h5'
_SUBSCRIBE = re.compile(r"subscribe|^sns", re.I)
_NOT_FOR_ALL = re.compile(
    r"^(?:buyback|exchange|prime|rent|trade)|(?<!without )\bexchange\b|\bprime (?:exclusive|member|price|saving|deal)"
    r"|exclusive prime|with prime\b|join prime|\brent(?:al)?\b|\btrade-?in\b", re.I,
)  # fmt: skip
_MEMBERS = re.compile(r"join prime to buy|prime members? only|only (?:for|available to) prime", re.I)
_USED = re.compile(
    r"\bused\b(?! from)|pre-?owned|\bgebraucht|d.occasion\b|\busad[oa]|\busato\b|tweedehands|begagnad|używan|ikinci el"
    r"|中古|مستعمل|^used", re.I,
)  # fmt: skip
RENEWED = re.compile(
    r"\brenewed\b|refurbished|general.berholt|r[eé]con?dition|reacondicionad|ricondizionat|recondicionad|整備済み|^renewed",
    re.I,
)
_STOCK = (
    "#availability", "#availability-string", "#availabilityInsideBuyBox_feature_div", "#outOfStock",
    "#availability_feature_div",
)  # fmt: skip
_BUTTONS = 'input[name^="submit.add-to-cart"], [id^="add-to-cart-button"], #buy-now-button, #one-click-button'
_PAGE = "#a-page, #dp, #dp-container"
_SELLER = (
    "#sellerProfileTriggerId", "#merchantInfoFeature_feature_div .offer-display-feature-text-message",
    '[tabular-attribute-name="Sold by"] .tabular-buybox-text-message',
)  # fmt: skip
_SOLD_BY = re.compile(r"\bsold by:? (.+?)(?: and (?:fulfilled|delivered|shipped)\b.*|\.?)$", re.I)


class Box(NamedTuple):
    """`node` is the chosen offer's part of the buy box (None: no buy box), `row` its accordion id. `shut`: nobody can
    buy from it, or the page breaks off before it."""

    node: Any = None
    row: str | None = None
    condition: str = "new"
    shut: bool = False


def rows(tree: Any) -> list[Any]:
    """The accordion's rows: one per way to buy."""
    found = [node for node in tree.css(_ROWS) if _ROW.fullmatch(node.attributes.get("id") or "")]
    known = {node.mem_id for node in found}
    return [node for node in found if not any(n.mem_id in known for n in up(node.parent, tree.body))]


def choose(tree: Any) -> Box:
    found = rows(tree)
    if _broken_off(tree):
        return Box(shut=True)
    if not found:
        node = next((n for n in (tree.css_first(s) for s in _BOXES) if n is not None), None)
        return Box(node, None, condition(node, "")) if node is not None else Box()
    row = _row([(r, name_of(r)) for r in found])
    return Box(row, row.attributes.get("id"), condition(row, name_of(row))) if row is not None else Box(shut=True)


def _broken_off(tree: Any) -> bool:
    """Does the page end inside its ways to buy, or before any of them?"""
    end = open_end(tree)
    if not end or any(node.mem_id in end for node in tree.css("#buyBoxAccordion")):
        return bool(end)
    none = all(tree.css_first(s) is None for s in _BOXES) and not _stock_text(tree)
    return none and any(node.mem_id in end for node in tree.css(_PAGE))


def _row(named: list[tuple[Any, str]]) -> Any:
    """The open row if anybody can buy at its price, else the one for new goods, else the first such."""
    for_all = [(r, name) for r, name in named if not _for_some(r)]
    once = [pair for pair in for_all if not _SUBSCRIBE.search(pair[1])] or for_all
    opened = [row for row, _ in once if "a-accordion-active" in classes(row)]
    new = [row for row, name in once if name.startswith("new")]
    return next(iter(opened or new or [row for row, _ in once]), None)


def _for_some(row: Any) -> bool:
    return bool(_NOT_FOR_ALL.search(name_of(row)) or _MEMBERS.search(words(row)))


def everybody(row: Any) -> bool:
    """Can anybody buy at this row's price, once?"""
    return not _for_some(row) and not _SUBSCRIBE.search(name_of(row))


def name_of(row: Any) -> str:
    """The row's id and the first words of its headline."""
    return f"{row.attributes.get('id') or ''} {words(row.css_first(_CAPTION))[:80]}"


def condition(box: Any, said: str) -> str:
    """New, used or refurbished, by what a box and its headline say."""
    if RENEWED.search(said) or words(box.css_first('[id^="renewed"][id*="aption"]')):
        return "refurbished"
    if said.lower().startswith("new"):
        return "new"
    used = box.css_first("#usedOnlyBuybox, #used_buybox_desktop, #usedBuySection")
    new = box.css_first("#buyNewSection, #newBuyBoxPrice, #corePrice_feature_div .a-price, #price_inside_buybox")
    return "used" if _USED.search(said) or (used is not None and new is None) else "new"


def availability(tree: Any, box: Box, priced: bool) -> tuple[Availability, bool]:
    """(what the box says of stock, whether it says that nothing is sold here)."""
    if box.shut:
        return Availability.unknown, True
    text = _stock_text(box.node if box.row else tree)
    closed = gone(text) or (not priced and _other_sellers_only(box.node))
    said = stock(text) if text or not priced else _by_button(box.node)
    return said, closed


def _stock_text(root: Any) -> str:
    found = (words(node) for selector in _STOCK for node in root.css(selector))
    return next((text for text in found if text), "")


def _other_sellers_only(box: Any) -> bool:
    return box is not None and box.css_first("#unqualifiedBuyBox, #buybox-see-all-buying-choices") is not None


def _by_button(box: Any) -> Availability:
    """A box that lets anybody buy has stock, even where it prints no word on it."""
    button = box.css_first(_BUTTONS) if box is not None else None
    if button is None or "disabled" in button.attributes:
        return Availability.unknown
    said = f"{button.attributes.get('value') or ''} {button.attributes.get('title') or ''}".lower()
    return Availability.preorder if "pre-order" in said else Availability.in_stock


def seller(tree: Any, box: Box) -> str | None:
    """Who the chosen offer is from."""
    roots = [box.node] if box.row else [n for n in (box.node, tree) if n is not None]
    for root in roots:
        name = next((words(n) for s in _SELLER for n in root.css(s) if words(n)), "")
        if name:
            return name
    sold = _SOLD_BY.search(words(tree.css_first("#merchant-info"))) if not box.row else None
    return sold[1] if sold else _after_label(list(texts(box.node)) if box.node is not None else [])


def _after_label(pieces: list[str]) -> str | None:
    """The text that follows "Sold by"."""
    return next((b for a, b in pairwise(pieces) if a.lower().rstrip(": ") == "sold by"), None)
