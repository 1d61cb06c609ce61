"""A generic product page of any shop, as a shopper sees it: title, main price, stock. Says nothing where several
readings are possible."""

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from crawler.bases.cards import foreign_cards
from crawler.bases.carousels import foreign_blocks
from crawler.bases.facts import Facts
from crawler.bases.page_currency import shared_sign
from crawler.bases.schema.product import name
from crawler.bases.visible.amounts import Seen, seen
from crawler.bases.visible.aside import TAGS, elsewhere
from crawler.bases.visible.marked import priced, refused
from crawler.bases.visible.picture import main_picture
from crawler.bases.visible.price import only, pick_list
from crawler.bases.visible.roles import percent
from crawler.bases.visible.stock import availability
from crawler.bases.visible.text import hidden, lines, text

if TYPE_CHECKING:
    from crawler.bases.document import Document

LEVELS = 12  # how far above the heading the price may stand
HEADINGS = 8  # of one page that are looked at
PURCHASE_LEVELS = 5  # how far above the heading a price without a telling class is looked for

_SUPERSEDED = re.compile(r"^.{0,4}There is a newer (?:model|version)", re.I | re.M)  # and what that one costs


def product_facts(doc: "Document") -> Facts | None:
    """None when the page has no heading that names a product."""
    heading = _heading(doc)
    if heading is None:
        return None
    facts = Facts("visible", title=name(text(heading)))
    levels = _levels(heading)
    marked = priced(doc, levels)
    outside = foreign_blocks(doc.tree, heading) | foreign_cards(doc, heading)
    level = _read_price(doc, facts, levels, marked, outside)
    if facts.price is None and marked:
        facts.problems = refused(levels, marked)
    facts.availability = availability(levels[level:], elsewhere, outside)
    image = main_picture(doc, facts.title or "", elsewhere, outside)
    facts.images = [image] if image else []
    return facts


def _heading(doc: "Document") -> LexborNode | None:
    """The h1 that shares most words with the page's title; the only one where the page has none."""
    title = doc.tree.css_first("title")
    said = set(_words(title.text() if title else "")) | set(_words(doc.opengraph.get("og:title", "")))
    shown = [
        n for n in doc.tree.css("h1")[:HEADINGS] if not any(a.tag in TAGS or hidden(a.attributes) for a in _levels(n))
    ]
    if not said:
        return shown[0] if len(shown) == 1 and _words(text(shown[0])) else None
    best = max(shown, key=lambda node: _shared(node, said), default=None)
    return best if best is not None and _shared(best, said) >= 0.5 else None


def _shared(node: LexborNode, said: set[str]) -> float:
    """Which part of the words of one are the other's."""
    own = set(_words(text(node)))
    return len(own & said) / min(len(own), len(said)) if own else 0.0


def _words(said: str) -> list[str]:
    return re.findall(r"\w+", said.lower())


def _levels(node: LexborNode) -> list[LexborNode]:
    """The elements around it, nearest first, up to the body."""
    levels, current = list[LexborNode](), node.parent
    while current is not None and len(levels) < LEVELS and current.tag not in ("body", "html"):
        levels.append(current)
        current = current.parent
    return levels or ([current] if current is not None else [])


def _read_price(
    doc: "Document", facts: Facts, levels: list[LexborNode], marked: dict[int, set[int]], outside: set[int]
) -> int:
    """Fills the price from the nearest level around the heading that has one; returns that level."""
    currency, before, found = shared_sign(doc), "", list[Seen]()
    for i, level in enumerate(levels):
        if i not in marked and i >= PURCHASE_LEVELS:
            continue
        block = lines(level, elsewhere, {m for j, ids in marked.items() if j <= i for m in ids}, outside)
        block = _SUPERSEDED.split(block)[0]
        if block == before:
            continue
        before, found = block, seen(block, currency)
        told = [s for s in found if s.marked or (s.alone and s.signed)]
        if any(s.role in ("price", "range", "weak") for s in told):
            _fill(facts, told, percent(block))
            return i
    facts.denied = [s.money.amount for s in found if s.signed and s.role in ("list", "other")]
    return 0


def _fill(facts: Facts, found: list[Seen], discount: int | None) -> None:
    paid = only(found, discount)
    if paid is None:
        return
    facts.price, facts.currency = paid
    listed = pick_list(found, paid, discount)
    facts.list_price = listed.amount if listed else None
    # a lone amount beside "30% off" is what the discount leads to, or what it was taken from
    facts.unsure = discount is not None and {s.money for s in found} == {paid}
