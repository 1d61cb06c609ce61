"""A comparison as it stands."""

from typing import Any

from api.house import House
from api.searches.ensure import progress_json, searchable
from crawler.core.compare import at_hand, compared, state
from crawler.core.models import Job
from crawler.core.queue import Queue


async def compare_json(
    house: House, queue: Queue, job: Job, currency: str | None = None, size: str | None = None
) -> dict[str, Any]:
    """What every shop has by now. Raises StoreError, BusAway."""
    store = await house.store()
    record = (await store.records([job.about])).get(job.about) if job.about else None
    product = record.product if record else None
    records, answered = await at_hand(queue, store, job, product)
    fees = {source.name: source.fees for source in await queue.sources()}
    names = job.sources or ([] if job.progress else await searchable(queue, "products"))
    shown = compared(job, records, answered, product, currency or house.config.currency, size, fees)
    return state(job) | {"sources": progress_json(job, names)} | shown
