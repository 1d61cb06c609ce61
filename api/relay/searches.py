"""`search:<id>`: the events of a crawl job. One follower per search, however many clients listen; they all get the same
messages, and who comes later or again gets what it missed from memory."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson

from api.relay.hub import Subscriber
from api.relay.messages import Burst, Message
from api.shapes import source_json
from crawler.core.errors import BusAway
from crawler.core.models.jobs import Job, JobEvent
from crawler.core.positions import order
from crawler.core.public import iso
from crawler.core.queue import Queue

RETRY_S = 0.5
START = "0-0"

log = logging.getLogger(__name__)


class Search:
    """What has been told of one search, and to whom it is told as it goes on."""

    def __init__(self, id_: str, queue: Queue):
        self.id, self._queue = id_, queue
        self.subscribers: dict[Subscriber, str] = {}  # and the last position each of them knows
        self._messages: list[Message] = []
        self._task = asyncio.create_task(self._run())

    def close(self) -> None:
        self._task.cancel()

    def join(self, subscriber: Subscriber, after: str) -> None:
        """First what came after that position, then what comes."""
        self.subscribers[subscriber] = after
        _deliver(subscriber, self._messages, after)

    @property
    def _position(self) -> str:
        return self._messages[-1].position if self._messages else START

    async def _run(self) -> None:
        while True:
            try:
                async for events in self._queue.follow(self.id, self._position):
                    self._tell(events)
                return
            except BusAway as error:
                log.warning("search %s waits for Redis: %s", self.id, error)
                await asyncio.sleep(RETRY_S)

    def _tell(self, events: Sequence[JobEvent]) -> None:
        messages = [_message(self.id, event, event.position or self._position) for event in events]
        self._messages += messages
        for subscriber, after in tuple(self.subscribers.items()):
            _deliver(subscriber, messages, after)


class Searches:
    """The searches that somebody in this process follows."""

    def __init__(self, queue: Callable[[], Awaitable[Queue]]):
        self._queue = queue
        self._open: dict[str, Search] = {}

    async def job(self, id_: str) -> Job | None:
        """How the search goes. Raises BusAway."""
        return await (await self._queue()).job(id_)

    async def join(self, id_: str, subscriber: Subscriber, after: str = START) -> None:
        """From the event after that position on; without one all of them, because no snapshot holds what was found.
        Raises BusAway."""
        queue = await self._queue()
        if id_ not in self._open:
            self._open[id_] = Search(id_, queue)
        self._open[id_].join(subscriber, after)

    def leave(self, id_: str, subscriber: Subscriber) -> None:
        """A search that nobody follows any more is let go."""
        search = self._open.get(id_)
        if search is None:
            return
        search.subscribers.pop(subscriber, None)
        if not search.subscribers:
            self._open.pop(id_).close()

    def close(self) -> None:
        for search in self._open.values():
            search.close()
        self._open.clear()


def _deliver(subscriber: Subscriber, messages: Sequence[Message], after: str) -> None:
    if missed := [m for m in messages if order(m.position) > order(after)]:
        subscriber.deliver(Burst(missed))


def event_json(event: JobEvent) -> dict[str, Any]:
    """`type` and what belongs to it: `source` of a progress, `items`, or the `state` and `reason` of the end."""
    if event.type == "progress" and event.source is not None:
        return {"type": "progress", "source": source_json(event.source)}
    if event.type == "item":
        return {"type": "item", "items": event.items}
    return {"type": "done", "state": event.state, "reason": event.reason}


def job_json(job: Job) -> dict[str, Any]:
    """How a search goes; not who asked for it."""
    return {
        "id": job.id, "kind": job.kind, "query": job.query, "state": job.state, "reason": job.reason,
        "count": job.count, "created_at": iso(job.created_at), "started_at": iso(job.started_at),
        "finished_at": iso(job.finished_at), "sources": [source_json(s) for s in job.progress.values()],
    }  # fmt: skip


def _message(id_: str, event: JobEvent, position: str) -> Message:
    channel = f"search:{id_}"
    payload = {"type": "change", "channel": channel, "position": position, "data": event_json(event)}
    return Message(orjson.dumps(payload), None, position, channel)
