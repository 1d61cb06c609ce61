"""A product whose own page is `not_found`: after three looks over a day, by two ways, it is discontinued.

Only that verdict of the page at the product's own address counts. What a listing leaves out, a page that moved, was
blocked, empty or cut short says nothing; any `ok` reading of the product's own page clears what was counted.
"""

import msgspec

from crawler.core.belief import LATER
from crawler.core.models import Absence, Availability, Record
from crawler.core.telling import publish

TIMES, OVER, WAYS = 3, 24 * 3600.0, 2


def missed(record: Record, at: float, way: str) -> Record:
    """The record that should stand after its page was not found; the same one when that says nothing new. A way that
    is not known (`""`) is none."""
    absent = _again(record.absent, at, way)
    if at < record.last_seen or absent == record.absent or (record.absent and gone(record.absent)):
        return record
    product = msgspec.structs.replace(
        record.product, offers=[msgspec.structs.replace(o) for o in record.product.offers]
    )
    after = msgspec.structs.replace(
        record, product=product, rev=record.rev + 1, digest="", absent=absent, outbox=list(record.outbox),
        moves=dict(record.moves),
    )  # fmt: skip
    if absent and gone(absent):
        _discontinue(after, at)
    return after


def gone(absent: Absence) -> bool:
    return absent.times >= TIMES and absent.last - absent.since >= OVER and len(absent.ways) >= WAYS


def _again(absent: Absence | None, at: float, way: str) -> Absence:
    """One more look; the same way at once is the same look."""
    if absent is None:
        return Absence(at, at, ways=[way] if way else [])
    fresh = bool(way) and way not in absent.ways
    if at < absent.last or not (fresh or at - absent.last >= LATER):
        return absent
    ways = [*absent.ways, way] if fresh and len(absent.ways) < WAYS else absent.ways
    return Absence(absent.since, at, absent.times + 1, ways)


def _discontinue(record: Record, at: float) -> None:
    record.last_changed = at
    for offer in record.product.offers:
        if offer.availability is not Availability.discontinued:
            publish(record, offer, "availability", str(Availability.discontinued), at, "repeat")
            offer.availability = Availability.discontinued
