"""How far a reading's word is to be believed, beside what the published value stands on.

One reader's word weighs less than that of readers who agree, and a disputed one least. A change that is hard to believe
is settled by a second look, another way or later; but looks that are weaker than what the published value stands on
settle nothing, however often they repeat. A weaker kind of page proves itself by saying the published value.
"""

from typing import NamedTuple

from crawler.core.models import Availability, Belief, Candidate, Offer, Product, Record

LATER = 60.0  # seconds after which the same way is another crawl
DISPUTED, ALONE, AGREED = 0, 1, 2
TOLD = ("price", "list_price", "currency", "availability")


class Look(NamedTuple):
    """One reading, when and how it was fetched (`Page.way`)."""

    reading: Product
    at: float
    way: str = ""

    @property
    def own(self) -> bool:
        """Whether it is the product's own page, not a tile."""
        return self.reading.evidence.depth == "page"


def weight(reading: Product, field: str) -> int:
    if field in reading.evidence.disputed:
        return DISPUTED
    return AGREED if field in reading.evidence.witnesses else ALONE


def needed(record: Record, reading: Product, field: str) -> int:
    """What one of the looks that repeat a doubtful change must weigh. The dispute that the published value was
    believed in is this product's normal state; any other is not settled by repeating it."""
    belief = record.believed.get(field)
    if belief is None:
        return DISPUTED
    if field in reading.evidence.disputed:
        return DISPUTED if belief.disputed and _told(reading, field).readers[:1] == belief.readers[:1] else ALONE
    return AGREED if _agreed(belief) and field != "availability" else ALONE  # sold-out pages are built differently


def weaker(record: Record, look: Look, field: str) -> bool:
    """Is a price on the product's own page told by one reader, where several agreed on the published one?"""
    belief = record.believed.get(field)
    lone = look.own and field != "availability" and weight(look.reading, field) == ALONE
    return lone and belief is not None and _agreed(belief)


def settled(waiting: Candidate | None, value: str | None, look: Look, own: int, needed: int, pause: float) -> bool:
    """Whether this look, of weight `own`, repeats what waits: another way or later, weighty enough, and `pause` seconds
    after the first one. A tile and the product's own page that say the same agree."""
    if waiting is None or waiting.value != value or look.at <= waiting.seen_at:
        return False
    both = min(own, waiting.weight) and waiting.depth != look.reading.evidence.depth
    best = AGREED if both else max(own, waiting.weight)
    return best >= needed and _another(waiting, look) and look.at - waiting.seen_at >= pause


def waits(waiting: Candidate | None, value: str | None, look: Look, own: int, reason: str) -> Candidate:
    """What waits now: the first look at this value, and the best weight of all."""
    if waiting is None or waiting.value != value:
        return Candidate(value, look.at, reason, look.way, look.reading.evidence.depth, own)
    best = max(own, waiting.weight)
    return Candidate(value, waiting.seen_at, reason, waiting.way, waiting.depth, best)


def remember(record: Record, offer: Offer, seen: Offer, reading: Product) -> None:
    """Keep who told the default offer's published values, as far as this reading says the same. A tile read by one
    reader proves nothing of the product's own page."""
    if reading.evidence.depth == "list" and not reading.evidence.witnesses:
        return
    for field in TOLD:
        value = getattr(seen, field)
        known = field not in record.believed or reading.evidence.depth == "page"
        if known and value not in (None, Availability.unknown) and value == getattr(offer, field):
            record.believed[field] = _after(record.believed.get(field), _told(reading, field))


def sees(record: Record, reading: Product, field: str) -> bool:
    """Whether a reader that told the published value of `field` tells the price in this reading: what it then does not
    tell is not there."""
    belief = record.believed.get(field)
    return belief is None or not belief.readers or not set(belief.readers).isdisjoint(_told(reading, "price").readers)


def _another(waiting: Candidate, look: Look) -> bool:
    """A way that is not known counts as another one."""
    return not (waiting.way and look.way == waiting.way) or look.at - waiting.seen_at >= LATER


def _agreed(belief: Belief) -> bool:
    return len(belief.readers) > 1


def _after(before: Belief | None, told: Belief) -> Belief:
    """A dispute ends when another reader tells it too. Where only those tell it who did before, one fell silent."""
    silent = before is not None and before.disputed and set(told.readers) <= set(before.readers)
    return Belief(told.readers, disputed=True) if silent else told


def _told(reading: Product, field: str) -> Belief:
    evidence = reading.evidence
    readers = evidence.witnesses.get(field) or ([evidence.fields[field]] if field in evidence.fields else [])
    return Belief(list(readers), field in evidence.disputed)
