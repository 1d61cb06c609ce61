"""What a shopper sees of a piece of a page, as text: blocks on their own lines, split prices joined again, hidden and
script text left out. Marks tell which parts are struck through and which the caller asked to be marked."""

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from selectolax.lexbor import LexborNode

Attributes = dict[str, str | None]
Skip = Callable[[str, Attributes], bool]

STRUCK, UNSTRUCK, MARKED, UNMARKED = "\ue000", "\ue001", "\ue002", "\ue003"
_RAISED = "\ue004"
_ALL_MARKS = STRUCK + UNSTRUCK + MARKED + UNMARKED + _RAISED
NO_MARKS = dict.fromkeys(map(ord, _ALL_MARKS))
LIMIT, LENGTH = 12_000, 30_000  # nodes and characters of one block; a whole page is cut here
CLASSES = 4096  # class attributes remembered; a shop's pages share theirs
DEPTH = 60  # elements between a block and something that is looked for in it

_UNSEEN = {"script", "style", "template", "noscript", "svg", "head", "iframe", "textarea", "select", "option", "object",
           "video", "audio", "canvas", "datalist"}  # fmt: skip
_BLOCK = {"address", "article", "aside", "blockquote", "br", "button", "dd", "details", "div", "dl", "dt", "fieldset",
          "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
          "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "thead", "tr", "ul"}  # fmt: skip
_EDGES = dict.fromkeys(_BLOCK, "\n") | {"td": "\t", "th": "\t"}
_STRUCK_TAGS = {"s", "strike", "del"}
_HIDDEN_CLASSES = {"hidden", "hide", "d-none", "is-hidden", "ng-hide", "u-hidden", "aok-hidden", "a-hidden",
                   "invisible", "display-none"}  # fmt: skip
_SHOWN_SOMEWHERE = re.compile(r":(?:block|flex|inline|grid)|\bd-(?:sm|md|lg|xl)-")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_STRUCK_STYLE = re.compile(r"line-through", re.I)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_+")
_STRUCK_CLASS = re.compile(
    r"(?:^|(?<!\bwith)(?<!\bhas)[-\s])(?:strike|striked|struck|strikethrough|strike-?through|line-?through|was|old|mrp|"
    r"msrp|rrp|original|previous|crossed|deleted|compare|list-?price|price-before|before-price|"
    r"suggested-retail-price)(?:[-\s]|$)"
)
_FRACTION_CLASS = re.compile(r"fraction|cents?\b|decimal|minor|superscript|\bsup\b|mantissa", re.I)
_SPOKEN_CLASS = re.compile(
    r"off-?screen|sr-only|sr-text|visually-?hidden|screen-?reader|a11y|assistive|u-hidden-visually|clipped", re.I
)
_SPACES = re.compile(r"\s+")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_TWO_DIGITS = re.compile(r"\s*\d\d\s*")


def text(node: LexborNode) -> str:
    """Rendered text in one line."""
    return " ".join(lines(node).translate(NO_MARKS).split())


def lines(
    node: LexborNode, skip: Skip | None = None, marked: Collection[int] = (), outside: Collection[int] = ()
) -> str:
    """Rendered text, one block a line. `skip(tag, attributes)` and the mem_ids `outside` leave out more than what is
    hidden; elements whose mem_id is in `marked` stand between MARKED and UNMARKED, struck text between STRUCK and
    UNSTRUCK."""
    out: list[str] = []
    todo: list[LexborNode | str] = list(reversed(_without_echo(list(node.iter(include_text=True)))))
    length = 0
    for _ in range(LIMIT):
        if not todo or length > LENGTH:
            break
        item = todo.pop()
        if isinstance(item, str):
            out.append(item)
        elif item.is_text_node:
            piece = _SPACES.sub(" ", (item.text_content or "")[:LENGTH])
            length += len(piece)
            _append(out, piece)
        elif item.is_element_node and item.tag not in _UNSEEN and not (outside and item.mem_id in outside):
            _enter(item, todo, skip, marked)
    return _LINES.sub("\n", _SPACE.sub(" ", "".join(out).replace(_RAISED, ""))).strip()


def words(attributes: Attributes) -> str:
    """Class names and id as lower-case words: `oldPrice old_price` is "old-price old-price"."""
    return _words(f"{attributes.get('class') or ''} {attributes.get('id') or ''}")


def hidden(attributes: Attributes) -> bool:
    if "hidden" in attributes or ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"] or "")):
        return True
    return "class" in attributes and _hidden_class(attributes["class"] or "")


def struck(tag: str, attributes: Attributes) -> bool:
    if tag in _STRUCK_TAGS or attributes.get("data-a-strike") == "true":
        return True
    if "style" in attributes and _STRUCK_STYLE.search(attributes["style"] or ""):
        return True
    return "class" in attributes and _struck_class(words(attributes))


@lru_cache(CLASSES)
def _words(named: str) -> str:
    return _CAMEL.sub("-", named).lower()


@lru_cache(CLASSES)
def _hidden_class(named: str) -> bool:
    return not _HIDDEN_CLASSES.isdisjoint(named.lower().split()) and not _SHOWN_SOMEWHERE.search(named)


@lru_cache(CLASSES)
def _struck_class(named: str) -> bool:
    return bool(_STRUCK_CLASS.search(named))


@lru_cache(CLASSES)
def _fraction_class(named: str) -> bool:
    return bool(_FRACTION_CLASS.search(named))


@lru_cache(CLASSES)
def _spoken_class(named: str) -> bool:
    return bool(_SPOKEN_CLASS.search(named))


def _enter(node: LexborNode, todo: list[LexborNode | str], skip: Skip | None, marked: Collection[int]) -> None:
    """Puts an element's edges and children on the stack, last first."""
    attributes, tag = node.attributes, node.tag or ""
    if (attributes and hidden(attributes)) or (skip and skip(tag, attributes)):
        return
    edge = _EDGES.get(tag, "")
    opening, closing = [edge], [edge]
    if struck(tag, attributes):
        opening, closing = [STRUCK, *opening], [*closing, UNSTRUCK]
    if node.mem_id in marked:
        opening, closing = [MARKED, *opening], [*closing, UNMARKED]
    if tag == "sup" or ("class" in attributes and _fraction_class(attributes["class"] or "")):
        opening.append(_RAISED)
    todo.extend(reversed(closing))
    todo.extend(reversed(_without_echo(list(node.iter(include_text=True)))))
    todo.extend(reversed(opening))


def _without_echo(children: list[LexborNode]) -> list[LexborNode]:
    """A price is often told twice, once for screen readers: the spoken form is whole, so the drawn one is left out;
    where the drawn one is struck through, that says more than words in whatever language."""
    if len(children) < 2 or not any(_spoken_number(c) for c in children):
        return children
    drawn = [c for c in children if c.is_element_node and c.attributes.get("aria-hidden") == "true"]
    if any(struck(c.tag or "", c.attributes) for c in drawn):
        shown = {_digits(c) for c in drawn}
        return [c for c in children if not (_spoken_number(c) and _digits(c) in shown)]
    silent = {c.mem_id for c in drawn}
    return [c for c in children if c.mem_id not in silent]


def _digits(node: LexborNode) -> str:
    return "".join(filter(str.isdigit, node.text()))


def _spoken_number(node: LexborNode) -> bool:
    if not node.is_element_node:
        return False
    named = node.attributes.get("class")
    return bool(named) and _spoken_class(named) and any(c.isdigit() for c in node.text())


def _append(out: list[str], piece: str) -> None:
    """Joins as a browser draws: pieces side by side touch, but two numbers never merge; cents get their point."""
    raised = _RAISED in out[-2:]
    last = next((p for p in reversed(out) if p.strip(_ALL_MARKS)), "")
    if last[-1:].isdigit() and piece[:1].isdigit():
        out.append("." if raised and _TWO_DIGITS.fullmatch(piece) else " ")
    out.append(piece)
