"""The jobs a worker does now, and what it must do beside them: say that it lives, notice what was cancelled, put right
what crashes left, and come back when Redis was away."""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable

from crawler.core import metrics
from crawler.core.errors import BusAway, HomefeedError, StoreError
from crawler.core.models.jobs import Job, WorkerInfo
from crawler.core.outbox import sweep
from crawler.core.queue import Queue
from crawler.jobs.job_run import House, JobRun, Outcome
from crawler.jobs.memory import resident_mb
from crawler.jobs.slots import Slots

RENEW_S = 0.5  # within this a cancelled job is noticed
TELL_S = 5.0
SOURCES_S = 60.0
SWEEP_S = 30.0
RETRY_S = 1.0
DRAIN_S = 15.0  # what runs is then left to another worker; `homefeed up` waits 20 s for a worker

log = logging.getLogger(__name__)


class Crew:
    """`run` until `drain`; a recycled worker drains itself."""

    def __init__(self, house: House):
        self._house = house
        self.info = WorkerInfo(f"{os.getpid():x}-{secrets.token_hex(4)}", started_at=time.time())
        self._runs: dict[str, JobRun] = {}
        self._slots: Slots | None = None
        self._draining = asyncio.Event()
        self._away = False

    def drain(self, why: str) -> None:
        """No new job; what runs may end within DRAIN_S."""
        if self._draining.is_set():
            return
        log.info("worker %s drains: %s", self.info.id, why)
        self._draining.set()
        if self._slots:
            self._slots.drain()

    async def run(self) -> None:
        """Returns once drained. Errors that are nobody's absence end the worker."""
        async with asyncio.TaskGroup() as group:
            every = {self._renew: RENEW_S, self._tell: TELL_S, self._tell_sources: SOURCES_S, self._sweep: SWEEP_S}
            chores = [group.create_task(self._again(chore, seconds)) for chore, seconds in every.items()]
            chores.append(group.create_task(self._leave_late()))
            await self._take_jobs()
            for chore in chores:
                chore.cancel()
        await self._close()

    # jobs

    async def _take_jobs(self) -> None:
        while not self._draining.is_set():
            try:
                url = await self._house.shared.redis_url()
                if self._draining.is_set():
                    return
                self._slots = Slots(url, self._house.config.worker_jobs, self.info.id, self._work)
                await self._slots.run()
            except BusAway as error:
                await self._revive(error)

    async def _work(self, token: str) -> bool:
        """The next job of the line, done; False when its token must come again elsewhere."""
        try:
            job = await (await self._house.shared.queue()).take(token)
        except BusAway as error:
            log.warning("a job could not be taken: %s", error)
            return False
        if job is None:
            return True
        outcome = await self._run(job)
        metrics.job(job.kind, outcome)
        self._recycle()
        return outcome != "left"

    async def _run(self, job: Job) -> Outcome:
        run = self._runs[job.id] = JobRun(job, self._house)
        try:
            return await run.run()
        except BusAway as error:
            log.warning("job %s could not be told of: %s", job.id, error)
            return "left"
        finally:
            if self._runs.get(job.id) is run:  # else a later attempt runs here too
                del self._runs[job.id]

    def _recycle(self) -> None:
        config, memory = self._house.config, resident_mb()
        if self._house.crawls >= config.worker_crawls:
            self._retire("crawls", f"{self._house.crawls} crawls")
        elif memory >= config.worker_mb:
            self._retire("memory", f"{memory:.0f} MB")

    def _retire(self, reason: str, why: str) -> None:
        if not self._draining.is_set():
            metrics.RECYCLED.labels(reason).inc()
            self.drain(why)

    # chores

    async def _again(self, chore: Callable[[Queue], Awaitable[None]], seconds: float) -> None:
        while True:
            try:
                await chore(await self._house.shared.queue())
                self._away = False
            except BusAway as error:
                await self._revive(error)
            except StoreError as error:
                log.warning("changes wait in the outbox: %s", error)
                metrics.away("store")
            await asyncio.sleep(seconds)

    async def _renew(self, queue: Queue) -> None:
        runs = list(self._runs.values())
        gone = await queue.renew([run.job for run in runs])
        for run in runs:
            if run.job.id in gone:
                run.lose()

    async def _tell(self, queue: Queue) -> None:
        self.info.jobs, self.info.crawls, self.info.rss_mb = len(self._runs), self._house.crawls, resident_mb()
        await queue.tell_worker(self.info)
        metrics.MEMORY.set(self.info.rss_mb)
        metrics.WAITING.set(await queue.tend())

    async def _tell_sources(self, queue: Queue) -> None:
        await queue.tell_sources(list(self._house.sources.values()))

    async def _sweep(self, queue: Queue) -> None:
        """Changes that a crash or an absent Redis left in the outbox."""
        await sweep(await self._house.shared.store(), await self._house.shared.bus())

    async def _leave_late(self) -> None:
        await self._draining.wait()
        await asyncio.sleep(DRAIN_S)
        for run in self._runs.values():
            run.leave()

    async def _revive(self, error: BusAway) -> None:
        """Redis is away: an embedded one is started again, any other waited for."""
        if not self._away:
            log.warning("no jobs come: %s", error)
            metrics.away("redis")
        self._away = True
        await asyncio.sleep(RETRY_S)
        try:
            await self._house.shared.revive()
        except HomefeedError as failure:
            log.warning("it can't be started again: %s", failure)

    async def _close(self) -> None:
        """Crawls whose job is over may still wait for a last request."""
        if self._house.closing:
            await asyncio.wait(self._house.closing, timeout=1.0)
        try:
            await (await self._house.shared.queue()).forget_worker(self.info.id)
        except BusAway as error:
            log.info("forgotten by itself in half a minute: %s", error)
