"""The offers of several readers as one list: a variant that two of them name is one, believed where they agree."""

from collections.abc import Sequence

import msgspec

from crawler.core.models import Availability, Offer

Name = tuple[str, str, str]


def merged(lists: Sequence[list[Offer]]) -> list[Offer]:
    """The first list that isn't empty, the default offer first, with what later lists add. Lists that have no variant
    in common call them by other names, and are not mixed."""
    known: list[Offer] = []
    for more in lists:
        known = _joined(known, more) if known else more
    return known


def _joined(known: list[Offer], more: list[Offer]) -> list[Offer]:
    named = {_name(offer): offer for offer in more if offer.variant}
    shared = {_name(offer) for offer in known} & named.keys()
    if not shared:
        return known
    both = [_both(offer, named[_name(offer)]) if _name(offer) in shared else offer for offer in known]
    return both + [offer for name, offer in named.items() if name not in shared]


def _name(offer: Offer) -> Name:
    return " ".join((offer.variant or "").casefold().split()), (offer.seller or "").casefold(), offer.condition


def _both(one: Offer, other: Offer) -> Offer:
    """One variant by two readers; of what they contradict each other in, nothing is known."""
    price, listed = one.price, one.list_price
    if price is None:
        price, listed = other.price, other.list_price
    elif other.price is not None and (other.price, other.currency) != (price, one.currency):
        price = listed = None
    stocks = {one.availability, other.availability} - {Availability.unknown}
    stock = stocks.pop() if len(stocks) == 1 else Availability.unknown
    currency = one.currency or other.currency
    return msgspec.structs.replace(one, price=price, list_price=listed, currency=currency, availability=stock)
