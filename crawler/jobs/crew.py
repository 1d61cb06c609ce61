"""The jobs a worker does: taken from the line as slots are free, until it is drained or has done enough."""

import asyncio
import logging

from crawler.core import metrics
from crawler.core.errors import BusAway
from crawler.core.models.jobs import Job
from crawler.jobs.chores import Chores
from crawler.jobs.job_run import House, JobRun, Outcome
from crawler.jobs.memory import resident_mb
from crawler.jobs.slots import Slots

DRAIN_S = 15.0  # what runs is then left to another worker; `homefeed up` waits twice as long

log = logging.getLogger(__name__)


class Crew:
    """`run` until `drain`; a recycled worker drains itself."""

    def __init__(self, house: House):
        self._house = house
        self._runs: dict[str, JobRun] = {}
        self._chores = Chores(house, self._runs)
        self._slots: Slots | None = None
        self._draining = asyncio.Event()

    def drain(self, why: str) -> None:
        """No new job; what runs may end within DRAIN_S."""
        if self._draining.is_set():
            return
        log.info("worker %s drains: %s", self._chores.info.id, why)
        self._draining.set()
        if self._slots:
            self._slots.drain()

    async def run(self) -> None:
        """Returns once drained. Errors that are nobody's absence end the worker."""
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(self._chores.run()), group.create_task(self._leave_late())]
            await self._take_jobs()
            for task in beside:
                task.cancel()
        await self._chores.farewell()

    async def _take_jobs(self) -> None:
        while not self._draining.is_set():
            try:
                url = await self._house.shared.redis_url()
                if self._draining.is_set():
                    return
                self._slots = Slots(url, self._house.config.worker_jobs, self._chores.info.id, self._work)
                await self._slots.run()
            except BusAway as error:
                await self._chores.revive(error)

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
        """This process has done enough: a fresh one takes its place."""
        config, memory = self._house.config, resident_mb()
        if self._house.crawls >= config.worker_crawls:
            self._retire("crawls", f"{self._house.crawls} crawls")
        elif memory >= config.worker_mb:
            self._retire("memory", f"{memory:.0f} MB")

    def _retire(self, reason: str, why: str) -> None:
        if not self._draining.is_set():
            metrics.RECYCLED.labels(reason).inc()
            self.drain(why)

    async def _leave_late(self) -> None:
        await self._draining.wait()
        await asyncio.sleep(DRAIN_S)
        for run in self._runs.values():
            run.leave()
