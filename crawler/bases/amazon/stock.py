"""What Amazon's own stock sentences mean. Read from the buy box or a tile's stock line only."""

import re

from crawler.bases import read
from crawler.core.models import Availability

_WEEKS = r"(?:\d+|one|two|three|four|five|six) ?(?:-|to)? ?(?:\d+)? ?(?:weeks?|months?)"
_ELSEWHERE = r"available from these sellers|buying options|no featured offers|by invitation|request invite"
_MEANING = [
    (_ELSEWHERE, Availability.unknown),
    (r"(?:cannot|can't|can not|doesn.t|does not|not|un)[ -]?(?:be )?(?:ship|deliver|dispatch)"
     r"|your (?:selected )?(?:delivery )?(?:location|address|region|area|pin ?code|country)", Availability.unknown),
    (r"pre-?order|not (?:yet )?(?:been )?released|(?:will be|to be) released|releases? on", Availability.preorder),
    (r"out of stock\b.*\border (?:it )?now|back ?-?order"
     r"|in stock (?:soon|from|on (?:\d|jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec))"
     rf"|(?:usually|available to|normally) (?:dispatche[sd]|dispatch|ships?|shipped) (?:within|in) {_WEEKS}",
     Availability.backorder),
    (r"currently (?:unavailable|not available)|out of stock|sold out|no longer available|^unavailable|उपलब्ध नहीं|अनुपलब्ध",
     Availability.out_of_stock),
    (r"\bin stock|only \d+ (?:left|remaining|units?)|^available now|usually (?:dispatche[sd]|dispatch|ships?|shipped)"
     r"|available to ship|(?:dispatched|ships) within", Availability.in_stock),
]  # fmt: skip
_MEANING_OF = [(re.compile(pattern, re.I), value) for pattern, value in _MEANING]


def stock(text: str) -> Availability:
    """One stock sentence; what names another place, other sellers or nothing at all is unknown."""
    if not text:
        return Availability.unknown
    return next((value for pattern, value in _MEANING_OF if pattern.search(text)), None) or read.stock(text)


def gone(text: str) -> bool:
    """Does the sentence say that this page sells the thing to nobody here?"""
    return stock(text) is Availability.out_of_stock or bool(re.search(_ELSEWHERE, text, re.I))
