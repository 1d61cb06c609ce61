"""The same product in other shops, as far as brand and article numbers tell."""

from typing import Any, Literal

from crawler.core.models import Offer, Product, Record
from crawler.core.public import iso, offer_json
from crawler.core.store import ProductQuery, Store, terms

LOOKED_AT = 200
Match = Literal["id", "gtin", "brand+mpn"]


async def offers_of(store: Store, record: Record) -> list[dict[str, Any]]:
    """The product's own offers, then those of other shops. Looked for among the best LOOKED_AT of the same brand,
    since the store is searched by words and not by article numbers."""
    product = record.product
    found: list[tuple[Record, Match]] = [(record, "id")]
    if product.brand and (product.gtin or product.mpn):
        others, _ = await store.find_products(ProductQuery(terms=terms(product.brand), limit=LOOKED_AT))
        found += [(other, how) for other in others if (how := same(product, other.product))]
    return [_shop_offer(one, offer, how) for one, how in found for offer in one.product.offers]


def same(one: Product, other: Product) -> Match | None:
    """By what another shop's product is known to be this one."""
    if one.retailer == other.retailer:
        return None
    if one.gtin and other.gtin:
        return "gtin" if _number(one.gtin) == _number(other.gtin) else None
    brands = terms(one.brand) == terms(other.brand) != []
    return "brand+mpn" if brands and one.mpn and terms(one.mpn) == terms(other.mpn) else None


def _number(gtin: str) -> str:
    """GTIN-8, 12, 13 and 14 differ by leading zeros."""
    return gtin.lstrip("0")


def _shop_offer(record: Record, offer: Offer, how: Match) -> dict[str, Any]:
    product = record.product
    return offer_json(offer) | {
        "product_id": product.id,
        "retailer": product.retailer,
        "url": product.url,
        "title": product.title,
        "matched_by": how,
        "last_seen": iso(record.last_seen),
    }
