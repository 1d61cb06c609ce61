"""Designs in the order a search finds them, so that pages never repeat while results arrive."""

import msgspec

from api.designs.query import shows
from api.errors import Problem, wrong
from crawler.core.models import Design, Job
from crawler.core.queue import Queue
from crawler.core.store import DesignQuery, Store

LOOKED_AT = 1_000  # found ids per request; strict filters then give short pages rather than slow ones


class Arrivals(msgspec.Struct):
    """`cursor` goes on behind these; None when the search is over and all of it was read."""

    designs: list[Design]
    cursor: int | None
    job: Job


async def arrivals(queue: Queue, store: Store, job_id: str, start: int, query: DesignQuery) -> Arrivals:
    """At most `query.limit` designs found from `start` on. Raises Problem 410 when the search is no longer kept."""
    job = await _search(queue, job_id)
    designs: list[Design] = []
    position, end = start, False
    while len(designs) < query.limit and position < start + LOOKED_AT and not end:
        ids = await queue.found(job_id, position, query.limit)
        stored = await store.designs(ids)
        for name in ids:
            if len(designs) == query.limit:
                break
            position += 1
            designs += [design for design in (stored.get(name),) if design and shows(query, design)]
        end = not ids
    return Arrivals(designs, None if end and job.over else position, job)


async def _search(queue: Queue, job_id: str) -> Job:
    job = await queue.job(job_id)
    if job is None:
        raise Problem(410, "gone", "search_id: this search is no longer kept; ask without search_id and cursor")
    if job.kind != "designs":
        raise wrong("search_id", "is not a search for designs")
    return job
