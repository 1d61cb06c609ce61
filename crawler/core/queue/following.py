"""The events of one job, read once or followed to their end."""

from collections.abc import AsyncIterator

from crawler.core.models.jobs import JobEvent
from crawler.core.positions import check
from crawler.core.queue.asking import Asking
from crawler.core.queue.records import read_event

WAKE_MS = 2_000
AT_ONCE = 500


class Following(Asking):
    async def events(self, job_id: str, after: str | None = None, limit: int = AT_ONCE) -> list[JobEvent]:
        """Events after a position (from the start without one), oldest first. Raises InputError for no position."""
        start = "-" if after is None else f"({check(after)}"
        entries = await self._ask("xrange", f"homefeed:job:{job_id}", start, "+", count=max(1, limit))
        return [read_event(*entry) for entry in entries]

    async def follow(self, job_id: str, after: str | None = None) -> AsyncIterator[list[JobEvent]]:
        """Batches of events, then new ones as they come; ends after `done`. A job that is unknown, or whose record was
        lost, ends as failed."""
        while True:
            batch = await self.events(job_id, after)
            if not batch:
                job = await self.job(job_id)
                if job is None:
                    yield [JobEvent("done", state="failed", reason="no such job is known")]
                    return
                batch = await (self.events(job_id, after) if job.over else self._wait(job_id, after))
                if job.over and not batch:
                    return
            if batch:
                yield batch
                if batch[-1].type == "done":
                    return
                after = batch[-1].position

    async def _wait(self, job_id: str, after: str | None) -> list[JobEvent]:
        """What comes within WAKE_MS."""
        stream = f"homefeed:job:{job_id}"
        found = await self._ask("xread", {stream: after or "0-0"}, count=AT_ONCE, block=WAKE_MS)
        return [read_event(*entry) for entry in _entries(found)]


def _entries(found: object) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """The entries of the one stream that was read; redis-py nests them a list deeper in RESP3."""
    if not isinstance(found, dict) or not found:
        return []
    [[entries]] = found.values()
    return list(entries)
