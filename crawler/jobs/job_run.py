"""One attempt at one job: all its sources at once, until they have said all or its time is up."""

import asyncio
import logging
import time
from typing import Literal

import msgspec
from scrapy.crawler import AsyncCrawlerRunner

from crawler.core import metrics
from crawler.core.cache import tags
from crawler.core.config import Config
from crawler.core.errors import InputError, StoreError
from crawler.core.models.jobs import Job, JobEvent, JobState, SourceInfo, SourceStatus
from crawler.core.searches import remember
from crawler.core.shared import Shared, outdate
from crawler.jobs.source_crawl import SourceCrawl
from crawler.jobs.sources import SINGLE, Spiders, arguments, asked
from crawler.jobs.telling import Teller

LONG_S = 3_600.0  # limit of crawls that no person waits for

Outcome = Literal["done", "failed", "lost", "left"]

log = logging.getLogger(__name__)


class House(msgspec.Struct):
    """What all jobs of a worker use. `closing` are crawls whose job is over but whose last request is not."""

    config: Config
    shared: Shared
    runner: AsyncCrawlerRunner
    spiders: Spiders
    sources: dict[str, SourceInfo]
    closing: set["asyncio.Task[None]"] = msgspec.field(default_factory=set)
    crawls: int = 0

    def close_later(self, crawl: SourceCrawl) -> None:
        task = asyncio.create_task(crawl.close())
        self.closing.add(task)
        task.add_done_callback(self.closing.discard)


class JobRun:
    """`lose` when nobody wants this attempt any more, `leave` when this process must end and another one goes on."""

    def __init__(self, job: Job, house: House):
        self.job, self._house = job, house
        self._limit = job.source_s or (LONG_S if job.kind in SINGLE else house.config.search_s)
        self._teller = Teller(job, house.shared, self._limit)
        self._left = asyncio.Event()
        self._crawls: dict[asyncio.Task[None], SourceCrawl] = {}

    def lose(self) -> None:
        self._teller.lost.set()

    def leave(self) -> None:
        self._left.set()

    async def run(self) -> Outcome:
        """How it ended; "left" when its rest is for another worker. Raises BusAway when Redis was away for longer than
        the job may take."""
        try:
            self._start(asked(self.job, self._house.sources), arguments(self.job, self._house.config.details))
        except InputError as error:
            return await self._finish("failed", str(error))
        await self._wait()
        left = self._running()
        for crawl in left:
            if not self._left.is_set():
                await crawl.cut(*self._why_cut())
            self._house.close_later(crawl)
        if self._left.is_set() and left:
            await self._teller.all_told()
            return "left"
        return await self._conclude()

    def _start(self, names: list[str], args: dict[str, str]) -> None:
        """Except for sources that an earlier attempt, whose worker died, heard to the end."""
        house = self._house
        for name in names:
            if name in self.job.progress and self.job.progress[name].over:
                continue
            crawl = SourceCrawl(house.runner, house.spiders[name], args, house.shared, self._teller)
            crawl.crawler.settings.set("DEADLINE", time.monotonic() + self._limit)
            self._crawls[asyncio.create_task(crawl.run())] = crawl
            house.crawls += 1

    def _running(self) -> list[SourceCrawl]:
        return [crawl for task, crawl in self._crawls.items() if not task.done()]

    async def _wait(self) -> None:
        """Until every source has said all, the time is up, or somebody stops it."""
        if not self._crawls:
            return
        all_over = asyncio.gather(*self._crawls)
        stops = [asyncio.create_task(event.wait()) for event in (self._teller.lost, self._left)]
        await asyncio.wait([all_over, *stops], timeout=self._limit, return_when=asyncio.FIRST_COMPLETED)
        for stop in stops:
            stop.cancel()

    def _why_cut(self) -> tuple[SourceStatus, str]:
        if self._teller.lost.is_set():
            return "cancelled", "nobody waits for it any longer"
        return "timeout", f"no end within {self._limit:g} s"

    async def _conclude(self) -> Outcome:
        progress = self.job.progress | {crawl.progress.name: crawl.progress for crawl in self._crawls.values()}
        self.job.progress, self.job.finished_at = progress, time.time()
        silent = [p for p in progress.values() if p.status in ("error", "timeout") and not p.count]
        if self.job.kind not in SINGLE and not self._teller.lost.is_set():
            await self._remember()
        if len(silent) < len(progress):
            return await self._finish("done")
        return await self._finish("failed", "; ".join(f"{p.name}: {p.status}, {p.reason}" for p in silent)[:500])

    async def _remember(self) -> None:
        try:
            await remember(await self._house.shared.store(), self.job)
        except StoreError as error:  # the search stands; only the next one will not know that it was made
            log.warning("the age of this search is not kept: %s", error)
            metrics.away("store")
        await outdate(self._house.shared, [tags.query(self.job.query)])

    async def _finish(self, state: JobState, reason: str = "") -> Outcome:
        await self._teller.tell(JobEvent("done", state=state, reason=reason))
        await self._teller.all_told()
        if self._teller.lost.is_set():
            return "lost"
        return "done" if state == "done" else "failed"
