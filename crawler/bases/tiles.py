"""The tiles of a listing, found by where their links go instead of by class names: a tile is the smallest piece of
the page that holds a good's price and picture and links to no other good."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

_AMOUNT = re.compile(r"(?:₹|Rs\.?|INR|Rp|kr|zł|[$€£¥₩₫₺])\s?\d|\d\s?(?:€|kr\b|zł|Kč|₫|₽|TL\b)", re.I)
SMALL = 40  # pixels
LEVELS = 8  # how far above its links a tile may reach


class Tile(NamedTuple):
    key: str
    node: LexborNode
    links: list[LexborNode]


def tiles(
    tree: LexborHTMLParser,
    key: Callable[[str], str | None],
    picture: Callable[[LexborNode], bool],
    skip: Iterable[int] = (),
) -> Iterator[Tile]:
    """One per good in page order. `key` names the good an href leads to, None for any other link; `picture` tells a
    good's picture from a badge's; `skip` holds mem_ids of links that stand outside of the listing."""
    outside, seen = set(skip), set()
    links = [(name, a) for a in tree.css("a[href]") if (name := key(a.attributes["href"] or ""))]
    for name, run in _runs(links):
        if name not in seen and not outside.intersection(a.mem_id for a in run):
            seen.add(name)
            own = partial(_leads, key, {name, None})
            yield Tile(name, _tile(run, own, picture), run)


def is_picture(node: LexborNode) -> bool:
    """A picture of a good and no badge: whatever has an address and does not say that it is small."""
    attributes = node.attributes
    size = attributes.get("width") or ""
    return any(attributes.get(k) for k in ("src", "data-src", "srcset", "data-srcset")) and not (
        size.isdigit() and int(size) < SMALL
    )


def _runs(links: list[tuple[str, LexborNode]]) -> Iterator[tuple[str, list[LexborNode]]]:
    """Neighbouring links to one good belong together; the same good further down is another showing of it."""
    run: list[LexborNode] = []
    for index, (name, link) in enumerate(links):
        run.append(link)
        if index + 1 == len(links) or links[index + 1][0] != name:
            yield name, run
            run = []


def _leads(key: Callable[[str], str | None], names: set[str | None], link: LexborNode) -> bool:
    return key(link.attributes["href"] or "") in names


def _tile(
    run: list[LexborNode], own: Callable[[LexborNode], bool], picture: Callable[[LexborNode], bool]
) -> LexborNode:
    node = run[0]
    wanted = {a.mem_id for a in run}
    for _ in range(LEVELS):
        inside = {a.mem_id for a in (*node.css("a[href]"), node)}
        if wanted <= inside and _AMOUNT.search(node.text()) and any(map(picture, node.css("img"))):
            break
        parent = node.parent
        if parent is None or parent.tag in ("body", "html") or not all(own(a) for a in parent.css("a[href]")):
            break
        node = parent
    return node
