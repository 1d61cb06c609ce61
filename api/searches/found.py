"""Stored things by their ids, as the API shows them."""

from collections.abc import Sequence
from typing import Any

from crawler.core.drift.standings import held_sites
from crawler.core.models.jobs import JobKind
from crawler.core.public import design_json, record_json
from crawler.core.store import DesignQuery, ProductQuery, Store
from crawler.core.store.words import terms

KNOWN = 200  # stored things a search starts with


async def things(store: Store, kind: JobKind, ids: Sequence[str]) -> list[dict[str, Any]]:
    """In the order of `ids`; one the store does not have is left out. Raises StoreError."""
    if kind == "designs":
        designs = await store.designs(list(ids))
        return [design_json(designs[id_]) for id_ in ids if id_ in designs]
    records = await store.records(list(ids))
    held = await held_sites(store)
    return [record_json(records[id_], held) for id_ in ids if id_ in records]


async def known_ids(store: Store, kind: JobKind, query: str, sources: Sequence[str] = ()) -> list[str]:
    """Ids of what is stored for a search, best first, at most KNOWN."""
    words = terms(query)
    if kind == "designs":
        designs, _ = await store.find_designs(DesignQuery(terms=words, limit=KNOWN))
        return [d.id for d in designs if not sources or d.source in sources]
    records, _ = await store.find_products(ProductQuery(terms=words, limit=KNOWN))
    return [r.product.id for r in records if not sources or r.product.retailer in sources]
