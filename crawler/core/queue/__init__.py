"""Crawl jobs over any number of machines: ask, follow, cancel. Workers take them by streaq tasks that each carry no job
but take the next one from a fair line in Redis, so that a waiting person always comes first and clients take turns.

Keys: `homefeed:line` (ZSET, who is next), `homefeed:jobs:<id>` (HASH, the job and its sources), `homefeed:flight:<key>`
(which job already does this), `homefeed:job:<id>` (STREAM, events, one hour), `homefeed:found:<id>` (LIST, ids in the
order they came, each once).
"""

from collections.abc import AsyncIterator, Sequence

from crawler.core.models.jobs import Job, JobEvent, JobKind, Priority, SourceInfo


class Queue:
    """What the API, the command line and the scheduler see of it. Every method raises BusAway within seconds when
    Redis does not answer."""

    def __init__(self, url: str, most: int = 1000): ...

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def submit(
        self, kind: JobKind, query: str = "", *, sources: Sequence[str] = (), args: dict[str, str] | None = None,
        priority: Priority = "person", client: str = "local", known: Sequence[str] = (),
    ) -> tuple[Job, bool]:
        """(job, joined): the job that does this now. `joined` when it was already waiting or running; a person who
        joins a recheck lifts it. `known` are ids already stored: the start of what is found, in that order.
        Raises QueueFull when `most` wait."""

    async def job(self, job_id: str) -> Job | None:
        """How it goes; None when unknown or over for more than an hour."""

    async def position(self, job_id: str) -> int | None:
        """Place in the line, 0 is next; None when not waiting."""

    async def cancel(self, job_id: str, client: str = "local") -> bool:
        """This client wants it no longer; when nobody else does, it ends as `cancelled`. False when it was over or
        unknown."""

    async def found(self, job_id: str, start: int = 0, limit: int = 100) -> list[str]:
        """Ids in the order they came."""

    async def events(self, job_id: str, after: str | None = None, limit: int = 500) -> list[JobEvent]:
        """Events after a position (from the start without one), oldest first."""

    def follow(self, job_id: str, after: str | None = None) -> AsyncIterator[list[JobEvent]]:
        """Batches of events, then new ones as they come; ends after `done`."""

    async def waiting(self) -> int:
        """How many stand in line."""

    async def tell_sources(self, sources: Sequence[SourceInfo]) -> None:
        """A worker says what it can crawl (kept while workers renew it)."""

    async def sources(self) -> list[SourceInfo]:
        """Every source some worker has told of, by name."""

    # a worker's side

    async def take(self, slot: str) -> Job | None: ...

    async def report(self, job: Job, events: Sequence[JobEvent]) -> None: ...
