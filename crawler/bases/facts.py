"""What one reader says about one product, and how several readers' words become one reading.

Readers are given in order of trust. Descriptive fields come from the first reader that has one. For what money hangs
on (price, list price, currency, availability) all readers are compared: agreement raises confidence; on disagreement
the visible page is believed, because that is what a shopper sees, and the field is marked disputed. JSON-LD, microdata
and OpenGraph are written by one hand: that they agree proves no more than each alone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Literal

import msgspec

from crawler.bases.merging import merged
from crawler.core.models import Availability, Evidence, Offer, Product, Rating

DESCRIPTIVE = ("url", "title", "brand", "gtin", "mpn", "category", "images", "description", "specs", "rating")
COMPARED = ("price", "list_price", "currency", "availability")
AGREED, ALONE, UNSURE, DISPUTED = 1.0, 0.8, 0.45, 0.4
HAND = {"microdata": "jsonld", "opengraph": "jsonld"}  # who else wrote what a reader reads


class Facts(msgspec.Struct, omit_defaults=True, gc=False):
    """`price` and `list_price` are minor units of `currency`, for the default offer. `offers` only where the page
    shows several variants or sellers; the default offer first. `problems`: reasons of values that were on the page
    and could not be believed; counted, never voted on. `unsure`: its price may be another amount, unless another
    reader tells it too. `denied`: amounts, in minor units, that the page shows in the price's place as something else;
    a price that none but a machine tells is then doubtful, and disputed where it is one of them."""

    reader: str
    sku: str | None = None
    url: str | None = None
    title: str | None = None
    brand: str | None = None
    gtin: str | None = None
    mpn: str | None = None
    category: list[str] = []
    images: list[str] = []
    description: str | None = None
    specs: dict[str, str] = {}
    rating: Rating | None = None
    price: int | None = None
    list_price: int | None = None
    currency: str | None = None
    availability: Availability = Availability.unknown
    variant: str | None = None
    seller: str | None = None
    offers: list[Offer] = []
    problems: list[str] = []
    unsure: bool = False
    denied: list[int] = []


_descriptive, _compared = attrgetter(*DESCRIPTIVE), attrgetter(*COMPARED)


def _said(value: Any) -> bool:
    return bool(value) and value != Availability.unknown


def _settle(field: str, readers: Sequence[Facts]) -> tuple[Any, str | None, float]:
    """(value, reader believed, confidence) for one compared field."""
    said = [(f.reader, getattr(f, field)) for f in readers if _said(getattr(f, field))]
    if not said:
        return (Availability.unknown if field == "availability" else None), None, AGREED
    if len({value for _, value in said}) == 1:
        reader, value = said[0]
        return value, reader, AGREED if _independent(r for r, _ in said) else _lone(field, value, readers)
    visible = [pair for pair in said if pair[0] == "visible"]
    reader, value = (visible or said)[0]
    return value, reader, DISPUTED


def _independent(readers: Iterable[str]) -> bool:
    return len({HAND.get(reader, reader) for reader in readers}) > 1


def _lone(field: str, value: Any, readers: Sequence[Facts]) -> float:
    """How far one hand's word is believed, where nobody else tells the field."""
    if field != "price":
        return ALONE
    if any(value in facts.denied for facts in readers):
        return DISPUTED
    return UNSURE if any(facts.unsure if facts.price else facts.denied for facts in readers) else ALONE


def vote(
    retailer: str, readers: Sequence[Facts], *, depth: Literal["page", "list"] = "page", fetched_at: float = 0.0
) -> Product | None:
    """One product out of all readers' words on it, or None when no reader knows which product it is."""
    sku = next((f.sku for f in readers if f.sku), None)
    if not sku:
        return None
    evidence = Evidence(fields={}, depth=depth, disputed=[], witnesses={}, fetched_at=fetched_at)
    if len(readers) == 1:
        return _alone(retailer, readers[0], evidence)
    product = Product(id=f"{retailer}:{sku}", retailer=retailer, sku=sku, url="", evidence=evidence)
    for field in DESCRIPTIVE:
        source = next((f for f in readers if _said(getattr(f, field))), None)
        if source:
            setattr(product, field, getattr(source, field))
            evidence.fields[field] = source.reader
    product.offers = _offers(readers, evidence)
    return product


def _alone(retailer: str, facts: Facts, evidence: Evidence) -> Product:
    """What `vote` gives for one reader, without the voting: list pages have forty of these."""
    told, compared = _descriptive(facts), _compared(facts)
    pairs = zip(DESCRIPTIVE + COMPARED, told + compared, strict=True)
    evidence.fields = {name: facts.reader for name, value in pairs if value and value is not Availability.unknown}
    if not evidence.fields.keys().isdisjoint(COMPARED):
        evidence.confidence = UNSURE if facts.unsure and facts.price is not None else ALONE
    product = Product(f"{retailer}:{facts.sku}", retailer, facts.sku, *told)
    product.evidence, product.url, product.rating = evidence, facts.url or "", facts.rating
    product.offers = _stand(facts.offers, dict(zip(COMPARED, compared, strict=True)), facts)
    return product


def _offers(readers: Sequence[Facts], evidence: Evidence) -> list[Offer]:
    values = {}
    for field in COMPARED:
        values[field], reader, confidence = _settle(field, readers)
        if reader:
            evidence.fields[field] = reader
            evidence.confidence = min(evidence.confidence, confidence)
            agreeing = [f.reader for f in readers if getattr(f, field) == values[field]]
            if _independent(agreeing):
                evidence.witnesses[field] = agreeing
        if confidence == DISPUTED:
            evidence.disputed.append(field)
    offers = merged([f.offers for f in readers if f.offers])
    return _stand(offers, values, next((f for f in readers if f.variant or f.seller), readers[0]))


def _stand(offers: list[Offer], values: dict[str, Any], first: Facts) -> list[Offer]:
    """The settled values as the default offer, before the others."""
    if offers:
        return [msgspec.structs.replace(offers[0], **values), *offers[1:]]
    if values["price"] is None and values["availability"] == Availability.unknown:
        return []
    return [Offer(**values, variant=first.variant, seller=first.seller)]


def together(tiles: Iterable[Facts]) -> list[list[Facts]]:
    """Tiles of one listing, the words of several readers on one good side by side. A good that one reader names
    twice stands twice."""
    groups: dict[tuple[str, int], list[Facts]] = {}
    times = Counter[tuple[str, str]]()
    for place, tile in enumerate(tiles):
        shown = (tile.reader, tile.sku or "")
        times[shown] += 1
        groups.setdefault((tile.sku or "", times[shown] if tile.sku else -place), []).append(tile)
    return list(groups.values())
