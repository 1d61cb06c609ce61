"""A search as the API shows it: how it goes and a page of what it found."""

from typing import Any

import msgspec

from api.errors import missing
from api.fields import MOST_PAGES
from api.house import House
from api.lists import listing
from api.searches.ensure import progress_json, searchable
from api.searches.found import things
from crawler.core.models import Job
from crawler.core.public import iso
from crawler.core.queue import Queue

PATH = "/v1/searches"
FOUND = 10_000  # ids one search may show


class Part(msgspec.Struct):
    """Which page of the results."""

    page: int = 1
    per_page: int = 50


async def known_job(queue: Queue, job_id: str) -> Job:
    """Raises Problem 404."""
    job = await queue.job(job_id)
    if job is None:
        raise missing(f"no search or comparison {job_id} is known; they are kept for an hour after their end")
    return job


async def search_json(house: House, job: Job, part: Part) -> tuple[dict[str, Any], dict[str, str]]:
    """(the search with one page of results, URL by relation)."""
    queue, start = await house.queue(), (part.page - 1) * part.per_page
    ids = await queue.found(job.id, 0, FOUND)
    relations = _relations(job.id, part, len(ids))
    results = await things(await house.store(), job.kind, ids[start : start + part.per_page])
    names = job.sources or ([] if job.progress else await searchable(queue, job.kind))
    shown = listing(
        results, page=part.page, per_page=part.per_page, total=len(ids), next_url=relations.get("next"),
        sources=progress_json(job, names), search_id=job.id,
    )  # fmt: skip
    return shown | await _state(queue, job), relations


async def _state(queue: Queue, job: Job) -> dict[str, Any]:
    return {
        "id": job.id, "kind": job.kind, "query": job.query, "state": job.state, "reason": job.reason,
        "position": await queue.position(job.id) if job.state == "waiting" else None, "count": job.count,
        "created_at": iso(job.created_at), "started_at": iso(job.started_at), "finished_at": iso(job.finished_at),
    }  # fmt: skip


def _relations(job_id: str, part: Part, total: int) -> dict[str, str]:
    pages = {"first": 1}
    if part.page > 1:
        pages["prev"] = part.page - 1
    if part.page * part.per_page < total and part.page < MOST_PAGES:
        pages["next"] = part.page + 1
    return {name: f"{PATH}/{job_id}?page={page}&per_page={part.per_page}" for name, page in pages.items()}
