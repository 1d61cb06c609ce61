"""A market's quotes as offers: the lowest ask is the price, the highest bid and the last sale stand beside it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from crawler.bases.facts import Facts
from crawler.core import money
from crawler.core.errors import MoneyError
from crawler.core.models import Availability, Offer


def amount(value: Any, currency: str, problems: list[str], places: int = 0) -> int | None:
    """Minor units of a number or its text, of which the last `places` digits are cents; None for nothing and for 0.
    `problems` takes the reason of one that can't be believed."""
    if value is None or isinstance(value, bool) or not str(value).strip(" 0."):
        return None
    try:
        return money.minor(Decimal(str(value)).scaleb(-places), currency)
    except (MoneyError, ArithmeticError) as error:
        problems.append(getattr(error, "reason", "unreadable"))
        return None


def quote(
    ask: int | None, bid: int | None, sale: int | None, currency: str, asks: Any = None, variant: str | None = None,
    condition: str = "new",
) -> Offer:  # fmt: skip
    """`asks`: how many there are, where the market says it; only its own 0 means that nobody sells."""
    none = asks is not None and not isinstance(asks, bool) and str(asks) == "0"
    stock = Availability.in_stock if ask else Availability.out_of_stock if none else Availability.unknown
    return Offer(price=ask, currency=currency, availability=stock, variant=variant, condition=condition, bid=bid,
                 last_sale=sale)  # fmt: skip


def whole(sizes: Iterable[Offer]) -> Offer | None:
    """A good before a size is chosen: the lowest ask and the highest bid of its new ones. Sold out only when every
    size says so; None without sizes."""
    sizes = list(sizes)
    new = [offer for offer in sizes if offer.condition == "new"]
    if not new:
        return Offer(currency=sizes[0].currency) if sizes else None
    asks = [offer.price for offer in new if offer.price]
    gone = all(offer.availability is Availability.out_of_stock for offer in new)
    bids = [offer.bid for offer in new if offer.bid]
    return quote(min(asks, default=None), max(bids, default=None), None, new[0].currency or "", 0 if gone else None)


def told_once(offers: Iterable[Offer]) -> list[Offer]:
    """Offers of the same size and condition as one: the lowest ask, the highest bid."""
    found: dict[str, Offer] = {}
    for offer in offers:
        known = found.get(offer.key)
        found[offer.key] = _better(known, offer) if known else offer
    return list(found.values())


def put(facts: Facts, first: Offer | None, sizes: list[Offer]) -> Facts:
    """`first` as the default offer, whose values are the good's own, before one per size."""
    facts.offers = [offer for offer in (first, *sizes) if offer is not None]
    if facts.offers:
        own = facts.offers[0]
        facts.price, facts.currency, facts.availability = own.price, own.currency, own.availability
        facts.variant = own.variant
    return facts


def _better(one: Offer, other: Offer) -> Offer:
    low = min(one, other, key=lambda offer: (offer.price is None, offer.price or 0))
    return msgspec.structs.replace(
        low, bid=max(one.bid or 0, other.bid or 0) or None, last_sale=one.last_sale or other.last_sale
    )
