"""What a page looks like at a glance: its headings, whether it has substance, and the text of one that has little."""

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
        return bool(self.text and _SHOP.search(self.text))


_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,200})")
_H1 = re.compile(rb"<h1[^>]{0,400}>\s*([^<]{0,120})")
_DATA = (b"application/ld+json", b"__INITIAL_STATE__", b"__NEXT_DATA__", b"__PRELOADED_STATE__", b'itemprop="price')
_PRODUCT = re.compile(rb'"@type"\s*:\s*"Product"|itemprop="price|(?:product|og):price:amount|schema\.org/Product')
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|noscript|svg|template|title)\b.*?(?:</\1\s*>|\Z)|<[^>]*>", re.S | re.I)
_SHOP = re.compile(
    r"(?:[₹$€£¥]|\bRs\.?|\bINR|\bUSD|\bEUR)\s?\d|\d\s?(?:€|zł|kr\b|Kč|EUR\b)|add to (?:cart|bag|basket)|"
    r"in den warenkorb|ajouter au panier|out of stock|sold out|currently unavailable",
    re.I,
)


def look(body: bytes) -> Look:
    """One glance at an HTML page; a bare page is read, a page of substance is not."""
    found = (_TITLE.search(body), _H1.search(body, 0, BARE))
    headings = [match[1].decode("utf-8", "replace").strip() for match in found if match]
    return Look(headings, None if _has_substance(body) else _visible(body))


def describes_product(body: bytes) -> bool:
    """Does the page carry structured data of a product?"""
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
    return " ".join(_HIDDEN.sub(" ", body[:BARE].decode("utf-8", "replace")).split())
