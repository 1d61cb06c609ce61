"""A generic product page of any shop, as a shopper sees it: title, main price, stock. Says nothing where several
readings are possible."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from crawler.bases.cards import foreign_cards
from crawler.bases.carousels import foreign_blocks
from crawler.bases.facts import Facts
from crawler.bases.page_currency import shared_sign
from crawler.bases.schema.product import name
from crawler.bases.visible.amounts import Seen, percent, seen
from crawler.bases.visible.picture import main_picture
from crawler.bases.visible.price import confirmed_by, pick, pick_list
from crawler.bases.visible.stock import availability
from crawler.bases.visible.text import CLASSES, DEPTH, Attributes, hidden, lines, text, words
from crawler.core import money
from crawler.core.errors import MoneyError
from crawler.core.money import Money

if TYPE_CHECKING:
    from crawler.bases.document import Document

LEVELS = 12  # how far above the heading the price may stand
CANDIDATES = 150
SHORT = 200  # characters of a price as shown
PURCHASE_LEVELS = 5  # how far above the heading a price without a telling class is looked for

_PRICE = ('[itemprop="price"],[class*="price" i],[id*="price" i],[data-testid*="price" i],[data-test*="price" i],'
          '[data-test-id*="price" i],[data-hook*="price" i],[data-price],[class*="amount" i]')  # fmt: skip
_ELSEWHERE = re.compile(
    r"(?:^|[-\s])(?:related|recommend\w*|similar|carousel|slider|swiper|slick|sponsored|upsell\w*|cross-?sell\w*|"
    r"also|viewed|recently|bundle\w*|accessor(?:y|ies)|footer|(?:site|page|global|main|top)-header|nav|navigation|menu|"
    r"breadcrumbs?|sidebar|mini-?cart|sellers?|marketplace|other-offers|"
    r"cart-drawer|modal|popup|compare|comparison|reviews?|suggest(?:ions?|ed-products?)|complementary|frequently|tiles?|"
    r"product-(?:card|grid|list|tile)s?|shop-the-look|financ\w*|affirm|klarna|afterpay|emi|installments?|warranty|"
    r"protection|gift|coupons?|swatch(?:es)?|unit-price|price-per|per-unit|filters?|you-save|members?(?:hip)?|exchange|"
    r"trade-in|rewards?|credit-card)(?:[-\s]|$)"
)
_SUPERSEDED = re.compile(r"^.{0,4}There is a newer (?:model|version)", re.I | re.M)  # and what that one costs
_ELSEWHERE_TAGS = {"footer", "nav", "aside"}


def product_facts(doc: "Document") -> Facts | None:
    """None when the page has no heading that names a product."""
    heading = _heading(doc)
    if heading is None:
        return None
    facts = Facts("visible", title=name(text(heading)))
    levels = _levels(heading)
    marked = _priced(doc, levels)
    outside = foreign_blocks(doc.tree, heading) | foreign_cards(doc, heading)
    level = _read_price(doc, facts, levels, marked, outside)
    if facts.price is None and marked:
        facts.problems = _refused(levels, marked)
    facts.availability = availability(levels[level:], elsewhere, outside)
    image = main_picture(doc, facts.title or "", elsewhere, outside)
    facts.images = [image] if image else []
    return facts


def elsewhere(tag: str, attributes: Attributes) -> bool:
    """Does an element hold other products, other offers or the page's frame?"""
    if tag in _ELSEWHERE_TAGS:
        return True
    return ("class" in attributes or "id" in attributes) and _elsewhere_name(words(attributes))


@lru_cache(CLASSES)
def _elsewhere_name(named: str) -> bool:
    return bool(_ELSEWHERE.search(named))


def _heading(doc: "Document") -> LexborNode | None:
    """The h1 that shares most words with the page's title."""
    title = doc.tree.css_first("title")
    said = set(_words(title.text() if title else "")) | set(_words(doc.opengraph.get("og:title", "")))
    best, score = None, 0.0
    for node in doc.tree.css("h1")[:8]:
        own = set(_words(text(node)))
        shared = len(own & said) / min(len(own), len(said)) if own and said else 0.0
        if shared > score and not any(n.tag in _ELSEWHERE_TAGS or hidden(n.attributes) for n in _levels(node)):
            best, score = node, shared
    return best if score >= 0.5 else None


def _words(said: str) -> list[str]:
    return re.findall(r"\w+", said.lower())


def _levels(node: LexborNode) -> list[LexborNode]:
    """The elements around it, nearest first, up to the body."""
    levels, current = [], node.parent
    while current is not None and len(levels) < LEVELS and current.tag not in ("body", "html"):
        levels.append(current)
        current = current.parent
    return levels or ([current] if current is not None else [])


def _read_price(
    doc: "Document", facts: Facts, levels: list[LexborNode], marked: dict[int, set[int]], outside: set[int]
) -> int:
    """Fills the price from the nearest level around the heading that has one; returns that level."""
    currency, before = shared_sign(doc), ""
    for i, level in enumerate(levels):
        if i not in marked and i >= PURCHASE_LEVELS:
            continue
        block = lines(level, elsewhere, {m for j, ids in marked.items() if j <= i for m in ids}, outside)
        block = _SUPERSEDED.split(block)[0]
        if block == before:
            continue
        before = block
        found = [s for s in seen(block, currency) if s.marked or (s.alone and s.signed)]
        if any(s.role in ("price", "range", "weak") for s in found):
            _fill(facts, found, percent(block))
            return i
    return 0


def _priced(doc: "Document", levels: list[LexborNode]) -> dict[int, set[int]]:
    """Elements whose name speaks of a price, by the nearest level they share with the heading; the outermost of those
    that stand in each other, as the sign and the cents of a price may."""
    places = {level.mem_id: i for i, level in enumerate(levels)}
    nodes = doc.tree.css(_PRICE)[:CANDIDATES]
    named = {node.mem_id for node in nodes} - set(places)
    found: dict[int, set[int]] = {}
    for node in nodes:
        place = _shared(node, places, named)
        if place is not None:
            found.setdefault(place, set()).add(node.mem_id)
    return found


def _shared(node: LexborNode, places: dict[int, int], named: set[int]) -> int | None:
    """The nearest level around an element; None when another of the named stands between."""
    current: LexborNode | None = node
    for _ in range(DEPTH):
        if current is None or current.mem_id in places:
            break
        current = current.parent
        if current is not None and current.mem_id in named:
            return None
    return places.get(current.mem_id) if current is not None else None


def _refused(levels: list[LexborNode], marked: dict[int, set[int]]) -> list[str]:
    """Why the prices shown nearest to the heading can't be believed; each reason once."""
    nearest, reasons = min(marked), set[str]()
    for node in levels[nearest].css(_PRICE)[:CANDIDATES]:
        if node.mem_id in marked[nearest]:
            try:
                money.parse(text(node)[:SHORT])
            except MoneyError as error:
                reasons.add(error.reason)
    return sorted(reasons)


def _fill(facts: Facts, found: list[Seen], discount: int | None) -> None:
    paid = only(found, discount)
    if paid is None:
        return
    facts.price, facts.currency = paid
    listed = pick_list(found, paid, discount)
    facts.list_price = listed.amount if listed else None


def only(found: list[Seen], discount: int | None) -> Money | None:
    """The one price; None for a range or for several that no discount explains."""
    if any(s.role == "range" for s in found):
        return None
    prices = {s.money for s in found if s.role == "price"} or {s.money for s in found if s.role == "weak"}
    return pick(found, discount) if len(prices) == 1 else confirmed_by(found, discount)
