"""What changed, decided once: pure, so that every rule has a test.

The offers of a stored product hold the last *published* values; a new reading is compared with those, so a slow slide
still fires. A value that was not seen (None, unknown) never changes anything. A value seen for the first time is
learned, not a change. What is hard to believe waits as a candidate until another fetch repeats it.
"""

import hashlib
from typing import Any

import msgspec

from crawler.core.models import Availability, Candidate, Change, ChangeField, Offer, Product, Record, encode
from crawler.core.money import decimal

JUMP = 0.30  # a price that moves further than this waits for a second fetch
SURE = 0.5  # a reading less confident than this waits for a second fetch
FIELDS: tuple[ChangeField, ...] = ("price", "list_price", "availability")
GONE = (Availability.out_of_stock, Availability.discontinued)
DESCRIPTIVE = ("url", "title", "brand", "gtin", "mpn", "category", "images", "description", "specs", "rating",
               "verified", "quality")  # fmt: skip


def digest(reading: Product) -> str:
    """Two readings with the same digest say the same; when they were fetched does not count."""
    evidence = reading.evidence
    kept = evidence.fetched_at, reading.verified, reading.quality
    evidence.fetched_at, reading.verified, reading.quality = 0.0, None, None
    told = encode(reading)
    evidence.fetched_at, reading.verified, reading.quality = kept
    return hashlib.blake2b(told, digest_size=12).hexdigest()


def decide(previous: Record | None, reading: Product, at: float, mark: str = "") -> Record:
    """The record that should now stand. Its rev is one more than `previous.rev` when it must be written, and the same
    when nothing but `last_seen` moved. `mark` is the reading's digest, to save computing it again."""
    mark = mark or digest(reading)
    if previous is None:
        return _first(reading, at, mark)
    if at < previous.last_seen:  # fetched before what is stored: it has nothing to say any more
        return previous
    record = msgspec.structs.replace(
        previous, product=_describe(previous.product, reading), rev=previous.rev + 1, last_seen=at, digest=mark,
        candidates=dict(previous.candidates), outbox=list(previous.outbox),
    )  # fmt: skip
    record.product.offers = _offers(record, previous.product.offers, reading, at)
    record.candidates = _standing(record)
    if len(record.outbox) > len(previous.outbox):
        record.last_changed = at
    if record.candidates:
        record.digest = ""
    return record if _moved(previous, record) else msgspec.structs.replace(previous, last_seen=at)


def _first(reading: Product, at: float, mark: str) -> Record:
    record = Record(msgspec.structs.replace(reading), rev=1, first_seen=at, last_seen=at, last_changed=at, digest=mark)
    if reading.evidence.disputed:
        record.product.offers = _offers(record, [], reading, at)
        record.digest = "" if record.candidates else mark
    else:
        record.product.offers = _distinct(reading.offers)
    offer = record.product.offer
    change = Change(
        id=_change_id(reading.id, "", "new", 1), product_id=reading.id, field="new", old=None,
        new=_text(offer, "price") if offer else None, currency=offer.currency if offer else None, observed_at=at,
        confirmed="high_confidence",
    )  # fmt: skip
    record.outbox = [change]
    return record


def _describe(known: Product, reading: Product) -> Product:
    """What the product is: the newest word wins, but a list tile never overrules the product's own page."""
    tile = reading.evidence.depth == "list" and known.evidence.depth == "page"
    merged = msgspec.structs.replace(known, evidence=known.evidence if tile else reading.evidence)
    for field in DESCRIPTIVE:
        value = getattr(reading, field)
        if value and not (tile and getattr(known, field)):
            setattr(merged, field, value)
    return merged


def _offers(record: Record, known: list[Offer], reading: Product, at: float) -> list[Offer]:
    """Published offers after this reading, the reading's default first; offers a tile does not show stay."""
    left, result = list(known), []
    for index, offer in enumerate(_distinct(reading.offers)):
        match = next((o for o in left if same_offer(o, offer, default=index == 0 and o is known[0])), None)
        if match is not None:
            left.remove(match)
        elif known and offer == _blank(offer):  # says nothing, so it must not become the default
            continue
        result.append(_settle(record, match or _blank(offer), offer, reading, at))
    whole = reading.evidence.depth == "page" and len(reading.offers) > 1
    return _distinct(result if whole else result + left)


def _distinct(offers: list[Offer]) -> list[Offer]:
    """What can't be told apart is one offer, the first of them."""
    first: dict[str, Offer] = {}
    for offer in offers:
        first.setdefault(offer.key, offer)
    return list(first.values())


def _blank(offer: Offer) -> Offer:
    """Who sells what, before anything was published about it."""
    return msgspec.structs.replace(offer, price=None, list_price=None, availability=Availability.unknown)


def _standing(record: Record) -> dict[str, Candidate]:
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
    value = _text(seen, field)
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
        id=_change_id(record.product.id, offer.key, field, record.rev), product_id=record.product.id, field=field,
        old=_text(offer, field), new=value, currency=offer.currency, observed_at=at, confirmed=how,
        variant=offer.variant, seller=offer.seller, location=offer.location,
    )  # fmt: skip


def _change_id(product_id: str, key: str, field: str, rev: int) -> str:
    """Unique and repeatable: a rev is written once, so a relayed change is known again after a crash."""
    return hashlib.blake2b(f"{product_id}|{key}|{field}|{rev}".encode(), digest_size=12).hexdigest()


def _text(offer: Offer, field: str) -> str | None:
    value = getattr(offer, field)
    if value is None or field == "availability":
        return None if value is None else str(value)
    return decimal(value, offer.currency or "")


def _moved(previous: Record, record: Record) -> bool:
    if previous.candidates != record.candidates or len(previous.outbox) != len(record.outbox):
        return True
    before, after = previous.product, record.product
    evidence = msgspec.structs.replace(after.evidence, fetched_at=before.evidence.fetched_at)
    return before != msgspec.structs.replace(after, evidence=evidence)
