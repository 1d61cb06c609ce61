"""Look-alikes of a product, by the words of its title and its place in the shop; no picture is compared."""

import asyncio

from crawler.core.models import Product, Record
from crawler.core.store import ProductQuery, Store, terms

WORDS = 4  # title words that are each looked up
LOOKED_AT = 100  # best products per look-up
TITLE, CATEGORY = 0.7, 0.3


async def similar_products(store: Store, product: Product, limit: int) -> list[tuple[Record, float]]:
    """(record, likeness 0 to 1), most alike first. Candidates share the last step of the category path or one of the
    title's longest words."""
    queries = [ProductQuery(terms=[word], limit=LOOKED_AT) for word in _longest(product)]
    if product.category:
        queries.append(ProductQuery(category=product.category[-1], limit=LOOKED_AT))
    pages = await asyncio.gather(*map(store.find_products, queries))
    found = {record.product.id: record for records, _ in pages for record in records}
    found.pop(product.id, None)
    scored = [(record, likeness(product, record.product)) for record in found.values()]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].product.id))[:limit]


def likeness(one: Product, other: Product) -> float:
    """Shared title words (TITLE) and category steps (CATEGORY), each as a part of all that either has."""
    title = _shared(set(terms(one.title)), set(terms(other.title)))
    category = _shared(set(one.category), set(other.category))
    return round(TITLE * title + CATEGORY * category, 4)


def _longest(product: Product) -> list[str]:
    words = [word for word in terms(product.title) if not word.isdigit()]
    return sorted(words, key=lambda word: (-len(word), word))[:WORDS]


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
