"""Where the values a reader misses stand on a page: proposals for a person who repairs a reader. Nothing is changed by
them, and nothing is proposed from a page that does not show a product."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from selectolax.lexbor import LexborNode

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.core.money import decimal
from crawler.core.verdicts import Verdict

FIELDS = ("title", "price", "list_price")
READERS = ("jsonld", "state", "visible")  # what a page of any shop may be read by
SHORT = 160  # characters of an element that holds little else than the value
PLACES = 8  # of one value, of each kind
LEVELS = 5  # of a path in the page
DEEP = 12  # of a path in data
UNSHOWN = ("script", "style", "template", "noscript", "head", "title")
_NUMBER = re.compile(r"\d[\d.,'\u00a0\u202f ]*")


class Proposal(msgspec.Struct):
    """`reader` is silent on the `field`, or disagrees; others say `value`, which stands at `visible` (CSS paths) and in
    `data` (paths into the page's JSON)."""

    reader: str
    trouble: str
    field: str
    value: str
    visible: list[str]
    data: list[str]


def proposals(doc: Document, readers: Sequence[Facts], others: Sequence[Facts] = ()) -> list[Proposal]:
    """For every reader that says nothing of a field, or something else than another, where that other's value stands.
    `others` are heard, but nothing is proposed for them."""
    if doc.verdict[0] is not Verdict.ok:
        return []
    found = []
    for field in FIELDS:
        said = {facts.reader: text for facts in (*readers, *others) if (text := _text(facts, field))}
        for reader in dict.fromkeys([*READERS, *(facts.reader for facts in readers)]):
            values = dict.fromkeys(text for name, text in said.items() if name != reader)
            found += [_proposal(doc, reader, field, value, said.get(reader)) for value in values
                      if value != said.get(reader)]  # fmt: skip
    return found


def _text(facts: Facts, field: str) -> str:
    value = getattr(facts, field)
    return str(value or "") if field == "title" else decimal(value, facts.currency) if value else ""


def _proposal(doc: Document, reader: str, field: str, value: str, own: str | None) -> Proposal:
    trouble = f"says {own}" if own else "is silent"
    return Proposal(reader, trouble, field, value, list(seen_at(doc, field, value)), list(told_at(doc, field, value)))


def seen_at(doc: Document, field: str, value: str) -> Iterator[str]:
    """CSS paths of the innermost elements that show the value, in page order."""
    count = 0
    for node in doc.tree.css("body *"):
        if node.tag in UNSHOWN or count >= PLACES:
            continue
        text = node.text(deep=True, strip=True)
        if 0 < len(text) <= SHORT and _shows(text, field, value) and not _child_shows(node, field, value):
            count += 1
            yield path(node)


def _child_shows(node: LexborNode, field: str, value: str) -> bool:
    return any(_shows(child.text(deep=True, strip=True), field, value) for child in node.iter())


def told_at(doc: Document, field: str, value: str) -> Iterator[str]:
    """Paths of the leaves of the page's JSON that hold the value."""
    roots = [*((f"jsonld[{n}]", thing) for n, thing in enumerate(doc.jsonld)), *doc.states.items()]
    count = 0
    for name, root in roots:
        for where, leaf in _leaves(root, name, DEEP):
            if count < PLACES and _shows(str(leaf), field, value):
                count += 1
                yield where


def _leaves(thing: Any, where: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, dict) and depth:
        for key, inner in thing.items():
            yield from _leaves(inner, f"{where}.{key}", depth - 1)
    elif isinstance(thing, list) and depth:
        for n, inner in enumerate(thing):
            yield from _leaves(inner, f"{where}[{n}]", depth - 1)
    elif isinstance(thing, str | int | float) and not isinstance(thing, bool) and len(str(thing)) <= SHORT:
        yield where, thing


def _shows(text: str, field: str, value: str) -> bool:
    if field == "title":
        return text.strip() == value
    return any(_amount(number) == _amount(value) for number in _NUMBER.findall(text))


def _amount(number: str) -> str:
    """The digits of an amount without separators and without cents that are nought: "1,29,990.00" -> "129990"."""
    plain = re.sub(r"[\s'\u00a0\u202f]", "", number).rstrip(".,")
    whole, mark, cents = plain, "", ""
    if len(plain) > 3 and plain[-3] in ".,":
        whole, mark, cents = plain[:-3], plain[-3], plain[-2:]
    return re.sub(r"\D", "", whole) + ("" if not mark or cents == "00" else f".{cents}")


def path(node: LexborNode) -> str:
    """A CSS path that a person recognises: up to an id, at most LEVELS steps."""
    steps: list[str] = []
    current: LexborNode | None = node
    while current is not None and current.tag not in ("body", "html", "-undef") and len(steps) < LEVELS:
        name, classes = current.attributes.get("id"), (current.attributes.get("class") or "").split()
        steps.insert(0, f"{current.tag}#{name}" if name else ".".join([current.tag, *classes[:2]]))
        if name:
            break
        current = current.parent
    return " > ".join(steps)
