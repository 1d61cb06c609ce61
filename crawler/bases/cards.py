"""Cards of other goods that stand on a product page without any heading: told by their link to another page."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from crawler.bases.address import link_key

if TYPE_CHECKING:
    from crawler.bases.document import Document

LINKS = 400  # of one page that are looked at
LEVELS = 3  # how far around its link a card reaches
LONGEST = 1000  # characters of a card
_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|pdf)$", re.I)
_AMOUNT = re.compile(  # begins at the digit: most of a page has none
    r"\d(?:(?<=[$£€¥₹₩]\d)|(?<=[$£€¥₹₩]\s\d)|(?<=Rs\d)|(?<=Rs[.\s]\d)|(?<=Rs\.\s\d)|(?<=[A-Z]{3}\d)|"
    r"(?<=[A-Z]{3}\s\d)|\s?(?:€|kr\b|zł))"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def foreign_cards(doc: "Document", heading: LexborNode) -> set[int]:
    """mem_ids of links to other pages that hold a price, and of the smallest pieces around a picture, a price and a
    link to a page that is called otherwise; never of one that holds `heading`."""
    own, title = link_key(doc.url, doc.url), set(_words(heading.text()))
    above, pictures = set(_above(heading)), _pictures(doc)
    found = set[int]()
    for link in doc.tree.css("a[href]")[:LINKS]:
        card = _card(link, pictures.get(link.mem_id), title, above)
        if card is not None and link.mem_id not in above and _leads_away(doc, link, own):
            found.add(card)
    return found


def _leads_away(doc: "Document", link: LexborNode, own: str | None) -> bool:
    key = link_key(doc.url, link.attributes["href"])
    return key is not None and key != own and not _FILE.search(key)


def _pictures(doc: "Document") -> dict[int, LexborNode]:
    """The first picture in each link, by the link's mem_id."""
    found = dict[int, LexborNode]()
    for picture in doc.tree.css("a[href] img"):
        node = picture.parent
        while node is not None and node.tag != "a":
            node = node.parent
        if node is not None:
            found.setdefault(node.mem_id, picture)
    return found


def _card(link: LexborNode, picture: LexborNode | None, title: set[str], above: set[int]) -> int | None:
    said = link.text()
    if _AMOUNT.search(said):
        return _whole(link, said, above)
    if picture is None or not _other(f"{said} {picture.attributes.get('alt') or ''}", title):
        return None
    node = link.parent
    for _ in range(LEVELS):
        if node is None or node.mem_id in above or len(around := node.text()) > LONGEST:
            break
        if _AMOUNT.search(around):
            return node.mem_id
        node = node.parent
    return None


def _whole(link: LexborNode, said: str, above: set[int]) -> int:
    """The link, or the piece around it where that shows no other price: its button is the card's too."""
    node = link.parent
    if node is None or node.mem_id in above or _AMOUNT.search(node.text().replace(said, "")):
        return link.mem_id
    return node.mem_id


def _other(said: str, title: set[str]) -> bool:
    """Is it a name of several words, and another than the page's?"""
    named = set(_words(said))
    return len(named) > 1 and len(named & title) * 2 <= len(named)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _above(node: LexborNode) -> Iterator[int]:
    current: LexborNode | None = node
    while current is not None:
        yield current.mem_id
        current = current.parent
