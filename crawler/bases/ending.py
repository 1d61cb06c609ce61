"""Where a page breaks off. One that was cut, or never rendered whole, shows a part as if it were all: an instalment
without the price, a member's price without everybody's, a price without the list price beside it."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

_FOOTER = "footer, #navFooter, #nav-ftr"
_AFTER = {"script", "noscript", "style", "iframe", "img", "input"}
MANY = 4  # tiles; a shorter list often is the end of a page


def open_end(tree: LexborHTMLParser) -> set[int]:
    """mem_ids of the elements the page ends inside of: the last one and all around it. None of a page with a footer, or
    with scripts after all it shows."""
    node = _last(tree.body) if tree.body is not None else None
    if node is None or node.tag in _AFTER or tree.css_first(_FOOTER) is not None:
        return set()
    found = set[int]()
    while node is not None:
        found.add(node.mem_id)
        node = _last(node)
    return found


def complete(tiles: list[LexborNode], tree: LexborHTMLParser) -> list[LexborNode]:
    """The tiles of a list without one that the page ends inside of."""
    return tiles[:-1] if len(tiles) >= MANY and tiles[-1].mem_id in open_end(tree) else tiles


def _last(node: LexborNode) -> LexborNode | None:
    return next((child for child in reversed(list(node.iter())) if child.tag != "-comment"), None)
