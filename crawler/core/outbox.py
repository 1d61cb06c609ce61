"""From the store's outbox to the change stream, and from there into price history as the outbox is cleared.

Both steps may be repeated and only the last one forgets, so a crash at any point loses nothing: the sweep relays what
is left, the stream knows a change it has, and a price point has the id of its change.
"""

from typing import Protocol

import msgspec

from crawler.core import metrics
from crawler.core.models import Availability, Change, Offer, Record
from crawler.core.money import minor
from crawler.core.store import PricePoint, Store
from crawler.core.telling import change_id

PAGE = 500
NOTHING = (None, None, None, Availability.unknown)


class Publisher(Protocol):
    """What `relay` needs of crawler.core.bus.Bus."""

    async def publish(self, changes: list[Change]) -> list[str]: ...


async def relay(store: Store, bus: Publisher, records: list[Record]) -> int:
    """How many changes the records held. Raises BusAway or StoreError; the changes are then still in the outbox."""
    waiting = {r.product.id: [c.id for c in r.outbox] for r in records if r.outbox}
    if not waiting:
        return 0
    await bus.publish([change for record in records for change in record.outbox])
    await store.clear_outbox(waiting, [point for record in records for point in points(record)])
    metrics.relayed(change for record in records for change in record.outbox)
    return sum(map(len, waiting.values()))


async def sweep(store: Store, bus: Publisher, page: int = PAGE) -> int:
    """Relay everything that waits; how many changes that were."""
    relayed, records = 0, await store.outbox(page)
    while records:
        relayed += await relay(store, bus, records)
        records = await store.outbox(page) if len(records) == page else []
    return relayed


def points(record: Record) -> list[PricePoint]:
    """What the outbox publishes, as price history, oldest first: the whole offer as it stood after each change, found
    by undoing the changes from the newest back. Fields that moved at one moment share a point."""
    offers = [msgspec.structs.replace(offer) for offer in record.product.offers]
    found: dict[tuple[int, float], PricePoint] = {}
    for change in reversed(record.outbox):
        if change.field == "new":
            found |= _first(offers, change)
            continue
        n = _index(offers, change)
        _set(offers[n], change, change.new)
        point = _point(offers[n], change.product_id, change.observed_at, change.id)
        found.setdefault((n, change.observed_at), point)
        _set(offers[n], change, change.old)
    return list(found.values())[::-1]


def learned(known: Record, record: Record) -> list[PricePoint]:
    """Price history of what `record` learned over `known` without a change: each offer as it stands since then."""
    before = {offer.key: _values(offer) for offer in known.product.offers}
    fresh = record.outbox[len(known.outbox) :]
    told = {(change.variant, change.seller, change.location) for change in fresh}
    return [
        _point(
            offer, record.product.id, record.last_seen, change_id(record.product.id, offer.key, "learned", record.rev)
        )
        for offer in record.product.offers
        if before.get(offer.key, NOTHING) != _values(offer)
        and (offer.variant, offer.seller, offer.location) not in told
    ]


def _values(offer: Offer) -> tuple[int | None, int | None, str | None, Availability]:
    currency = offer.currency if offer.price is not None or offer.list_price is not None else None
    return offer.price, offer.list_price, currency, offer.availability


def _first(offers: list[Offer], change: Change) -> dict[tuple[int, float], PricePoint]:
    """Every offer of a product seen first; the default one has the price the change tells, or none."""
    if offers:
        _set(offers[0], change, change.new)
    return {
        (n, change.observed_at): _point(
            offer, change.product_id, change.observed_at, f"{change.id}#{offer.key}" if n else change.id
        )
        for n, offer in reversed(list(enumerate(offers)))
        if offer.price is not None or offer.availability is not Availability.unknown
    }


def _index(offers: list[Offer], change: Change) -> int:
    """Which offer the change is about; one that is no longer shown is known by the change alone."""
    for n, offer in enumerate(offers):
        if (offer.variant, offer.seller, offer.location) == (change.variant, change.seller, change.location):
            return n
    gone = Offer(currency=change.currency, variant=change.variant, seller=change.seller, location=change.location)
    offers.append(gone)
    return len(offers) - 1


def _set(offer: Offer, change: Change, value: str | None) -> None:
    if change.field == "availability":
        offer.availability = Availability(value or "unknown")
    else:
        amount = None if value is None else minor(value, change.currency)
        setattr(offer, "price" if change.field == "new" else change.field, amount)


def _point(offer: Offer, product_id: str, at: float, point_id: str) -> PricePoint:
    return PricePoint(point_id, product_id, offer.key, offer.price, offer.list_price, offer.currency,
                      str(offer.availability), at)  # fmt: skip
