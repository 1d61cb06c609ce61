"""One product against what is remembered of it: is its new value told as its values always were?"""

from typing import Literal

import msgspec

from crawler.core.drift.measure import agreed, voices
from crawler.core.drift.memory import Good
from crawler.core.drift.usual import RARELY, Usual
from crawler.core.drift.voices import missed, rare, tellers
from crawler.core.models import GONE, Availability, Evidence, Offer, Product

Strange = Literal["currency", "reader", "prices", "sold_out"]
Move = Literal["up", "down", "gone", "same"]
JUMP = 0.30  # as `settle.JUMP`: what moves further is a candidate
WILD = 0.30  # a price below this part of the last one, or above its inverse, is told by two readers or not believed
PATIENCE_S = 20 * 3600.0  # what is PATIENT and still stands after this is believed, while the site is healthy
PATIENT: frozenset[Strange] = frozenset({"prices", "sold_out"})


def strange(
    product: Product, good: Good | None, usual: Usual | None, *, healthy: bool, published: int | None = None
) -> Strange | None:
    """What speaks against a reading of a product; None for nothing. `healthy`: so was its site until now. A price like
    the `published` one is never wild, whatever was seen since."""
    offer = product.offer
    if offer is None:
        return None
    if _foreign(offer, good, usual):
        return "currency"
    if _told_otherwise(product, offer, good, usual, healthy):
        return "reader"
    if usual and good and _stock_told_otherwise(product, offer, good, usual):
        return "sold_out" if offer.availability in GONE else "reader"
    return "prices" if alone_and_wild(product, good) and not _near(offer.price, published) else None


def move(offer: Offer | None, good: Good | None) -> Move | None:
    """Which way a known product went, as far as it would be a candidate; None for one that can't be compared."""
    if offer is None or good is None or not (offer.price or offer.availability in GONE):
        return None
    if offer.availability in GONE and good.availability == Availability.in_stock:
        return "gone"
    if not offer.price or not good.price or offer.currency != good.currency:
        return None
    if abs(offer.price - good.price) <= JUMP * good.price:
        return "same"
    return "up" if offer.price > good.price else "down"


def wild(price: int | None, last: int | None) -> bool:
    return bool(price and last) and (price < WILD * last or WILD * price > last)  # type: ignore[operator]


def patient(good: Good, offer: Offer, kind: Strange, at: float) -> bool:
    """Has this odd value stood for long enough?"""
    return good.waits == _value(offer, kind) and at - good.since >= PATIENCE_S


def waiting(good: Good, offer: Offer, kind: Strange, at: float) -> Good:
    """The product, with an odd value that waits to be believed."""
    value = _value(offer, kind)
    return good if good.waits == value else msgspec.structs.replace(good, waits=value, since=at)


def _value(offer: Offer, kind: Strange) -> int | str | None:
    return str(offer.availability) if kind == "sold_out" else offer.price


def remembered(product: Product, good: Good | None) -> Good | None:
    """What is kept of a believed reading; None when it told neither price nor stock. Unseen changes nothing."""
    offer = product.offer
    if offer is None or (offer.price is None and offer.availability is Availability.unknown):
        return good
    own, evidence = product.evidence.depth == "page", product.evidence
    if good and not own and good.waits is None and _same(offer, good):
        return good
    kept = good or Good(None, None, None, "", "", [], agreed=False)
    unseen = offer.availability is Availability.unknown
    found = Good(
        offer.price or kept.price, offer.list_price if own or offer.list_price else kept.list_price,
        offer.currency or kept.currency, kept.availability if unseen else str(offer.availability),
        kept.reader, kept.readers, kept.agreed,
    )  # fmt: skip
    return _voiced(found, evidence) if own and not kept.reader else found


def _voiced(good: Good, evidence: Evidence) -> Good:
    """Who tells of it is learned once: what comes and goes later would be missed each time it went."""
    good.reader = evidence.fields.get("price", "")
    good.readers = sorted(voices(evidence))
    good.agreed = agreed(evidence)
    return good


def _same(offer: Offer, good: Good) -> bool:
    return (offer.price == good.price and offer.list_price == good.list_price
            and offer.availability == good.availability and offer.currency == good.currency)  # fmt: skip


def _foreign(offer: Offer, good: Good | None, usual: Usual | None) -> bool:
    if offer.price is None or offer.currency is None:
        return False
    if good is not None and good.currency:
        return good.currency != offer.currency
    return usual is not None and usual.currencies.get(offer.currency, 0.0) < RARELY


def _told_otherwise(product: Product, offer: Offer, good: Good | None, usual: Usual | None, healthy: bool) -> bool:
    """Does another reader than ever tell a value that can't be checked against a known one?"""
    if good is not None and _list_price_lost(product, offer, good):
        return True
    if healthy if good is None else offer.price == good.price:
        return False
    readers = tellers(product.evidence, "price")
    new_reader = usual is not None and rare(readers, usual.price_readers)
    if good is None or offer.price is None or product.evidence.depth == "list" or not good.reader:
        return new_reader
    return good.reader not in readers and (new_reader or good.reader in missed(product, good))


def _stock_told_otherwise(product: Product, offer: Offer, good: Good, usual: Usual) -> bool:
    """Shops do tell otherwise of what is sold out, but so does a carousel that is taken for the product."""
    told = offer.availability not in (Availability.unknown, good.availability)
    return told and rare(tellers(product.evidence, "availability"), usual.stock_readers)


def unlisted(product: Product, good: Good | None) -> bool:
    """Is its list price not told any more, while the price stands? Where a sale is over, the price moves too."""
    offer, own = product.offer, product.evidence.depth == "page"
    if not own or good is None or good.list_price is None or offer is None or offer.price is None:
        return False
    return offer.list_price is None and offer.price == good.price


def _list_price_lost(product: Product, offer: Offer, good: Good) -> bool:
    """Gone together with the second reader, who may have been the one that saw it."""
    lost = good.list_price is not None and offer.list_price is None and offer.price is not None
    return lost and product.evidence.depth == "page" and good.agreed and not agreed(product.evidence)


def alone_and_wild(product: Product, good: Good | None) -> bool:
    offer = product.offer
    return good is not None and offer is not None and not agreed(product.evidence) and wild(offer.price, good.price)


def _near(price: int | None, published: int | None) -> bool:
    return bool(price and published) and not wild(price, published)
