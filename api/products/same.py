"""The same product in other shops: by article numbers as results, by title and picture as suggestions."""

from typing import Any

from api.products.similar import similar_products
from crawler.core.models import Offer, Record
from crawler.core.public import iso, offer_json
from crawler.core.same import Same, alike, same
from crawler.core.store import ProductQuery, Store, terms
from crawler.core.store.facets import numbers

LOOKED_AT = 200
SUGGESTED, LEAST = 10, 0.5  # how many suggestions at most, and how sure at least

Pair = tuple[Record, Same]


async def offers_of(store: Store, record: Record) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(the product's own offers and those of the same product in other shops, offers of what is only alike)."""
    known = same(record.product, record.product)
    assert known is not None
    others = await same_elsewhere(store, record)
    found = [(record, known), *others]
    likely = await _likely(store, record, {other.product.retailer for other, _ in others})
    return _offers(found), _offers(likely)


async def same_elsewhere(store: Store, record: Record) -> list[Pair]:
    """The same product in other shops, by its numbers."""
    product, queries = record.product, [ProductQuery(labels=[one], limit=LOOKED_AT) for one in numbers(record.product)]
    found: dict[str, Pair] = {}
    for query in queries:
        for other in (await store.find_products(query))[0]:
            how = same(product, other.product)
            if how and other.product.retailer != product.retailer:
                found.setdefault(other.product.id, (other, how))
    return list(found.values())


async def _likely(store: Store, record: Record, known: set[str]) -> list[Pair]:
    """Of shops that do not have it by its numbers, most likely first."""
    product = record.product
    if not terms(product.title):
        return []
    pairs = [(other, alike(product, other.product)) for other, _ in await similar_products(store, product, LOOKED_AT)
             if other.product.retailer not in {product.retailer, *known}]  # fmt: skip
    likely = [(other, how) for other, how in pairs if how and how.confidence >= LEAST]
    return sorted(likely, key=lambda pair: (-pair[1].confidence, pair[0].product.id))[:SUGGESTED]


def _offers(found: list[Pair]) -> list[dict[str, Any]]:
    return [_shop_offer(one, offer, how) for one, how in found for offer in one.product.offers]


def _shop_offer(record: Record, offer: Offer, how: Same) -> dict[str, Any]:
    product = record.product
    return offer_json(offer) | {
        "product_id": product.id,
        "retailer": product.retailer,
        "url": product.url,
        "title": product.title,
        "matched_by": how.by,
        "confidence": how.confidence,
        "last_seen": iso(record.last_seen),
    }
