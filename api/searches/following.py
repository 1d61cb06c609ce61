"""Following a job live, from its start or from where a lost connection was."""

from collections.abc import AsyncGenerator, Callable
from typing import Annotated

from fastapi import Depends, Header, Response

from api.house import House
from api.sse import EventStream
from crawler.core import positions
from crawler.core.models import Job

Told = Callable[[House, str, str | None], AsyncGenerator[bytes, None]]


def _after(
    last_event_id: Annotated[str | None, Header(description="Go on after this position")] = None,
) -> str | None:
    return positions.check(last_event_id, "Last-Event-ID") if last_event_id else None


After = Annotated[str | None, Depends(_after)]


async def following(house: House, job: Job, after: str | None, told: Told) -> Response:
    """The events that `told` makes of a job, as a stream; 204 when it is over and everything was told."""
    queue = await house.queue()
    if job.over and after and not await queue.events(job.id, after, 1):
        return Response(status_code=204)
    return EventStream(told(house, job.id, after), house.closing)
