"""What a worker does beside its jobs: say that it lives, notice what was cancelled, put right what crashes left, and
bring Redis back when it was away."""

import asyncio
import gc
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping

from crawler.core import metrics
from crawler.core.errors import BusAway, HomefeedError, StoreError
from crawler.core.models.jobs import WorkerInfo
from crawler.core.outbox import sweep
from crawler.core.queue import Queue
from crawler.jobs.job_run import House, JobRun
from crawler.jobs.memory import resident_mb

RENEW_S = 0.5  # within this a cancelled job is noticed
TELL_S = 5.0
SOURCES_S = 60.0
SWEEP_S = 30.0
RETRY_S = 1.0

log = logging.getLogger(__name__)


class Chores:
    """`runs` are the jobs under way, by id."""

    def __init__(self, house: House, runs: Mapping[str, JobRun]):
        self._house, self._runs = house, runs
        self.info = WorkerInfo(f"{os.getpid():x}-{secrets.token_hex(4)}", started_at=time.time())
        self._away, self._tidied = False, 0

    async def run(self) -> None:
        """Until cancelled."""
        every = {self._renew: RENEW_S, self._tell: TELL_S, self._tidy: TELL_S, self._tell_sources: SOURCES_S,
                 self._sweep: SWEEP_S}  # fmt: skip
        async with asyncio.TaskGroup() as group:
            for chore, seconds in every.items():
                group.create_task(self._again(chore, seconds))

    async def revive(self, error: BusAway) -> None:
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

    async def farewell(self) -> None:
        """Crawls whose job is over may still wait for a last request."""
        if self._house.closing:
            await asyncio.wait(self._house.closing, timeout=1.0)
        try:
            await (await self._house.shared.queue()).forget_worker(self.info.id)
        except BusAway as error:
            log.info("forgotten by itself in half a minute: %s", error)

    async def _again(self, chore: Callable[[Queue], Awaitable[None]], seconds: float) -> None:
        while True:
            try:
                await chore(await self._house.shared.queue())
            except BusAway as error:
                await self.revive(error)
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
        self._away = False  # said here, because not every chore asks Redis

    async def _tidy(self, queue: Queue) -> None:
        """A crawl is one heap of cycles, which the collector, set for few looks, would leave for long."""
        if self._tidied != self._house.crawls:
            self._tidied = self._house.crawls
            gc.collect()

    async def _tell_sources(self, queue: Queue) -> None:
        await queue.tell_sources(list(self._house.sources.values()))

    async def _sweep(self, queue: Queue) -> None:
        """Changes that a crash or an absent Redis left in the outbox."""
        await sweep(await self._house.shared.store(), await self._house.shared.bus())
