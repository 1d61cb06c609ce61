"""Offers as they may stand after a reading: what is believed is published, what is hard to believe waits.

Called by `changes.decide` on a record that is being made; adds to its outbox and candidates.
"""

from typing import Any, TypeVar

import msgspec

from crawler.core import damping
from crawler.core.belief import AGREED, ALONE, Look, needed, remember, sees, settled, waits, weaker, weight
from crawler.core.matching import behind, blank, distinct, find, readable
from crawler.core.models import GONE, Availability, Candidate, ChangeField, Offer, Record
from crawler.core.telling import publish, text

T = TypeVar("T")

JUMP = 0.30  # a price that moves further than this waits for a second fetch
DAY = 24 * 3600.0  # seconds for which what is gone or re-based must stand: a broken page looks just like it
SURE = 0.5  # a reading less confident than this waits for a second fetch
STANDS = ("flapping", "vanished", "currency", "other_good")  # reasons that only time settles
FIELDS: tuple[ChangeField, ...] = ("price", "list_price", "availability")


def settle_offers(record: Record, known: list[Offer], look: Look) -> list[Offer]:
    """Published offers after this reading, the reading's default first; what it does not show stays behind."""
    left, result, shown = list(known), [], readable(look.reading.offers)
    for index, seen in enumerate(shown):
        match = find(known, left, seen, first=index == 0)
        if match is not None:
            left.remove(match)
        elif known and seen == blank(seen):  # says nothing, so it must not become the default
            continue
        offer = _settle(record, match or blank(seen), seen, look)
        if index == 0:
            remember(record, offer, seen, look.reading)
        result.append(offer)
    return distinct(result + behind(left, shown, look))


def standing(record: Record) -> dict[str, Candidate]:
    """Candidates of offers that are still shown; the others could only be confirmed by chance."""
    keys = {offer.key for offer in record.product.offers if offer.unseen_since is None}
    return {slot: candidate for slot, candidate in record.candidates.items() if slot.rpartition("#")[0] in keys}


def _settle(record: Record, known: Offer, seen: Offer, look: Look) -> Offer:
    """`known` with every field of `seen` that may be believed now; publishes changes and keeps candidates."""
    offer = msgspec.structs.replace(
        known, variant=seen.variant or known.variant, seller=seen.seller or known.seller,
        location=seen.location or known.location, location_asked=seen.location_asked or known.location_asked,
        currency=known.currency or seen.currency,
        unseen_since=known.unseen_since if seen == blank(seen) else None,
    )  # fmt: skip
    _carry(record, known.key, offer.key)
    if seen.currency and seen.currency != offer.currency:
        return _other_currency(record, offer, seen, look)
    record.candidates.pop(f"{offer.key}#currency", None)
    offer.bid, offer.last_sale = seen.bid or offer.bid, seen.last_sale or offer.last_sale
    for field in FIELDS:
        _field(record, offer, field, seen, look)
    return offer


def _carry(record: Record, old: str, new: str) -> None:
    """What is kept by slot goes along when an offer is told more exactly, or its seller changes."""
    for field in (*FIELDS, "currency") if old != new else ():
        before, after = f"{old}#{field}", f"{new}#{field}"
        _rename(record.candidates, before, after)
        _rename(record.moves, before, after)
        record.vanished = [after if slot == before else slot for slot in record.vanished]


def _rename(kept: dict[str, T], before: str, after: str) -> None:
    if before in kept:
        kept.setdefault(after, kept.pop(before))


def _field(record: Record, offer: Offer, field: ChangeField, seen: Offer, look: Look) -> None:
    slot, old, new = f"{offer.key}#{field}", getattr(offer, field), getattr(seen, field)
    vanished = field == "list_price" and bool(old and not new) and _vanished(record, offer, seen, look)
    if not vanished and (new in (None, Availability.unknown) or new == old):
        if new == old:
            record.candidates.pop(slot, None)
        return
    known, value = old not in (None, Availability.unknown) or slot in record.vanished, text(seen, field)
    doubt = "vanished" if vanished else _doubt(record, field, old if known else None, new, look)
    least = _least(record, look, field, doubt, seen) if known else 0
    pause = DAY if vanished else damping.pause(record.moves.get(slot, ()), value, look.at)
    own, waiting = weight(look.reading, "price" if vanished else field), record.candidates.get(slot)
    repeated = settled(waiting, value, look, own, least, pause)
    if (doubt or pause) and not repeated:
        record.candidates[slot] = waits(waiting, value, look, own, doubt if vanished or not pause else "flapping")
        return
    record.candidates.pop(slot, None)
    if known:
        publish(record, offer, field, value, look.at, "repeat" if repeated else "high_confidence")
    setattr(offer, field, new)


def _vanished(record: Record, offer: Offer, seen: Offer, look: Look) -> bool:
    """Whether the product's own page shows a price that is believed and no list price, to a reader that told it."""
    return look.own and bool(seen.price) and seen.price == offer.price and sees(record, look.reading, "list_price")


def _doubt(record: Record, field: ChangeField, old: Any, new: Any, look: Look) -> str:
    """Why a change must be seen twice, or nothing."""
    if field in look.reading.evidence.disputed:
        return "disputed"
    if old is None:
        return ""
    if look.reading.evidence.confidence < SURE:
        return "low_confidence"
    if field == "availability":
        back = "back" if old is Availability.discontinued else ""
        return "sold_out" if new in GONE and old not in GONE else back
    if abs(new - old) > JUMP * old:
        return "jump"
    return "weaker" if weaker(record, look, field) else ""


def _least(record: Record, look: Look, field: ChangeField, doubt: str, seen: Offer) -> int:
    """What the best of the looks must weigh."""
    if doubt == "disputed" and seen is not look.reading.offer:  # a dispute may prove itself on the default offer only
        return ALONE
    if doubt == "back":  # tiles outlive what they sell
        return ALONE if look.own else AGREED
    return ALONE if doubt in ("weaker", "vanished") else needed(record, look.reading, field)


def _other_currency(record: Record, offer: Offer, seen: Offer, look: Look) -> Offer:
    """Another currency is not a change: prices are held, and start afresh without an event once it stood for a day."""
    slot, own = f"{offer.key}#currency", weight(look.reading, "currency")
    if seen.price is None:
        return offer
    waiting, least = record.candidates.get(slot), needed(record, look.reading, "currency")
    if not settled(waiting, seen.currency, look, own, least, pause=DAY):
        record.candidates[slot] = waits(waiting, seen.currency, look, own, "currency")
        return offer
    for kept in (f"{offer.key}#{field}" for field in ("currency", "price", "list_price")):
        record.candidates.pop(kept, None)
        record.moves.pop(kept, None)
    return msgspec.structs.replace(
        offer, price=seen.price, list_price=seen.list_price, currency=seen.currency, bid=seen.bid,
        last_sale=seen.last_sale,
    )  # fmt: skip
