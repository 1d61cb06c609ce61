"""Whether a page under a product's number is about that product: shops and caches sometimes answer with another's."""

import re
from collections.abc import Iterable

from crawler.core.belief import Look
from crawler.core.models import Offer, Product

SHARED = 0.5  # of the words of the shorter title
_WORD = re.compile(r"\w{2,}")


def stranger(known: Product, look: Look) -> bool:
    """Does its own page now tell of something else: another price under another title, with none of its pictures?
    A page that was only given another title still says the published price."""
    both = look.own and known.evidence.depth == "page"
    return both and _differs(known.offer, look.reading.offer) and not same_good(known, look.reading)


def same_good(known: Product, seen: Product) -> bool:
    """By gtin or mpn where they are equal (variants have numbers of their own), by picture, by the titles' words."""
    if any(getattr(known, n) and getattr(known, n) == getattr(seen, n) for n in ("gtin", "mpn")):
        return True
    a, b = _words(known.title), _words(seen.title)
    if not a or not b or len(a & b) >= SHARED * min(len(a), len(b)):
        return True
    return not _files(known.images).isdisjoint(_files(seen.images))


def _differs(known: Offer | None, seen: Offer | None) -> bool:
    """In price; a sold-out page often has none, nor much of a title."""
    prices = {known.price, seen.price} if known and seen else set()
    return len(prices) == 2 and None not in prices


def _words(title: str | None) -> set[str]:
    return set(_WORD.findall((title or "").casefold()))


def _files(images: Iterable[str]) -> set[str]:
    """File names: the rest of the address says in which size, from which server."""
    return {image.partition("?")[0].rpartition("/")[2] for image in images}
