"""The events of one job, read once or followed to their end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from crawler.core.models.jobs import JobEvent
from crawler.core.positions import check
from crawler.core.queue.asking import Asking
from crawler.core.queue.records import read_event
from crawler.core.queue.wakes import Wakes

WAKE_S = 2.0  # followers look by themselves this often, since a message may be lost
AT_ONCE = 500


class Following(Asking):
    def __init__(self, url: str, most: int = 1000):
        super().__init__(url, most)
        self._wakes = Wakes(self._redis)

    async def close(self) -> None:
        await self._wakes.close()
        await super().close()

    async def events(self, job_id: str, after: str | None = None, limit: int = AT_ONCE) -> list[JobEvent]:
        """Events after a position (from the start without one), oldest first. Raises InputError for no position."""
        start = "-" if after is None else f"({check(after)}"
        entries = await self._ask("xrange", f"homefeed:job:{job_id}", start, "+", count=max(1, limit))
        return [read_event(*entry) for entry in entries]

    async def follow(self, job_id: str, after: str | None = None) -> AsyncIterator[list[JobEvent]]:
        """Batches of events, then new ones as they come; ends after `done`. A job that is unknown, or whose record was
        lost, ends as failed."""
        with self._wakes.follower(job_id) as news:
            while True:
                await self._wakes.listen()
                news.clear()
                batch = await self.events(job_id, after)
                job = None if batch else await self.job(job_id)
                if job and job.over:  # perhaps since we read
                    batch = await self.events(job_id, after)
                if batch:
                    yield batch
                    if batch[-1].type == "done":
                        return
                    after = batch[-1].position
                elif job is None:
                    yield [JobEvent("done", state="failed", reason="no such job is known")]
                    return
                elif job.over:
                    return
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(news.wait(), WAKE_S)
