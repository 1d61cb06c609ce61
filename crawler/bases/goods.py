"""Which links of a result page lead to its goods, told by what stands around them: a price and a picture. For shops
whose addresses and class names nobody knows."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.address import link_key
from crawler.bases.carousels import carousel_links
from crawler.bases.leaves import Leaf, leaves
from crawler.bases.visible.amounts import seen
from crawler.bases.visible.text import hidden

if TYPE_CHECKING:
    from crawler.bases.document import Document

LEAST = 3  # goods; fewer may be anything
LEVELS = 16  # how far above its price a good's link and picture may stand
LEAVES, AMOUNTS = 20_000, 600  # texts of one page that are looked at, tiles that are found
LONGEST = 60  # characters of a price and what stands beside it
LINKS = 12  # links in one tile; what holds more is a list
_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[$£€¥₹₩₫₺₽]|Rs\.?|INR|USD|EUR|Rp", re.I)
_FRAME = {"nav", "footer", "header", "aside"}


def good_links(doc: "Document", currency: str | None) -> dict[str, str]:
    """{path of a good: its address} in page order; {} where the page shows no list of goods."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for node in _tiles(doc, currency):
        url = _main(doc, node)
        if url:
            found.setdefault(link_key(doc.url, url) or "", (url, _shape(node)))
    usual = Counter(shape for _, shape in found.values()).most_common(1)
    goods = {key: url for key, (url, shape) in found.items() if key and shape == usual[0][0]}
    if len(goods) < LEAST:
        return {}
    outside = carousel_links(doc.tree, lambda href: link_key(doc.url, href) in goods)
    kept = {
        k for a in doc.tree.css("a[href]") if a.mem_id not in outside and (k := link_key(doc.url, a.attributes["href"]))
    }
    return {key: url for key, url in goods.items() if key in kept}


def _tiles(doc: "Document", currency: str | None) -> Iterator[LexborNode]:
    """The smallest pieces of the page with a price, a picture and a link."""
    known, before = set[int](), ""
    for leaf in islice(leaves(doc.tree.body), LEAVES):
        text, before = f"{before}{leaf.text}", leaf.text if _SIGN.fullmatch(leaf.text) else ""
        if len(known) >= AMOUNTS or len(text) > LONGEST or not _DIGIT.search(text):
            continue
        if _is_priced(text, currency) or _is_priced(_whole(leaf), currency):
            node = _around(leaf)
            if node is not None and node.mem_id not in known:
                known.add(node.mem_id)
                yield node


def _is_priced(text: str, currency: str | None) -> bool:
    return any(s.signed for s in seen(text, currency))


def _whole(leaf: Leaf) -> str:
    """What it says together with what stands in it, as the sign of an amount may."""
    if leaf.node.child is None or leaf.node.child == leaf.node.last_child:
        return ""
    said = leaf.node.text()
    return said if len(said) <= LONGEST else ""


def _around(leaf: Leaf) -> LexborNode | None:
    node: LexborNode | None = leaf.node
    for _ in range(LEVELS):
        if node is None or node.tag in ("body", "html", *_FRAME) or hidden(node.attributes):
            return None
        links = [node] if node.tag == "a" else node.css("a[href]")
        if len(links) > LINKS:
            return None
        if links and node.css_first("img,picture,[style*=background-image]") is not None:
            return None if _framed(node) else node
        node = node.parent
    return None


def _framed(node: LexborNode) -> bool:
    """Does it stand in the frame of the page?"""
    above = node.parent
    while above is not None:
        if above.tag in _FRAME:
            return True
        above = above.parent
    return False


def _main(doc: "Document", tile: LexborNode) -> str | None:
    """The address most of its links lead to, the first of several."""
    links = [tile] if tile.tag == "a" else tile.css("a[href]")
    urls = [u for a in links if (u := read.absolute(doc.url, a.attributes.get("href"))) and link_key(doc.url, u)]
    keys = Counter(link_key(doc.url, u) for u in urls)
    return max(urls, key=lambda u: keys[link_key(doc.url, u)], default=None)


def _shape(tile: LexborNode) -> tuple[str, ...]:
    """The tags from the body down to it: the tiles of one list share them."""
    tags, node = [], tile
    while node is not None and node.tag not in ("body", "html"):
        tags.append(node.tag or "")
        node = node.parent
    return tuple(tags)
