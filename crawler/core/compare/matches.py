"""The best match of each shop for one product or one query, cheapest first. Pure."""

from collections.abc import Collection, Iterable

import msgspec

from crawler.core.models import GONE, Offer, Product, Record
from crawler.core.same import Same, alike, same
from crawler.core.store.words import terms

LEAST = 0.5  # share of the query's words, or likeness, below which a shop has nothing to compare


class Found(msgspec.Struct, frozen=True):
    """What one shop has. `match` is None where a query was asked; then `fits` is how well its words fit. `answered`: by
    this comparison, not stored before."""

    record: Record
    match: Same | None
    fits: float
    answered: bool = False

    @property
    def product(self) -> Product:
        return self.record.product

    @property
    def offer(self) -> Offer:
        return self.product.offer or Offer()

    @property
    def suggested(self) -> bool:
        """Only alike, not known to be the same."""
        return self.match is not None and not self.match.merges


def best(
    records: Iterable[Record], query: str = "", product: Product | None = None, currency: str | None = None,
    answered: Collection[str] = (),
) -> list[Found]:  # fmt: skip
    """The best match of each shop: those that are the same by their numbers first, then prices in `currency`, then
    those in others, each cheapest first. `answered`: ids that came with this comparison."""
    shops: dict[str, Found] = {}
    for record in records:
        found = _found(record, query, product, record.product.id in answered)
        known = shops.get(record.product.retailer)
        if found and (known is None or _rank(found) > _rank(known)):
            shops[record.product.retailer] = found
    return sorted(shops.values(), key=lambda found: _order(found, currency))


def words(product: Product) -> str:
    """What to ask other shops for: its article number under its brand, else the beginning of its title."""
    named = [product.brand or "", product.mpn or product.title or ""]
    return " ".join(dict.fromkeys(" ".join(named).split()[:8]))


def _found(record: Record, query: str, product: Product | None, answered: bool) -> Found | None:
    if product is None:
        fits = _fits(query, record.product)
        return Found(record, None, fits, answered) if fits >= LEAST else None
    match = same(product, record.product) or alike(product, record.product)
    return Found(record, match, match.confidence, answered) if match and match.confidence >= LEAST else None


def _fits(query: str, product: Product) -> float:
    """Share of the query's words among what names the product."""
    asked = terms(query)
    named = set(terms(product.title, product.brand, product.mpn, product.sku, *product.category))
    return round(sum(word in named for word in asked) / len(asked), 2) if asked else 0.0


def _rank(found: Found) -> tuple[bool, float, bool, bool, bool, int]:
    """Surer first; of equals the one that can be bought, at a known price, then the one seen now, then the cheaper."""
    price = found.offer.price
    merges = found.match is not None and found.match.merges
    sold = found.offer.availability in GONE
    return merges, found.fits, not sold, price is not None, found.answered, -(price or 0)


def _order(found: Found, currency: str | None) -> tuple[bool, bool, str, bool, int, str]:
    price, own = found.offer.price, found.offer.currency or "~"
    place, gone = "" if own == currency else own, found.offer.availability in GONE
    return found.suggested, price is None, place, gone, price or 0, found.product.retailer
