"""The events of one job as an event stream: `progress` {"source"}, `item` {"items"}, `done` {"state", "reason"}."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from api import sse
from api.house import House
from api.shapes import source_json
from crawler.core.errors import BusAway
from crawler.core.models import JobEvent

AWAY_S = 1.0  # until Redis is asked again; meanwhile the stream beats


async def job_events(house: House, job_id: str, after: str | None) -> AsyncGenerator[bytes, None]:
    """Everything after a position, then what comes, to the end of the job. Goes on by itself after Redis was away."""
    while True:
        try:
            queue = await house.queue()
            async for batch in queue.follow(job_id, after):
                yield b"".join(sse.event(event.type, _data(event), event.position) for event in batch)
                after = batch[-1].position or after
        except BusAway:
            await asyncio.sleep(AWAY_S)
        else:
            return


def _data(event: JobEvent) -> dict[str, Any]:
    if event.type == "progress" and event.source:
        return {"source": source_json(event.source)}
    if event.type == "item":
        return {"items": event.items}
    return {"state": event.state, "reason": event.reason}
