"""A page's own product as the page's own JSON tells it. Says nothing where it can't be told which object is the
page's, which of several prices is paid, or whether a whole number counts rupees or paise."""

from typing import TYPE_CHECKING

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.page_currency import page_currency
from crawler.bases.schema.identity import Identity
from crawler.bases.schema.product import gtin, text
from crawler.bases.schema.values import many
from crawler.bases.state.amounts import Prices, prices
from crawler.bases.state.forms import Unit
from crawler.bases.state.platforms import platform_product
from crawler.bases.state.scale import Scale
from crawler.bases.state.things import Claim, Thing, claim, codes, first, foreign, named, objects, urls
from crawler.bases.state.variants import availability, chosen, label, offers, variants
from crawler.core.models import Availability, Offer

if TYPE_CHECKING:
    from crawler.bases.document import Document

PICTURES = 10


def product_facts(doc: "Document", unit: Unit | None = None, usual: str | None = None) -> Facts | None:
    """`unit`: what whole numbers count in this shop, `usual`: its currency, where they are known. None where no object
    is the page's."""
    page = doc.identity
    found = _own(page, doc)
    by_platform = platform_product(doc.states)
    if not found and not by_platform:
        return None
    facts = _describe(doc, found) if found else Facts("state")
    things = [*found, *([by_platform] if by_platform else [])]
    told = [p for thing in things if (p := prices(thing)).paid]
    facts.currency = next((p.currency for p in told if p.currency), None) or page_currency(doc) or usual
    _put_offers(facts, things, page, Scale(doc, facts.currency, unit))
    return facts if facts.title or facts.price or facts.offers else None


def _put_offers(facts: Facts, things: list[Thing], page: Identity, scale: Scale) -> None:
    """Price and stock of the page's own variant where its address names one, else what all variants share."""
    picked = [v for thing in things if (v := chosen(thing, page.ids))]
    told = [p for thing in picked or things if (p := prices(thing)).paid]
    _put_price(facts, told, scale)
    facts.availability = _stock(picked or things)
    unit = scale.unit or next((p.paid.unit for p in told if p.paid and p.paid.unit), None)
    facts.offers = next((o for thing in things if (o := offers(thing, unit, facts.currency))), [])
    if picked:
        facts.variant = label(picked[0])
        facts.offers = sorted(facts.offers, key=lambda o: o.variant != facts.variant)
    elif facts.offers:
        _put_shared(facts)


def _put_shared(facts: Facts) -> None:
    """Which variant a shopper is shown can't be told: a price that differs between them is not the page's."""
    amounts = {o.price for o in facts.offers}
    facts.price = amounts.pop() if len(amounts) == 1 else None
    facts.list_price = facts.list_price if facts.price else None
    if facts.availability is Availability.unknown:
        stocks = {o.availability for o in facts.offers}
        in_stock = Availability.in_stock in stocks
        facts.availability = (
            Availability.in_stock if in_stock else stocks.pop() if len(stocks) == 1 else facts.availability
        )
    facts.offers = [Offer(currency=facts.currency, availability=facts.availability), *facts.offers]


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
    """Does it tell a price, variants or stock?"""
    return bool(prices(thing).paid or variants(thing)) or availability(thing) is not Availability.unknown


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
