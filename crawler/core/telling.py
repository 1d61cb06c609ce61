"""A published value changes: what is told of it, and what is remembered of the value it leaves."""

import hashlib
from typing import Literal

from crawler.core import damping
from crawler.core.models import Availability, Change, ChangeField, Offer, Record
from crawler.core.money import decimal

How = Literal["repeat", "high_confidence"]


def publish(record: Record, offer: Offer, field: ChangeField, value: str | None, at: float, how: How) -> None:
    """The change of a published value into the outbox; what it leaves is remembered."""
    slot, old = f"{offer.key}#{field}", text(offer, field)
    record.moves[slot] = damping.moved(record.moves.get(slot, ()), old, value, at)
    gone = [] if value is not None else [slot]
    record.vanished = [s for s in record.vanished if s != slot] + gone
    record.outbox.append(Change(
        id=change_id(record.product.id, offer.key, field, record.rev), product_id=record.product.id, field=field,
        old=old, new=value, currency=offer.currency, observed_at=at, confirmed=how,
        variant=offer.variant, seller=offer.seller, location=offer.place, condition=offer.condition,
    ))  # fmt: skip


def change_id(product_id: str, key: str, field: str, rev: int) -> str:
    """Unique and repeatable: a rev is written once, so a relayed change is known again after a crash."""
    return hashlib.blake2b(f"{product_id}|{key}|{field}|{rev}".encode(), digest_size=12).hexdigest()


def text(offer: Offer, field: str) -> str | None:
    """The value as a change tells it; None when it is not known."""
    value = getattr(offer, field)
    if value is None or value is Availability.unknown:
        return None
    return str(value) if field == "availability" else decimal(value, offer.currency or "")
