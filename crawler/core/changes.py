"""What changed, decided once: pure, so that every rule has a test.

The offers of a stored product hold the last *published* values; a new reading is compared with those, so a slow slide
still fires. A value that was not seen (None, unknown) never changes anything. A value seen for the first time is
learned, not a change. What is hard to believe waits as a candidate until another fetch repeats it
(`crawler.core.belief`); what goes back and forth is told less and less often (`crawler.core.damping`).
"""

import hashlib

import msgspec

from crawler.core.belief import ALONE, Look, remember, settled, waits
from crawler.core.damping import recent
from crawler.core.identity import stranger
from crawler.core.matching import readable
from crawler.core.models import Absence, Change, Move, Product, Record, encode
from crawler.core.settle import DAY, settle_offers, standing
from crawler.core.telling import change_id, text

DESCRIPTIVE = ("url", "title", "brand", "gtin", "mpn", "category", "images", "description", "specs", "rating",
               "verified", "quality")  # fmt: skip
TITLE = "#title"  # slot of the name of another good on the product's page
KEPT = ("candidates", "believed", "absent")


def digest(reading: Product) -> str:
    """Two readings with the same digest say the same; when they were fetched does not count."""
    evidence = reading.evidence
    kept = evidence.fetched_at, reading.verified, reading.quality
    evidence.fetched_at, reading.verified, reading.quality = 0.0, None, None
    told = encode(reading)
    evidence.fetched_at, reading.verified, reading.quality = kept
    return hashlib.blake2b(told, digest_size=12).hexdigest()


def decide(previous: Record | None, reading: Product, at: float, mark: str = "", way: str = "") -> Record:
    """The record that should now stand. Its rev is one more than `previous.rev` when it must be written, and the same
    when nothing but `last_seen` moved. `mark` is the reading's digest, to save computing it again; `way` how it was
    fetched (`Page.way`), where that is known."""
    mark, look = mark or digest(reading), Look(reading, at, way)
    if previous is None:
        return _first(look, mark)
    if at < previous.last_seen:  # fetched before what is stored: it has nothing to say any more
        return previous
    if stranger(previous.product, look) and not _stood(previous, look):
        return _unknown_good(previous, look)
    record = msgspec.structs.replace(
        previous, product=_describe(previous.product, reading), rev=previous.rev + 1, last_seen=at, digest=mark,
        candidates=dict(previous.candidates), outbox=list(previous.outbox), believed=dict(previous.believed),
        moves=_lately(previous, at), absent=_absent(previous, look),
    )  # fmt: skip
    record.product.offers = settle_offers(record, previous.product.offers, look)
    record.candidates = standing(record)
    if len(record.outbox) > len(previous.outbox):
        record.last_changed = at
    if record.candidates or record.absent:
        record.digest = ""
    return record if _moved(previous, record) else msgspec.structs.replace(previous, last_seen=at)


def _stood(previous: Record, look: Look) -> bool:
    """Another title has stood for a day: the shop renamed the product."""
    return settled(previous.candidates.get(TITLE), look.reading.title, look, ALONE, ALONE, DAY)


def _unknown_good(previous: Record, look: Look) -> Record:
    """Nothing of the page is believed; that it came is kept."""
    waiting = previous.candidates.get(TITLE)
    candidate = waits(waiting, look.reading.title, look, ALONE, "other_good")
    if candidate == waiting:
        return previous
    candidates = {**previous.candidates, TITLE: candidate}
    return msgspec.structs.replace(previous, rev=previous.rev + 1, candidates=candidates, digest="")


def _first(look: Look, mark: str) -> Record:
    reading, at = look.reading, look.at
    record = Record(msgspec.structs.replace(reading), rev=1, first_seen=at, last_seen=at, last_changed=at, digest=mark)
    if reading.evidence.disputed:
        record.product.offers = settle_offers(record, [], look)
        record.digest = "" if record.candidates else mark
    else:
        record.product.offers = readable(reading.offers)
        if offer := record.product.offer:
            remember(record, offer, offer, reading)
    record.outbox = [_new(record)]
    return record


def _new(record: Record) -> Change:
    product, offer = record.product, record.product.offer
    return Change(
        id=change_id(product.id, "", "new", 1), product_id=product.id, field="new", old=None,
        new=text(offer, "price") if offer else None, currency=offer.currency if offer else None,
        observed_at=record.first_seen, confirmed="high_confidence",
    )  # fmt: skip


def _lately(previous: Record, at: float) -> dict[str, list[Move]]:
    """Moves that still count."""
    left = {slot: recent(moves, at) for slot, moves in previous.moves.items()}
    return {slot: moves for slot, moves in left.items() if moves}


def _absent(previous: Record, look: Look) -> Absence | None:
    """The product's own page is there again; a tile proves nothing of it."""
    absent = previous.absent
    return None if absent and look.own and look.at >= absent.since else absent


def _describe(known: Product, reading: Product) -> Product:
    """What the product is: the newest word wins, but a list tile never overrules the product's own page."""
    tile = reading.evidence.depth == "list" and known.evidence.depth == "page"
    merged = msgspec.structs.replace(known, evidence=known.evidence if tile else reading.evidence)
    for field in DESCRIPTIVE:
        value = getattr(reading, field)
        if value and not (tile and getattr(known, field)):
            setattr(merged, field, value)
    if reading.verified and merged.verified:
        merged.verified = merged.verified.over(known.verified)
    return merged


def _moved(previous: Record, record: Record) -> bool:
    if len(previous.outbox) != len(record.outbox) or any(getattr(previous, f) != getattr(record, f) for f in KEPT):
        return True
    before, after = previous.product, record.product
    evidence = msgspec.structs.replace(after.evidence, fetched_at=before.evidence.fetched_at)
    return before != msgspec.structs.replace(after, evidence=evidence)
