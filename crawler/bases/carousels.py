"""Which links of a page stand in a carousel of other goods: told by its heading, whatever its markup."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.bases.leaves import Leaf, leaves
from crawler.bases.read import clean

HEADING = re.compile(
    r"(?:reviews for popular|you (?:might|may) (?:also )?(?:be interested|like)|(?:see )?similar (?:product|item)s|"
    r"recently viewed|your browsing history|customers (?:who|also)|frequently bought|bought together|people also|"
    r"suggested for you|recommended|recommendations|inspired by your|based on your|more from this|related products|"
    r"products related|sponsored products related|compare with similar|complete (?:the|your) (?:look|room|set)|"
    r"pairs well|goes well|top picks|continue shopping|keep shopping).{0,60}",
    re.I,
)
_TITLE = re.compile(
    r"(?:there is a newer (?:model|version)|more (?:from|like)|others? (?:also )?(?:bought|viewed)|shop the look|"
    r"you['’]ll (?:also )?love|trending|best ?sellers|new arrivals|ähnliche|das könnte|kunden kauften|"
    r"zuletzt angesehen|vous aimerez|produits similaires|también te).{0,60}",
    re.I,
)  # of blocks; on a tile such words are a badge
_HEADINGS = 'h2,h3,h4,h5,[role="heading"]'
HEADINGS, LONGEST = 80, 160  # headings of one page, characters of one that are looked at


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


def foreign_blocks(tree: LexborHTMLParser, own: LexborNode) -> set[int]:
    """mem_ids of the pieces of a product page that such a heading opens; never one that holds `own`, its heading."""
    above, node = set[int](), own.parent
    while node is not None:
        above.add(node.mem_id)
        node = node.parent
    marks = [n for n in tree.css(_HEADINGS)[:HEADINGS] if _is_of_others(clean(n.text()[:LONGEST]) or "")]
    return {block.mem_id for mark in marks if (block := _block(mark, above)) is not None}


def _is_of_others(title: str) -> bool:
    return bool(HEADING.fullmatch(title) or _TITLE.fullmatch(title))


def _block(mark: LexborNode, above: set[int]) -> LexborNode | None:
    """The smallest piece around the heading that links to goods; None where that piece is the page's product too."""
    piece: LexborNode | None = mark
    while piece is not None and piece.mem_id not in above:
        if piece.css_first("a[href]") is not None:
            return piece
        piece = piece.parent
    return None


def _around(node: LexborNode, good: Callable[[str], object]) -> list[LexborNode]:
    piece: LexborNode | None = node
    while piece is not None:
        inside = [a for a in piece.css("a[href]") if good(a.attributes["href"] or "")]
        if inside:
            return inside
        piece = piece.parent
    return []
