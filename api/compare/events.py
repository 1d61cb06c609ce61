"""A comparison live: `progress` {"step", "steps", "message", "time", "source", "results"} as each shop answers, with
what that shop has, then `done` with the whole comparison."""

from collections.abc import AsyncGenerator
from typing import Any

from api import sse
from api.compare.answer import compare_json
from api.house import House
from api.searches.answer import known_job
from api.shapes import source_json
from crawler.core import positions
from crawler.core.compare import step
from crawler.core.models import Job, JobEvent
from crawler.core.queue import Queue


async def compare_events(house: House, job_id: str, after: str | None) -> AsyncGenerator[bytes, None]:
    """Read from the start, so that every shop has its step, and told from behind `after`."""
    queue, answered = await house.queue(), 0
    async for batch in queue.follow(job_id):
        for event in filter(_tells, batch):
            answered += event.type == "progress"
            if after is None or positions.order(event.position) > positions.order(after):
                job = await known_job(queue, job_id)
                yield sse.event(event.type, await _data(house, queue, job, event, answered), event.position)


def _tells(event: JobEvent) -> bool:
    return event.type == "done" or (event.source is not None and event.source.over)


async def _data(house: House, queue: Queue, job: Job, event: JobEvent, answered: int) -> dict[str, Any]:
    whole = await compare_json(house, queue, job)
    if event.source is None:
        return whole
    mine = [shop for shop in (*whole["results"], *whole["suggestions"]) if shop["retailer"] == event.source.name]
    told = step(answered, len(job.progress), event.source, job)
    return told | {"source": source_json(event.source), "results": mine}
