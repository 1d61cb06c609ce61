"""A page as a shopper reads it, element by element: every element with text of its own, in reading order. For shops
whose class names change by the week, where only text and structure can be trusted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.bases.read import clean

UNSEEN = {"script", "style", "noscript", "template", "svg", "head", "select", "textarea"}
_STRUCK = re.compile(r"line-through", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


class Leaf(NamedTuple):
    """`path` are the mem_ids of its ancestors, outermost first. `link` is the href of the anchor it stands in: "" in
    an anchor without one, None outside of any."""

    text: str
    struck: bool
    link: str | None
    node: LexborNode
    path: tuple[int, ...]


def leaves(root: LexborNode | None) -> Iterator[Leaf]:
    """Every rendered element under `root` that holds text itself; text an inner element interrupts stays one."""
    todo: list[tuple[LexborNode, bool, str | None, tuple[int, ...]]] = [(root, False, None, ())] if root else []
    while todo:
        node, struck, link, path = todo.pop()
        attributes = node.attributes
        style = attributes.get("style") or ""
        if node.tag in UNSEEN or "hidden" in attributes or _HIDDEN.search(style):
            continue
        struck = struck or node.tag in ("s", "del", "strike") or bool(_STRUCK.search(style))
        link = (attributes.get("href") or "") if node.tag == "a" else link
        children = list(node.iter(include_text=True))
        text = clean("".join(c.text_content or "" for c in children if c.is_text_node))
        if text:
            yield Leaf(text, struck, link, node, path)
        inner = (*path, node.mem_id)
        todo.extend((c, struck, link, inner) for c in reversed(children) if c.is_element_node)
