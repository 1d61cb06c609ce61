"""Is this the same product as that one in another shop? By its numbers it is or it is not; by title and picture it is
only likely: a likeness is a suggestion for a person, and nothing is ever merged on it. Pure."""

from typing import Literal

import msgspec

from crawler.core.models import Product
from crawler.core.pictures.phash import distance
from crawler.core.store.words import terms

Match = Literal["id", "gtin", "brand+mpn", "similarity"]
SURE: dict[Match, float] = {"id": 1.0, "gtin": 0.99, "brand+mpn": 0.95}
TITLE, PICTURE, BRAND = 0.55, 0.35, 0.10  # parts of a likeness; without pictures the title has both shares' say
MOST_ALIKE = 0.85  # a likeness is never surer than this
NEAR, FAR = 24, 80  # bits in which the hashes of one picture, and of two, differ
NUMBERED = 2.0  # a word with a digit ("3", "120cm", "xm6") tells goods apart better than another


class Same(msgspec.Struct, frozen=True):
    """How one product is known to be another, and how sure that is, 0 to 1."""

    by: Match
    confidence: float

    @property
    def merges(self) -> bool:
        """Whether it may be told as the same product."""
        return self.by != "similarity"


def same(one: Product, other: Product) -> Same | None:
    """By its numbers; None when they say nothing or say that it is another."""
    if one.id == other.id:
        return _sure("id")
    if one.gtin and other.gtin:
        return _sure("gtin") if number(one.gtin) == number(other.gtin) else None
    article = terms(one.mpn)
    if article and article == terms(other.mpn) and _brands_agree(one, other):
        return _sure("brand+mpn")
    return None


def alike(one: Product, other: Product) -> Same | None:
    """By title, brand and picture; None where their numbers contradict."""
    if _contradict(one, other):
        return None
    title = _shared(terms(one.title), terms(other.title))
    brand = float(_brands_agree(one, other))
    if one.phash and other.phash:
        found = TITLE * title + PICTURE * _picture(one.phash, other.phash) + BRAND * brand
    else:
        found = (TITLE + PICTURE) * title * 0.8 + BRAND * brand
    return Same("similarity", round(min(found, MOST_ALIKE), 2))


def number(gtin: str) -> str:
    """GTIN-8, 12, 13 and 14 differ by leading zeros."""
    return gtin.lstrip("0")


def _sure(by: Match) -> Same:
    return Same(by, SURE[by])


def _contradict(one: Product, other: Product) -> bool:
    if one.gtin and other.gtin:
        return number(one.gtin) != number(other.gtin)
    return bool(one.mpn and other.mpn and _brands_agree(one, other) and terms(one.mpn) != terms(other.mpn))


def _brands_agree(one: Product, other: Product) -> bool:
    """ "Jordan" and "Air Jordan" are one brand; so is one that the other shop has in its title only."""
    mine, yours = set(terms(one.brand)), set(terms(other.brand))
    if mine and yours:
        return mine <= yours or yours <= mine
    return bool(mine or yours) and (mine or yours) <= set(terms(one.title, other.title)) and _in_both(one, other)


def _in_both(one: Product, other: Product) -> bool:
    brand = set(terms(one.brand) or terms(other.brand))
    return brand <= set(terms(one.brand, one.title)) and brand <= set(terms(other.brand, other.title))


def _shared(one: list[str], other: list[str]) -> float:
    """The weight of the words both titles have, as a part of all; numbers that differ count against it."""
    mine, yours = set(one), set(other)
    if not mine or not yours:
        return 0.0
    shared = sum(map(_weight, mine & yours)) / sum(map(_weight, mine | yours))
    numbers = {w for w in mine if _numbered(w)}, {w for w in yours if _numbered(w)}
    return shared / 2 if all(numbers) and numbers[0].isdisjoint(numbers[1]) else shared


def _weight(word: str) -> float:
    return NUMBERED if _numbered(word) else 1.0


def _numbered(word: str) -> bool:
    return any(c.isdigit() for c in word)


def _picture(one: str, other: str) -> float:
    return min(1.0, max(0.0, (FAR - distance(one, other)) / (FAR - NEAR)))
