"""The elements of a product page whose name speaks of a price."""

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from crawler.bases.visible.text import DEPTH, text
from crawler.core import money
from crawler.core.errors import MoneyError

if TYPE_CHECKING:
    from crawler.bases.document import Document

CANDIDATES = 150
SHORT = 200  # characters of a price as shown

_PRICE = ('[itemprop="price"],[class*="price" i],[id*="price" i],[data-testid*="price" i],[data-test*="price" i],'
          '[data-test-id*="price" i],[data-hook*="price" i],[data-price],[class*="amount" i]')  # fmt: skip


def priced(doc: "Document", levels: list[LexborNode]) -> dict[int, set[int]]:
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


def refused(levels: list[LexborNode], marked: dict[int, set[int]]) -> list[str]:
    """Why the prices shown nearest to the heading can't be believed; each reason once."""
    nearest, reasons = min(marked), set[str]()
    for node in levels[nearest].css(_PRICE)[:CANDIDATES]:
        if node.mem_id in marked[nearest]:
            try:
                money.parse(text(node)[:SHORT])
            except MoneyError as error:
                reasons.add(error.reason)
    return sorted(reasons)
