"""Which offer of a reading is which published one, and what becomes of those that it does not show."""

from collections.abc import Iterable

import msgspec

from crawler.core.belief import Look
from crawler.core.locations import answered, same_place
from crawler.core.models import Availability, Offer

FORGOTTEN = 30 * 24 * 3600.0  # seconds after which an offer that is no longer shown is dropped


def distinct(offers: Iterable[Offer]) -> list[Offer]:
    """What can't be told apart is one offer, the first of them."""
    first: dict[str, Offer] = {}
    for offer in offers:
        first.setdefault(offer.key, offer)
    return list(first.values())


def readable(offers: list[Offer]) -> list[Offer]:
    """The offers of a reading that can be compared: each once, and none for another location than was asked for."""
    return distinct(offer for offer in offers if answered(offer))


def blank(offer: Offer) -> Offer:
    """Who sells what, before anything was published about it."""
    return msgspec.structs.replace(
        offer, price=None, list_price=None, availability=Availability.unknown, bid=None, last_sale=None
    )


def find(known: list[Offer], left: list[Offer], seen: Offer, first: bool) -> Offer | None:
    """The published offer that `seen` is, among those `left`. The reading's first offer is the default one at its
    location."""
    front = next((o for o in known if same_place(o, seen)), None) if first else None
    return next((o for o in left if same_offer(o, seen, default=o is front)), None)


def same_offer(known: Offer, seen: Offer, default: bool) -> bool:
    """The default offer is what a shopper pays, whoever sells it; what a page does not say can't tell offers apart."""
    if known.condition != seen.condition or not same_place(known, seen):
        return False
    if default:
        return known.variant == seen.variant or known.variant is None or seen.variant is None
    return known.variant == seen.variant and known.seller == seen.seller


def behind(left: list[Offer], shown: list[Offer], look: Look) -> list[Offer]:
    """Published offers that this reading does not show. Not seen is unknown: they keep what was published and tell no
    change; where the page shows all its offers, they are marked, and dropped when a month has passed."""
    kept = [o for o in left if o.unseen_since is None or look.at - o.unseen_since < FORGOTTEN]
    if not (look.own and len(shown) > 1):
        return kept
    return [_unseen(o, look.at) if same_place(o, shown[0]) else o for o in kept]


def _unseen(offer: Offer, at: float) -> Offer:
    return offer if offer.unseen_since is not None else msgspec.structs.replace(offer, unseen_since=at)
