"""What shops ask and bid for each size of one product. Pure."""

from collections.abc import Sequence

import msgspec

from crawler.core.compare.matches import Found
from crawler.core.models import GONE, Offer
from crawler.core.store.words import terms


class Quote(msgspec.Struct, frozen=True):
    """What one shop says of one size, in minor units of `currency`. `spread` is ask less bid."""

    retailer: str
    currency: str | None
    ask: int | None
    bid: int | None
    last_sale: int | None

    @property
    def spread(self) -> int | None:
        return self.ask - self.bid if self.ask is not None and self.bid is not None else None


class Size(msgspec.Struct):
    """One size in one condition, a quote per shop, lowest ask first."""

    size: str
    condition: str
    quotes: list[Quote]

    @property
    def currency(self) -> str | None:
        """The one all shops quote in."""
        told = {quote.currency for quote in self.quotes}
        return told.pop() if len(told) == 1 else None

    @property
    def spread(self) -> int | None:
        """The lowest ask of all less the highest bid of all; below 0 somebody bids more than somebody else asks."""
        asks = [q.ask for q in self.quotes if q.ask is not None]
        bids = [q.bid for q in self.quotes if q.bid is not None]
        return min(asks) - max(bids) if asks and bids and self.currency else None


def sizes(found: Sequence[Found], size: str | None = None) -> list[Size]:
    """Of every shop that sells it by size and is known to have the same product; one `size` only where it is named."""
    rows: dict[tuple[str, str], Size] = {}
    for one in found:
        for offer in [] if one.suggested else one.product.offers:
            if offer.variant and fits(offer, size):
                row = rows.setdefault(
                    (folded(offer.variant), offer.condition), Size(offer.variant, offer.condition, [])
                )
                row.quotes.append(_quote(one.product.retailer, offer))
    for row in rows.values():
        row.quotes.sort(key=lambda quote: (quote.ask is None, quote.ask or 0, quote.retailer))
    return list(rows.values())


def fits(offer: Offer, size: str | None) -> bool:
    return size is None or folded(offer.variant or "") == folded(size)


def folded(size: str) -> str:
    """ "US M 9.5" and "us m 9.5" are one size; the point counts."""
    return " ".join(terms(size.replace(".", "p")))


def _quote(retailer: str, offer: Offer) -> Quote:
    ask = None if offer.availability in GONE else offer.price
    return Quote(retailer, offer.currency, ask, offer.bid, offer.last_sale)
