"""Whether a page offers its product for sale, told by the purchase button and the stock line near its price."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.visible_text import Skip, hidden, text
from crawler.core.models import Availability

LEVELS = 4  # how far above the price a button still belongs to it
ELEMENTS = 300
STOCK_LINE = 120  # characters; longer text is prose

_STOCK = ('[itemprop="availability"],[class*="stock" i],[id*="stock" i],[class*="availab" i],[id*="availab" i],'
          '[data-testid*="stock" i],[data-testid*="availab" i]')  # fmt: skip
_BUTTON = ('button,input[type="submit"],input[type="button"],a[class*="cart" i],a[class*="btn" i],'
           'a[class*="button" i],[role="button"]')  # fmt: skip
_ADD = re.compile(
    r"\b(?:add (?:\w+ )?to (?:\w+ )?(?:cart|bag|basket|trolley)|buy (?:it )?now|in den warenkorb|ajouter au panier|"
    r"añadir al carrito|aggiungi al carrello|tambah ke keranjang|beli sekarang)\b",
    re.I,
)
_GONE = re.compile(
    r"\b(?:sold ?out|out of stock|notify me|currently unavailable|ausverkauft|épuisé|agotado|esaurito|habis)\b", re.I
)


def availability(levels: list[LexborNode], elsewhere: Skip) -> Availability:
    """From the nearest of the levels around the price that says something; unknown when what it says contradicts."""
    for level in levels[:LEVELS]:
        told = {said for said in (*_buttons(level, elsewhere), *_stock_lines(level, elsewhere)) if said}
        if told:
            return told.pop() if len(told) == 1 else Availability.unknown
    return Availability.unknown


def _buttons(level: LexborNode, elsewhere: Skip) -> Iterator[Availability | None]:
    for node in level.css(_BUTTON)[:ELEMENTS]:
        attributes = node.attributes
        label = " ".join([node.text(), attributes.get("value") or "", attributes.get("aria-label") or ""])
        if not (_ADD.search(label) or _GONE.search(label)) or not _own(node, level, elsewhere):
            continue
        if _GONE.search(label):
            yield Availability.out_of_stock
        elif "disabled" not in attributes and attributes.get("aria-disabled") != "true":
            yield Availability.in_stock


def _stock_lines(level: LexborNode, elsewhere: Skip) -> Iterator[Availability | None]:
    for node in level.css(_STOCK)[:ELEMENTS]:
        said = text(node)
        if 0 < len(said) <= STOCK_LINE and _own(node, level, elsewhere):
            found = read.stock(said)
            yield found if found is not Availability.unknown else None


def _own(node: LexborNode, level: LexborNode, elsewhere: Skip) -> bool:
    """Visible, and in no block of the level that belongs to something else."""
    current: LexborNode | None = node
    while current is not None and current.mem_id != level.mem_id:
        attributes = current.attributes
        if hidden(attributes) or (current is not node and elsewhere(current.tag or "", attributes)):
            return False
        current = current.parent
    return True
