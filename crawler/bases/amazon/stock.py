"""What Amazon's own stock sentences mean. Read from the buy box or a tile's stock line only. Those of other languages
than English are in `stock.json`."""

import json
import re
from pathlib import Path

from crawler.bases import read
from crawler.core.models import Availability

_WEEKS = r"(?:\d+|one|two|three|four|five|six) ?(?:-|to)? ?(?:\d+)? ?(?:weeks?|months?)"
_ELSEWHERE = r"available from these sellers|buying options|no featured offers|by invitation|request invite"
_ENGLISH = {
    "elsewhere": _ELSEWHERE,
    "not_here": (
        r"(?:cannot|can't|can not|doesn.t|does not|not|un)[ -]?(?:be )?(?:ship|deliver|dispatch)"
        r"|your (?:selected )?(?:delivery )?(?:location|address|region|area|pin ?code|country)"
    ),
    "preorder": r"pre-?order|not (?:yet )?(?:been )?released|(?:will be|to be) released|releases? on",
    "backorder": (
        r"out of stock\b.*\border (?:it )?now|back ?-?order"
        r"|in stock (?:soon|from|on (?:\d|jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec))"
        rf"|(?:usually|available to|normally) (?:dispatche[sd]|dispatch|ships?|shipped) (?:within|in) {_WEEKS}"
    ),
    "out_of_stock": (
        r"currently (?:unavailable|not available)|out of stock|sold out|no longer available|^unavailable"
        r"|उपलब्ध नहीं|अनुपलब्ध"
    ),
    "in_stock": (
        r"\bin stock|only \d+ (?:left|remaining|units?)|^available now"
        r"|usually (?:dispatche[sd]|dispatch|ships?|shipped)|available to ship|(?:dispatched|ships) within"
    ),
}
_OTHERS: dict[str, list[str]] = json.loads(Path(__file__).with_name("stock.json").read_text("utf-8"))
_MEANING = {word: re.compile("|".join([known, *_OTHERS[word]]), re.I) for word, known in _ENGLISH.items()}
_VALUE = {"elsewhere": Availability.unknown, "not_here": Availability.unknown}


def stock(text: str) -> Availability:
    """One stock sentence; what names another place, other sellers or nothing at all is unknown."""
    if not text:
        return Availability.unknown
    word = next((word for word, pattern in _MEANING.items() if pattern.search(text)), "")
    return (_VALUE.get(word) or Availability(word)) if word else read.stock(text)


def gone(text: str) -> bool:
    """Does the sentence say that this page sells the thing to nobody here?"""
    return stock(text) is Availability.out_of_stock or bool(_MEANING["elsewhere"].search(text))


def foreign(text: str) -> bool:
    """Is it a stock sentence in another language than English?"""
    return any(re.search(pattern, text, re.I) for word in _OTHERS if word not in _VALUE for pattern in _OTHERS[word])
