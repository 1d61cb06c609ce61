"""The picture of a good as a page shows it, in the largest size the page names."""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.visible.text import DEPTH, Skip, hidden

if TYPE_CHECKING:
    from crawler.bases.document import Document

_LARGE = ("data-zoom", "data-large", "data-original", "data-src", "data-lazy-src", "src")
PICTURES = 120  # of one page that are looked at
_WORD = re.compile(r"\w{2,}")


def main_picture(doc: "Document", title: str, elsewhere: Skip, outside: Collection[int]) -> str | None:
    """What the page itself calls its picture, else the first whose description has most of the title's words."""
    told = doc.opengraph.get("og:image") or _named(doc)
    if told:
        return next(iter(read.images(doc.url, told)), None)
    wanted = set(_WORD.findall(title.lower()))
    for node in doc.tree.css("img[alt]")[:PICTURES]:
        shared = wanted & set(_WORD.findall((node.attributes.get("alt") or "").lower()))
        if len(shared) * 2 > len(wanted) and _own(node, elsewhere, outside) and (url := picture(node, doc.url)):
            return url
    return None


def _named(doc: "Document") -> str | None:
    """The picture of a page that names it otherwise than OpenGraph does."""
    node = doc.tree.css_first('meta[name="image"][content],meta[itemprop="image"][content],link[rel="image_src"][href]')
    return (node.attributes.get("content") or node.attributes.get("href")) if node is not None else None


def _own(node: LexborNode, elsewhere: Skip, outside: Collection[int]) -> bool:
    """Visible, and in no block of other goods."""
    current: LexborNode | None = node.parent
    for _ in range(DEPTH):
        if current is None or current.tag in ("body", "html"):
            return True
        if current.mem_id in outside or hidden(current.attributes) or elsewhere(current.tag or "", current.attributes):
            return False
        current = current.parent
    return False


def picture(node: LexborNode, base: str) -> str | None:
    """The address of a picture; the largest of its set where it has one."""
    attributes = node.attributes
    sizes = [
        s.split()
        for s in re.split(r",\s+", attributes.get("srcset") or attributes.get("data-srcset") or "")
        if s.split()
    ]
    largest = max(sizes, key=_size, default=[None])[0]
    said = [largest, *(attributes.get(key) for key in _LARGE)]
    found = read.images(base, [s for s in said if s and not s.startswith("data:")])
    return found[0] if found else None


def _size(entry: list[str]) -> float:
    told = re.fullmatch(r"(\d+(?:\.\d+)?)[wx]", entry[-1])
    return float(told[1]) if told else 0.0
