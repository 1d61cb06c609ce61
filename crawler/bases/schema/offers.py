"""schema.org offers as price, list price, currency, availability. Machine-readable, yet full of oddities: prices as
text, empty objects, ranges, instalments and member prices beside the real one."""

from collections.abc import Iterator
from typing import Any

import msgspec

from crawler.bases import read
from crawler.bases.schema.values import Thing, code, many, one, types, word
from crawler.core.models import Availability, Offer

LIST_PRICES = ("ListPrice", "StrikethroughPrice", "MSRP", "SRP", "RegularPrice")
NOT_THE_PRICE = ("MinimumAdvertisedPrice", "InvoicePrice", "DepositPrice", "DownPayment", "Installment", "Subscription")
CONDITIONS = {"new": "new", "used": "used", "refurbished": "refurbished", "damaged": "damaged"}


class Prices(msgspec.Struct):
    """`offers`: the default one first. `problems`: reasons of prices that can't be believed."""

    offers: list[Offer] = []
    problems: list[str] = []


def prices(offers: Any, wanted: set[str], currency: str | None = None) -> Prices:
    """What `offers` (an Offer, an AggregateOffer, lists of them) says. `wanted` holds the urls and ids of the page."""
    result = Prices()
    things = list(_single_offers(offers))
    if any(t.get("price") for t in things):
        things = [t for t in things if "AggregateOffer" not in types(t)] or things
    read_offers = [(_offer(thing, currency, result.problems), _named(thing, wanted)) for thing in things]
    result.offers = ordered(read_offers)
    return result


def ordered(offers: list[tuple[Offer, bool]]) -> list[Offer]:
    """The default offer first: the one the page names, else any when all cost the same, else one without a price,
    because which one a shopper is shown can't be told. A used thing is the default only where there is no new one."""
    pool = [pair for pair in offers if pair[0].condition == "new"] or offers
    named = [offer for offer, is_named in pool if is_named]
    choice = named if 0 < len(named) < len(pool) else [offer for offer, _ in pool]
    if not choice:
        return []
    if len({offer.price for offer in choice if offer.price is not None}) > 1:
        default = Offer(currency=choice[0].currency, availability=_best(choice).availability)
    else:
        default = _best(choice)
    return [default, *(offer for offer, _ in offers if offer is not default)]


def _best(offers: list[Offer]) -> Offer:
    """The first that can be bought, else the first."""
    return min(offers, key=lambda o: (o.price is None, o.availability is not Availability.in_stock))


def _single_offers(offers: Any) -> Iterator[Thing]:
    for thing in many(offers):
        if not isinstance(thing, dict) or _for_some_only(thing):
            continue
        inner = [o for o in many(thing.get("offers")) if isinstance(o, dict)]
        if inner:
            yield from (_inherited(o, thing) for o in inner if not _for_some_only(o))
        else:
            yield thing


def _inherited(offer: Thing, parent: Thing) -> Thing:
    shared = {k: parent[k] for k in ("priceCurrency", "availability", "seller") if parent.get(k)}
    return shared | {k: v for k, v in offer.items() if v not in (None, "")}


def _for_some_only(offer: Thing) -> bool:
    """Offers for members, students or staff are not what a shopper pays."""
    return bool(offer.get("validForMemberTier") or offer.get("eligibleCustomerType"))


def _offer(thing: Thing, currency: str | None, problems: list[str]) -> Offer:
    specs = [s for s in many(thing.get("priceSpecification")) if isinstance(s, dict)]
    written = _price(thing, specs)
    currency = _currency([thing, *specs]) or currency or (read.currency(written) if isinstance(written, str) else None)
    price = _amount(written, currency, problems)
    listed = _amount(_list_price(thing, specs), currency, problems)
    seller = word(thing.get("seller") or thing.get("offeredBy"))
    return Offer(
        price=price,
        list_price=listed if listed and price and listed > price else None,
        currency=currency,
        availability=_availability(thing.get("availability")),
        variant=_variant(thing),
        seller=read.clean(seller) if seller else None,
        condition=_condition(thing),
    )


def _price(thing: Thing, specs: list[Thing]) -> Any:
    price = _number(thing.get("price"))
    if price is not None:
        return price
    for spec in specs:
        if not _kind(spec) & {*LIST_PRICES, *NOT_THE_PRICE} and not _partial(spec) and not _for_some_only(spec):
            return _number(spec.get("price"))
    low, high = _number(thing.get("lowPrice")), _number(thing.get("highPrice"))
    return low if low is not None and (high is None or str(low) == str(high)) and _count(thing) <= 1 else None


def _list_price(thing: Thing, specs: list[Thing]) -> Any:
    return next((_number(s.get("price")) for s in specs if _kind(s) & set(LIST_PRICES)), None)


def _count(thing: Thing) -> int:
    count = word(thing.get("offerCount")) or ""
    return int(count) if count.isascii() and count.isdigit() and "highPrice" not in thing else 1


def _number(value: Any) -> Any:
    """A price as written, or None where nothing is."""
    value = one(value)
    if isinstance(value, dict):
        value = value.get("value") or value.get("@value") or value.get("price") or value
    return None if value is None or isinstance(value, bool) or not str(value).strip() else value


def _kind(spec: Thing) -> set[str]:
    named = word(spec.get("priceType")) or ""
    return {named.rstrip("/").rpartition("/")[2]} if named else set()


def _partial(spec: Thing) -> bool:
    """Per unit, per month: not the price of the thing."""
    reference = spec.get("referenceQuantity")
    per_piece = isinstance(reference, dict) and str(reference.get("value", "1")) in ("1", "1.0") \
        and str(reference.get("unitCode", "C62")) in ("C62", "EA", "H87")  # fmt: skip
    return bool((reference and not per_piece) or spec.get("billingDuration") or spec.get("billingIncrement"))


def _currency(things: list[Thing]) -> str | None:
    named = next((w for t in things if (w := word(t.get("priceCurrency")))), None)
    return read.currency(named) if named else None


def _amount(value: Any, currency: str | None, problems: list[str]) -> int | None:
    if value is None:
        return None
    if not isinstance(value, str | int | float):
        problems.append("unreadable")
        return None
    return read.minor(value.strip() if isinstance(value, str) else value, currency, problems)


def _availability(value: Any) -> Availability:
    named = word(value)
    return read.availability(named) if named else Availability.unknown


def _condition(thing: Thing) -> str:
    named = (word(thing.get("itemCondition")) or "new").lower()
    return next((c for key, c in CONDITIONS.items() if key in named), "new")


def _variant(thing: Thing) -> str | None:
    named = word(thing.get("sku")) or word(thing.get("name"))
    return read.clean(named) if named else None


def _named(thing: Thing, wanted: set[str]) -> bool:
    item = thing.get("itemOffered")
    told = [thing, item] if isinstance(item, dict) else [thing]
    ids = (word(t.get(k)) for t in told for k in ("url", "sku", "@id", "mpn", "gtin13"))
    return any(i in wanted or code(i) in wanted for i in ids if i)
