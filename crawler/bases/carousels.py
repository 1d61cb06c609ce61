"""Which links of a page stand in a carousel of other goods: told by its heading, whatever its markup."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.bases.leaves import Leaf, leaves

HEADING = re.compile(
    r"(?:reviews for popular|you (?:might|may) (?:also )?(?:be interested|like)|(?:see )?similar (?:product|item)s|"
    r"recently viewed|your browsing history|customers (?:who|also)|frequently bought|bought together|people also|"
    r"suggested for you|recommended|recommendations|inspired by your|based on your|more from this|related products|"
    r"products related|sponsored products related|compare with similar|complete (?:the|your) (?:look|room|set)|"
    r"pairs well|goes well|top picks|continue shopping|keep shopping).{0,60}",
    re.I,
)


_ORDER = re.compile(r"recommended|top picks", re.I)  # alone, outside of a heading, it names an order of the list


def heading(leaf: Leaf) -> bool:
    if len(leaf.text) >= 80 or not HEADING.fullmatch(leaf.text):
        return False
    return leaf.node.tag in ("h1", "h2", "h3", "h4", "h5", "h6") or not _ORDER.fullmatch(leaf.text)


def carousel_links(tree: LexborHTMLParser, good: Callable[[str], object], spare: bool = True) -> set[int]:
    """mem_ids of the links under such a heading: those in the smallest piece of the page that holds the heading and
    any good, and of these only the ones after it. `spare`: a heading with every good of the page under it is the
    listing's."""
    marks = [leaf for leaf in leaves(tree.body) if heading(leaf)]
    if not marks:
        return set()
    order = {node.mem_id: place for place, node in enumerate(tree.root.traverse())} if tree.root else {}
    goods = [a for a in tree.css("a[href]") if good(a.attributes["href"] or "")]
    found: set[int] = set()
    for mark in marks:
        under = {a.mem_id for a in _around(mark.node, good) if order[a.mem_id] > order[mark.node.mem_id]}
        if not spare or len(under) < len(goods):
            found |= under
    return found


def _around(node: LexborNode, good: Callable[[str], object]) -> list[LexborNode]:
    piece: LexborNode | None = node
    while piece is not None:
        inside = [a for a in piece.css("a[href]") if good(a.attributes["href"] or "")]
        if inside:
            return inside
        piece = piece.parent
    return []
