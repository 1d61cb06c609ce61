"""What a shopper sees of a piece of a page, as text: blocks on their own lines, split prices joined again, hidden and
script text left out, struck-through text marked."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

STRUCK, UNSTRUCK = "\ue000", "\ue001"
LIMIT = 20_000  # nodes of one block; a block is small, a whole page is cut here

_UNSEEN = {"script", "style", "template", "noscript", "svg", "head", "iframe", "textarea", "select", "option", "object",
           "video", "audio", "canvas", "datalist"}  # fmt: skip
_BLOCK = {"address", "article", "aside", "blockquote", "br", "button", "dd", "details", "div", "dl", "dt", "fieldset",
          "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
          "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "thead", "tr", "ul"}  # fmt: skip
_CELL = {"td", "th"}
_STRUCK_TAGS = {"s", "strike", "del"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_STRUCK_STYLE = re.compile(r"line-through", re.I)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_\s]+")
_STRUCK_CLASS = re.compile(
    r"(?:^|-)(?:strike|striked|struck|strikethrough|strike-through|line-through|linethrough|was|old|mrp|msrp|rrp|"
    r"original|previous|crossed|compare|compare-at|list-?price|price-list|price-before|before-price)(?:-|$)"
)
_FRACTION_CLASS = re.compile(r"fraction|cents?\b|decimal|minor|superscript|\bsup\b|small", re.I)
_SPOKEN_CLASS = re.compile(
    r"off-?screen|sr-only|sr-text|visually-?hidden|screen-?reader|a11y|assistive|u-hidden-visually|clipped", re.I
)
_CURRENCY_END = re.compile(r"[$€£¥₹₨₩]\s*$|\b(?:Rs|INR|USD)\.?\s*$")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def text(node: LexborNode) -> str:
    """Rendered text in one line."""
    return " ".join(lines(node).translate({ord(STRUCK): None, ord(UNSTRUCK): None}).split())


def lines(node: LexborNode) -> str:
    """Rendered text, one block a line; what is struck through stands between STRUCK and UNSTRUCK."""
    out: list[str] = []
    for piece in _pieces(node):
        _append(out, piece)
    return _LINES.sub("\n", _SPACE.sub(" ", "".join(out))).strip()


def classes(attributes: dict[str, str | None]) -> str:
    """Class names as lower-case words joined by "-": oldPrice and old_price are old-price; names apart by space."""
    named = attributes.get("class") or ""
    return " ".join(_CAMEL.sub("-", name).lower() for name in named.split())


def hidden(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))


def struck(tag: str, attributes: dict[str, str | None]) -> bool:
    if tag in _STRUCK_TAGS or attributes.get("data-a-strike") == "true":
        return True
    if _STRUCK_STYLE.search(attributes.get("style") or ""):
        return True
    return any(_STRUCK_CLASS.search(name) for name in classes(attributes).split())


def _pieces(root: LexborNode) -> Iterator[str]:
    """Text in order, with "\n" around blocks, tabs around cells, and the marks; an explicit stack, however deep."""
    todo: list[LexborNode | str] = [root]
    for _ in range(LIMIT):
        if not todo:
            return
        node = todo.pop()
        if isinstance(node, str):
            yield node
        elif node.is_text_node:
            yield node.text_content or ""
        elif node.is_element_node and node.tag not in _UNSEEN:
            _enter(node, todo)


def _enter(node: LexborNode, todo: list[LexborNode | str]) -> None:
    attributes, tag = node.attributes, node.tag
    if hidden(attributes):
        return
    opening, closing = _edges(tag, attributes)
    todo.extend(closing)
    children = [c for c in node.iter(include_text=True)]
    todo.extend(reversed(_without_echo(children)))
    todo.extend(opening)


def _edges(tag: str, attributes: dict[str, str | None]) -> tuple[list[str], list[str]]:
    edge = "\n" if tag in _BLOCK else "\t" if tag in _CELL else ""
    opening, closing = ([edge], [edge]) if edge else ([], [])
    if struck(tag, attributes):
        return [STRUCK, *opening], [*closing, UNSTRUCK]
    if tag == "sup" or _FRACTION_CLASS.search(attributes.get("class") or ""):
        return ["\ue002", *opening], closing
    return opening, closing


def _without_echo(children: list[LexborNode]) -> list[LexborNode]:
    """A price is often told twice, once for screen readers: the spoken form is whole, so the drawn one is left out."""
    if len(children) < 2:
        return children
    spoken = [c for c in children if c.is_element_node and _spoken(c) and re.search(r"\d", c.text())]
    if not spoken:
        return children
    return [c for c in children if not (c.is_element_node and c.attributes.get("aria-hidden") == "true")]


def _spoken(node: LexborNode) -> bool:
    return bool(_SPOKEN_CLASS.search(node.attributes.get("class") or ""))


def _append(out: list[str], piece: str) -> None:
    """Joins as a browser draws: pieces side by side touch, but two numbers never merge; cents get their point."""
    if piece == "\ue002" or not piece:
        out.append(piece)
        return
    raised = bool(out) and out[-1] == "\ue002"
    if raised:
        out.pop()
    last = next((p for p in reversed(out) if p and p not in (STRUCK, UNSTRUCK)), "")
    if last[-1:].isdigit() and piece[:1].isdigit():
        out.append("." if raised and re.fullmatch(r"\d\d\s*", piece) else " ")
    out.append(piece)
