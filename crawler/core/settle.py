"""Offers as they may stand after a reading: what is believed is published, what is hard to believe waits.

Called by `changes.decide` on a record that is being made; adds to its outbox and candidates.
"""

import hashlib
from typing import Any

import msgspec

from crawler.core.models import Availability, Candidate, Change, ChangeField, Offer, Product, Record
from crawler.core.money import decimal

JUMP = 0.30  # a price that moves further than this waits for a second fetch
SURE = 0.5  # a reading less confident than this waits for a second fetch
FIELDS: tuple[ChangeField, ...] = ("price", "list_price", "availability")
GONE = (Availability.out_of_stock, Availability.discontinued)


def settle_offers(record: Record, known: list[Offer], reading: Product, at: float) -> list[Offer]:
    """Published offers after this reading, the reading's default first; offers a tile does not show stay."""
    left, result = list(known), []
    for index, offer in enumerate(distinct(reading.offers)):
        match = next((o for o in left if same_offer(o, offer, default=index == 0 and o is known[0])), None)
        if match is not None:
            left.remove(match)
        elif known and offer == _blank(offer):  # says nothing, so it must not become the default
            continue
        result.append(_settle(record, match or _blank(offer), offer, reading, at))
    whole = reading.evidence.depth == "page" and len(reading.offers) > 1
    return distinct(result if whole else result + left)


def distinct(offers: list[Offer]) -> list[Offer]:
    """What can't be told apart is one offer, the first of them."""
    first: dict[str, Offer] = {}
    for offer in offers:
        first.setdefault(offer.key, offer)
    return list(first.values())


def _blank(offer: Offer) -> Offer:
    """Who sells what, before anything was published about it."""
    return msgspec.structs.replace(offer, price=None, list_price=None, availability=Availability.unknown)


def standing(record: Record) -> dict[str, Candidate]:
    """Candidates of offers that are still there; the others could only be confirmed by chance."""
    keys = {offer.key for offer in record.product.offers}
    return {slot: candidate for slot, candidate in record.candidates.items() if slot.rpartition("#")[0] in keys}


def same_offer(known: Offer, seen: Offer, default: bool) -> bool:
    """The default offer is what a shopper pays, whoever sells it; what a page does not say can't tell offers apart."""
    if known.condition != seen.condition:
        return False
    parts = ("variant", "place") if default else ("variant", "place", "seller")
    pairs = [(getattr(known, part), getattr(seen, part)) for part in parts]
    return all(a == b or (default and (a is None or b is None)) for a, b in pairs)


def _settle(record: Record, known: Offer, seen: Offer, reading: Product, at: float) -> Offer:
    """`known` with every field of `seen` that may be believed now; publishes changes and keeps candidates."""
    offer = msgspec.structs.replace(
        known, variant=seen.variant or known.variant, seller=seen.seller or known.seller,
        location=seen.location or known.location, location_asked=seen.location_asked or known.location_asked,
        currency=known.currency or seen.currency,
    )  # fmt: skip
    _carry(record, known.key, offer.key)
    if seen.currency and seen.currency != offer.currency:
        return _other_currency(record, offer, seen, at)
    record.candidates.pop(f"{offer.key}#currency", None)
    for field in FIELDS:
        _field(record, offer, field, seen, reading, at)
    return offer


def _carry(record: Record, old: str, new: str) -> None:
    """What waits goes along when an offer is told more exactly, or its seller changes."""
    for field in (*FIELDS, "currency") if old != new else ():
        waiting = record.candidates.pop(f"{old}#{field}", None)
        if waiting is not None:
            record.candidates.setdefault(f"{new}#{field}", waiting)


def _field(record: Record, offer: Offer, field: ChangeField, seen: Offer, reading: Product, at: float) -> None:
    slot, old, new = f"{offer.key}#{field}", getattr(offer, field), getattr(seen, field)
    vanished = field == "list_price" and old and not new and seen.price and reading.evidence.depth == "page"
    if not vanished and (new in (None, Availability.unknown) or new == old):
        if new == old:
            record.candidates.pop(slot, None)
        return
    learned = old in (None, Availability.unknown)
    doubt = "vanished" if vanished else _doubt(field, None if learned else old, new, reading)
    waiting = record.candidates.get(slot)
    value = text(seen, field)
    repeated = waiting is not None and waiting.value == value and at > waiting.seen_at
    if doubt and not repeated:
        record.candidates[slot] = Candidate(value, at, doubt)
        return
    record.candidates.pop(slot, None)
    if not learned:
        record.outbox.append(_change(record, offer, field, value, at, "repeat" if repeated else "high_confidence"))
    setattr(offer, field, new)


def _doubt(field: ChangeField, old: Any, new: Any, reading: Product) -> str:
    """Why a change must be seen twice, or nothing."""
    if field in reading.evidence.disputed:
        return "disputed"
    if old is None:
        return ""
    if reading.evidence.confidence < SURE:
        return "low_confidence"
    if field == "availability":
        return "sold_out" if new in GONE and old not in GONE else ""
    return "jump" if abs(new - old) > JUMP * old else ""


def _other_currency(record: Record, offer: Offer, seen: Offer, at: float) -> Offer:
    """Another currency is not a change: prices are held, and once it repeats they start afresh without an event."""
    slot = f"{offer.key}#currency"
    if seen.price is None:
        return offer
    waiting = record.candidates.get(slot)
    if waiting is None or waiting.value != seen.currency or at <= waiting.seen_at:
        record.candidates[slot] = Candidate(seen.currency, at, "currency")
        return offer
    for field in ("currency", "price", "list_price"):
        record.candidates.pop(f"{offer.key}#{field}", None)
    return msgspec.structs.replace(offer, price=seen.price, list_price=seen.list_price, currency=seen.currency)


def _change(record: Record, offer: Offer, field: ChangeField, value: str | None, at: float, how: Any) -> Change:
    return Change(
        id=change_id(record.product.id, offer.key, field, record.rev), product_id=record.product.id, field=field,
        old=text(offer, field), new=value, currency=offer.currency, observed_at=at, confirmed=how,
        variant=offer.variant, seller=offer.seller, location=offer.location,
    )  # fmt: skip


def change_id(product_id: str, key: str, field: str, rev: int) -> str:
    """Unique and repeatable: a rev is written once, so a relayed change is known again after a crash."""
    return hashlib.blake2b(f"{product_id}|{key}|{field}|{rev}".encode(), digest_size=12).hexdigest()


def text(offer: Offer, field: str) -> str | None:
    value = getattr(offer, field)
    if value is None or field == "availability":
        return None if value is None else str(value)
    return decimal(value, offer.currency or "")
