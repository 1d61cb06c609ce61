"""A comparison as work for the crawl workers, and what shops have by now."""

from collections.abc import Mapping, Sequence

from crawler.core.compare.matches import words
from crawler.core.errors import InputError
from crawler.core.models import Job, Product, Record
from crawler.core.queue import Queue
from crawler.core.store import ProductQuery, Store, terms
from crawler.core.store.facets import numbers

FOUND = 2_000  # ids of one comparison that are looked at
STORED = 200  # stored products looked at per look-up
ARGS = {"details": "1", "checks": "0"}  # of each shop the first result's own page too, and nothing else


async def stored(store: Store, product_id: str, field: str) -> Product:
    """The product that others are compared with. Raises InputError naming `field`, StoreError."""
    record = (await store.records([product_id])).get(product_id)
    if record is None:
        raise InputError(field, f"no product {product_id!r} is stored")
    return record.product


async def ask(
    queue: Queue, query: str, product: Product | None, *, sources: Sequence[str], limit_s: float, client: str,
    args: Mapping[str, str] | None = None,
) -> Job:  # fmt: skip
    """All shops at once, each for `limit_s` seconds. Raises QueueFull, BusAway."""
    asked = query or (words(product) if product else "")
    job, _ = await queue.submit(
        "compare", asked, sources=sources, args={**ARGS, **(args or {})}, client=client, source_s=limit_s,
        about=product.id if product else "",
    )  # fmt: skip
    return job


async def at_hand(queue: Queue, store: Store, job: Job, product: Product | None) -> tuple[list[Record], set[str]]:
    """(everything that may match of the shops asked, ids that this comparison found). Raises StoreError, BusAway."""
    found = await queue.found(job.id, 0, FOUND)
    records = await store.records(found)
    labels = [[label] for label in numbers(product)] if product else []
    queries = [ProductQuery(labels=label, limit=STORED) for label in labels]
    queries.append(ProductQuery(terms=terms(job.query), limit=STORED))
    for query in queries:
        records |= {record.product.id: record for record in (await store.find_products(query))[0]}
    if product:
        records |= await store.records([product.id])
    asked = [record for record in records.values() if not job.sources or record.product.retailer in job.sources
             or record.product.id == job.about]  # fmt: skip
    return asked, set(found)
