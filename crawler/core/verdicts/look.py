"""What a page looks like at a glance: its headings, whether it has substance, and the text of one that has little."""

import html
import re
from typing import NamedTuple

BARE = 300_000  # bytes of a bare page that are looked at
LINKS = 15  # a page with so many links is no bare page


class Look(NamedTuple):
    """`headings`: title and first heading. `text`: what a reader sees of a bare page; None for a page of substance."""

    headings: list[str]
    text: str | None

    @property
    def sells(self) -> bool:
        """Does a bare page show a price or a stock word?"""
        return _SELLS.search((self.text or "").lower()) is not None


_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,200})")
_H1 = re.compile(rb"<h1[^>]{0,400}>\s*(?:<(?:span|b|strong)\b[^>]{0,200}>\s*)?([^<]{0,120})")
_H2 = re.compile(rb"<h2[^>]{0,400}>\s*([^<]{0,120})")
_SIGH = re.compile(
    rb"\s*(?:(?:o+ps|whoops|uh ?-?oh|oh no|hmm+|sorry|we(?:'|\xe2\x80\x99)re sorry|404|error|ups)"
    rb"[\s!.,:\xe2\x80\xa6-]*)+",
    re.I,
)
_DATA = (b"application/ld+json", b"__INITIAL_STATE__", b"__NEXT_DATA__", b"__PRELOADED_STATE__", b'itemprop="price')
_PRODUCT = re.compile(
    rb'"@type"\s*:\s*"Product"|itemprop="price|:price:amount|schema\.org/Product|'
    rb"add[-_ ]?to[-_ ]?(?:cart|bag|basket)",
    re.I,
)
_BLOCK = re.compile(rb"<(script|style|noscript|svg|template|title)\b|<!--")
_TAG = re.compile(r"<[^>]*>")
_SELLS = re.compile(
    r"[₹$€£¥]\s?\d|\b(?:rs\.?|inr|usd|eur|aed|sar)\s?\d|\d\s?(?:€|zł|kč|円|元|(?:kr|eur|usd|gbp|chf)\b)|\d,-|"
    r"add to (?:cart|bag|basket)|in den warenkorb|ajouter au panier|añadir al carrito|out of stock|sold out|"
    r"(?<!shop is )(?<!site is )(?<!store is )(?<!service is )(?<!page is )currently unavailable"
)


def look(body: bytes) -> Look:
    """One glance at an HTML page; a bare page is read, a page of substance is not."""
    named, first = _TITLE.search(body), _first_heading(body)
    headings = [html.unescape(match[1].decode("utf-8", "replace")).strip() for match in (named, first) if match]
    if first and _SIGH.fullmatch(first[1]):
        headings.append(_sentence(body[first.end() : first.end() + 600]))
    return Look(headings, None if _has_substance(body) else _visible(body))


def _first_heading(body: bytes) -> re.Match[bytes] | None:
    """The first that says something of its own: a logo or a link to the home page in an h1 does not."""
    first = _H1.search(body, 0, BARE)
    if first and not first[1].strip():
        first = _H1.search(body, first.end(), BARE) or _H2.search(body, first.end(), BARE)
    return first or _H2.search(body, 0, BARE)


def _sentence(markup: bytes) -> str:
    """The first sentence of what follows a heading that only sighs."""
    text = " ".join(html.unescape(_TAG.sub(" ", markup.decode("utf-8", "replace"))).split())
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def describes_product(body: bytes) -> bool:
    """Does the page carry a product's data or a button to buy it?"""
    return bool(_PRODUCT.search(body))


def _has_substance(body: bytes) -> bool:
    """Links enough for a shop's page, or data that only a real page carries."""
    at = -1
    for _ in range(LINKS):
        at = body.find(b"<a ", at + 1)
        if at < 0:
            return any(mark in body for mark in _DATA)
    return True


def _visible(body: bytes) -> str:
    """Roughly the text a reader sees."""
    body = body[:BARE]
    low, kept, at = body.lower(), [], 0
    for opening in _BLOCK.finditer(low):
        if opening.start() >= at:
            kept.append(body[at : opening.start()])
            end = low.find(b"</" + opening[1] if opening[1] else b"-->", opening.end())
            at = len(low) if end < 0 else end if opening[1] else end + 3
    text = b" ".join([*kept, body[at:]]).decode("utf-8", "replace")
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())
