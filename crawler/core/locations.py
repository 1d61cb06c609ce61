"""Whether a page answered for the delivery location it was asked for."""

import re

from crawler.core.models import Offer

_CODE = re.compile(r"\d{4}|^(?=\D*\d)[a-z\d]{5,8}$")


def answered(offer: Offer) -> bool:
    """False when the page named another location than the one asked for: what it says is then unknown. Words can't
    belie a code (560001, Bengaluru), nor can silence."""
    if not offer.location_asked:
        return True
    asked, told = _plain(offer.location_asked), _plain(offer.location)
    if not asked or not told or asked in told or told in asked:
        return True
    return _coded(asked) != _coded(told)


def same_place(known: Offer, seen: Offer) -> bool:
    """Whether both were asked for the same location, and answered for it in words that don't differ."""
    if (known.location_asked or "") != (seen.location_asked or ""):
        return False
    a, b = _plain(known.place), _plain(seen.place)
    return not a or not b or a in b or b in a


def _plain(place: str | None) -> str:
    return re.sub(r"[\W_]", "", place or "").casefold()


def _coded(place: str) -> bool:
    """A PIN or ZIP code stands in it, or it is a mixed code like SW1A 1AA."""
    return bool(_CODE.search(place))
