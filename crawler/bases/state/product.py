"""A page's own product as the page's own JSON tells it. Says nothing where it can't be told which object is the
page's, which of several prices is paid, or whether a whole number counts rupees or paise."""

from typing import TYPE_CHECKING

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.page_currency import page_currency
from crawler.bases.schema.identity import Identity, identity
from crawler.bases.schema.product import gtin, text
from crawler.bases.schema.values import many
from crawler.bases.state.amounts import Prices, Unit, prices
from crawler.bases.state.scale import Scale
from crawler.bases.state.things import Claim, Thing, claim, codes, first, foreign, named, objects, urls
from crawler.bases.state.variants import availability, offers
from crawler.core.models import Availability

if TYPE_CHECKING:
    from crawler.bases.document import Document

PICTURES = 10


def product_facts(doc: "Document", unit: Unit | None = None, usual: str | None = None) -> Facts | None:
    """`unit`: what whole numbers count in this shop, `usual`: its currency, where they are known. None where no object
    is the page's."""
    page = identity(doc)
    found = _own(page, doc)
    if not found:
        return None
    facts = _describe(doc, found)
    told = [p for thing in found if (p := prices(thing)).paid]
    facts.currency = next((p.currency for p in told if p.currency), None) or page_currency(doc) or usual
    scale = Scale(doc, facts.currency, unit)
    _put_price(facts, told, scale)
    facts.availability = _stock(found)
    _put_offers(facts, found, told, scale)
    return facts if facts.title or facts.price else None


def _own(page: Identity, doc: "Document") -> list[Thing]:
    """The objects with the best claim to be the page's product; those inside of one that tells its price are its own
    variants or services."""
    best, found, inner = Claim(False, False, False), list[Thing](), set[int]()
    for thing in objects(doc.states):
        if id(thing) in inner:
            inner.update(id(v) for value in thing.values() for v in many(value))
            continue
        fits = claim(page, thing, doc.url)
        if not any(fits) or not _is_good(thing) or foreign(page, thing):
            continue
        if prices(thing).paid:
            inner.update(id(v) for value in thing.values() for v in many(value))
        if fits > best:
            best, found = fits, []
        if fits == best:
            found.append(thing)
    return found


def _is_good(thing: Thing) -> bool:
    """Has it a name or a number, and a price or stock?"""
    return bool(named(thing) or codes(thing)) and bool(
        prices(thing).paid or offers(thing, None, None) or availability(thing) is not Availability.unknown
    )


def _describe(doc: "Document", found: list[Thing]) -> Facts:
    thing = max(found, key=lambda t: (prices(t).paid is not None, len(t)))
    facts = Facts("state", title=named(thing), url=next(iter(urls(thing, doc.url)), None))
    facts.sku = next((c for c in codes(thing)), None)
    facts.brand = text(first(thing, "brand"))
    facts.gtin = gtin(text(first(thing, "gtin")))
    facts.mpn = text(first(thing, "mpn"))
    facts.images = [
        u for u in read.images(doc.url, many(first(thing, "image"))[:PICTURES]) if "." in u.rpartition("/")[2]
    ]
    return facts


def _put_price(facts: Facts, told: list[Prices], scale: Scale) -> None:
    """The one price that all objects of the page's product tell."""
    paid = {a for p in told if p.paid and (a := scale.minor(p.paid, facts))}
    if len(paid) != 1:
        return
    facts.price = paid.pop()
    listed = {a for p in told if p.listed and (a := scale.minor(p.listed, facts))}
    if len(listed) == 1 and (above := listed.pop()) > facts.price:
        facts.list_price = above


def _stock(found: list[Thing]) -> Availability:
    """Absence of stock is believed only of an object that tells a price: an empty shell says the same."""
    told = {s for t in found if prices(t).paid and (s := availability(t)) is not Availability.unknown}
    return told.pop() if len(told) == 1 else Availability.unknown


def _put_offers(facts: Facts, found: list[Thing], told: list[Prices], scale: Scale) -> None:
    unit = scale.unit or next((p.paid.unit for p in told if p.paid and p.paid.unit), None)
    facts.offers = next((o for t in found if (o := offers(t, unit, facts.currency))), [])
