"""What a job has to say, on its way to the queue: in order, several things in one call while Redis is busy, kept while
it is away."""

import asyncio
import logging
import time
from collections.abc import Sequence

from crawler.core import metrics
from crawler.core.errors import BusAway, JobLost
from crawler.core.models.jobs import Job, JobEvent
from crawler.core.shared import Shared

MOST = 64  # events under way; whoever has more to say waits
RETRY_S = 0.5

log = logging.getLogger(__name__)


class Teller:
    """`lost` is set once the queue says that this attempt is not wanted any more; from then on nothing is said."""

    def __init__(self, job: Job, shared: Shared, patience: float):
        self._job, self._shared, self._patience = job, shared, patience
        self._waiting: list[JobEvent] = []
        self._sending: asyncio.Task[None] | None = None
        self._heard = False
        self.lost = asyncio.Event()

    async def tell(self, *events: JobEvent) -> None:
        """Returns at once while there is room."""
        self._waiting += events
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())
        if len(self._waiting) > MOST:
            await asyncio.wait([self._sending])

    async def all_told(self) -> None:
        """Raises BusAway when Redis was away for longer than `patience` seconds."""
        if self._sending is not None:
            await self._sending

    async def _send_all(self) -> None:
        try:
            while self._waiting and not self.lost.is_set():
                events, self._waiting = self._waiting, []
                await self._send(events)
        finally:
            self._sending = None

    async def _send(self, events: Sequence[JobEvent]) -> None:
        until, waits = asyncio.get_running_loop().time() + self._patience, False
        while True:
            try:
                await (await self._shared.queue()).report(self._job, events)
                return self._first(events)
            except JobLost:
                self.lost.set()
                return None
            except BusAway as error:
                metrics.away("redis")
                if asyncio.get_running_loop().time() > until:
                    raise
                if not waits:
                    log.warning("job %s waits to be told of: %s", self._job.id, error)
                waits = True
            await asyncio.sleep(RETRY_S)

    def _first(self, events: Sequence[JobEvent]) -> None:
        if not self._heard and any(event.type == "item" for event in events):
            self._heard = True
            metrics.FIRST_ITEM.labels(self._job.kind).observe(max(0.0, time.time() - self._job.created_at))
