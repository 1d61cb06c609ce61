"""Whose page it is, by what it says of itself: a shop may answer for one good with another one's page."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from crawler.bases import read
from crawler.bases.schema.identity import words
from crawler.bases.schema.product import ids
from crawler.bases.structured import own_things

if TYPE_CHECKING:
    from crawler.bases.document import Document

_ADDRESS = re.compile(r"https?://|/")
_NUMBER = re.compile(r"\d{5,}")


def belies(doc: "Document", sku_of: Callable[[str], str | None], numbers: Iterable[str] = ()) -> bool:
    """Does the page name only other goods as its own? `sku_of` finds the article number in an address; `numbers` are
    those that the page's state gives its good. Who names the number of the page's address among them is believed."""
    if doc.is_json:
        return _other_answer(doc.url, set(numbers))
    asked, said = sku_of(doc.url), list(_names(doc))
    if asked is None:
        return _other_address(doc, sku_of)
    told = {sku for name in said if (sku := sku_of(name))} | set(numbers)
    return bool(told) and asked not in told | set(said)


def named_otherwise(doc: "Document") -> bool:
    """Does every address the page names end in other words than its own? For addresses whose numbers it need not
    repeat."""
    mine, said = _wording(doc.url), [_wording(url) for url in _addresses(doc)]
    return bool(said) and all(named and mine.isdisjoint(named) for named in said)


def _wording(url: str) -> set[str]:
    return {word for word in words(_split(url)[1]).split() if not word.isdigit()}


def _other_answer(url: str, told: set[str]) -> bool:
    """Was a service asked for a number of the same make as the one it answers with, and not for that?"""
    asked = set(_NUMBER.findall(unquote(url)))
    return bool(told) and told.isdisjoint(asked) and bool({len(n) for n in asked} & {len(n) for n in told})


def _names(doc: "Document") -> Iterator[str]:
    """Addresses and article numbers under which the page knows its product."""
    yield from _addresses(doc)
    for _, thing in own_things(doc):
        yield from (read.absolute(doc.url, name) or name if _ADDRESS.match(name) else name for name in ids(thing))


def _addresses(doc: "Document") -> Iterator[str]:
    link = doc.tree.css_first("link[rel=canonical][href]")
    said = [link.attributes["href"] if link is not None else None, doc.opengraph.get("og:url")]
    yield from (url for one in said if (url := read.absolute(doc.url, one)))


def _other_address(doc: "Document", sku_of: Callable[[str], str | None]) -> bool:
    """Where nobody knows the form of the addresses: every one the page names is of the form of its own and shares
    neither a number nor a word of its last part."""
    said = list(_addresses(doc))
    return bool(said) and all(_other_good(doc.url, url) for url in said)


def _other_good(mine: str, named: str) -> bool:
    (room, last), (other_room, other) = _split(mine), _split(named)
    if room != other_room or not last or not other:
        return False
    numbers, others = set(_NUMBER.findall(last)), set(_NUMBER.findall(other))
    if numbers and others:
        return numbers.isdisjoint(others)
    return not numbers and not others and set(words(last).split()).isdisjoint(words(other).split())


def _split(url: str) -> tuple[str, str]:
    """The path of an address without its last part, and that part."""
    room, _, last = unquote(urlsplit(url).path).lower().rstrip("/").rpartition("/")
    return room, last
