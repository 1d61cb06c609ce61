"""What a page says when it does not deliver to a place: nothing of the stock, but that the good can't be had there."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from crawler.bases.delivery import placed
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.visible.text import NO_MARKS, lines
from crawler.core.models import Availability

LONGEST = 160  # characters of a line that says so; longer text is prose
BEFORE, AFTER = 50, 80  # characters around a word of delivery in which a refusal stands
_WORDS = ("deliver", "shipp", "ship ", "servic")
_NOT = re.compile(r"\bnot\b|n['’]t\b|\bcannot\b|\bunable\b|unavailable|unservice|non-?service")
_REFUSED = re.compile(
    r"(?:\bnot|n['’]t|\bcannot|\bunable to)(?: currently| yet| be)*"
    r" (?:(?:available for )?deliver(?:y|ed|able)?|ship(?:ped|pable)?|servic(?:e|ed|eable))\b|"
    r"\b(?:delivery|shipping)(?: is)?(?: currently)? (?:not |un)available\b|\b(?:un|non-?)serviceable\b",
    re.I,
)
_PLACE = re.compile(
    r"(?<![\w.,₹$€£])(?P<code>\d{5,6})(?![\d\w]|[.,]\d)|"
    r"\b(?:this|your|the (?:selected|entered|chosen))\b[^.]{0,20}\b(?:pin ?code|zip(?: code)?|post ?code|location|"
    r"address|area|region|city)\b",
    re.I,
)
_IN_GENERAL = re.compile(
    r"\b(?:if|when|whether|some|certain|may|might|boxes|items?|orders)\b(?!\s*(?:is|can))|\?", re.I
)


class Refusal(NamedTuple):
    """`place`: the PIN or ZIP code it was said of, "" where the page names none."""

    place: str


def refusal(doc: Document) -> Refusal | None:
    """What the page says of one place, in a line of its own; None where it refuses none."""
    if doc.is_json or doc.tree.body is None or not _hinted(doc.text.lower()):
        return None
    return next((found for line in _lines(doc.tree.body) if (found := _read(line))), None)


def withheld(readers: Sequence[Facts], said: Refusal, asked: str) -> list[Facts]:
    """The readers with what that makes of the stock: sold out at the place that was asked for, else unknown."""
    here = bool(said.place) and said.place == asked
    stock = Availability.out_of_stock if here else Availability.unknown
    for facts in readers:
        facts.availability = stock
        facts.offers = [replace(offer, availability=stock) for offer in facts.offers]
    return placed(readers, said.place, asked) if said.place and asked else list(readers)


def _hinted(text: str) -> bool:
    """Cheap to ask of a whole page, which then rarely has to be read line by line."""
    for word in _WORDS:
        at = text.find(word)
        while at >= 0:
            if _NOT.search(text, max(0, at - BEFORE), at + AFTER):
                return True
            at = text.find(word, at + AFTER)
    return False


def _lines(body: LexborNode) -> list[str]:
    return [line for line in lines(body).translate(NO_MARKS).split("\n") if len(line) <= LONGEST]


def _read(line: str) -> Refusal | None:
    place = _PLACE.search(line) if _REFUSED.search(line) and not _IN_GENERAL.search(line) else None
    return Refusal(place["code"] or "") if place else None
