"""Submits what is due: scheduled crawls and rechecks of watched products. Any number of schedulers may run; each thing
is done by one of them. While the store or Redis is away it says so once and goes on when both are back."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec
from redis.asyncio import Redis

from crawler.core.errors import BusAway, QueueFull, StoreError
from crawler.core.queue import Queue
from crawler.core.redis_client import connect
from crawler.core.shared import Shared
from crawler.core.store import Store
from crawler.core.watches import KIND, Watch
from crawler.core.watching import every, settled
from crawler.jobs.claims import Claims
from crawler.jobs.crons import Cron, due
from crawler.jobs.rechecks import jobs, turn

CLIENT = "scheduler"
LEAST_S, MOST_S = 0.05, 5.0  # pause between two looks at the clock

log = logging.getLogger(__name__)


class Scheduler:
    """`crons` and `recheck_s` say what is due, `clock` what time it is."""

    def __init__(self, shared: Shared, crons: Sequence[Cron], recheck_s: float, clock: Callable[[], float] = time.time):
        self._shared, self._crons, self._recheck_s, self._clock = shared, crons, recheck_s, clock
        self._pause = min(MOST_S, max(LEAST_S, recheck_s / 20))
        self._waits = False
        self._redis: Redis | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set."""
        try:
            while not stop.is_set():
                await self._once()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._pause)
        finally:
            await self.close()

    async def close(self) -> None:
        if self._redis:
            await self._redis.aclose()

    async def tick(self) -> None:
        """Submits what is due now. Raises BusAway, StoreError and QueueFull; what was not submitted stays due."""
        queue, store = await self._shared.queue(), await self._shared.store()
        self._redis = self._redis or connect(await self._shared.redis_url())
        claims = Claims(self._redis)
        for cron in self._crons:
            await self._crawl(queue, claims, cron)
        await self._recheck(queue, claims, store)

    async def _once(self) -> None:
        try:
            await self.tick()
        except (BusAway, StoreError, QueueFull) as error:
            if not self._waits:
                log.warning("the schedule waits: %s", error)
            self._waits = True
            if isinstance(error, BusAway):
                await self._revive()
        else:
            if self._waits:
                log.warning("the schedule goes on")
            self._waits = False

    async def _revive(self) -> None:
        try:
            await self._shared.revive()
        except BusAway as error:
            log.info("Redis can't be started again yet: %s", error)

    async def _crawl(self, queue: Queue, claims: Claims, cron: Cron) -> None:
        minute = due(cron, self._clock())
        if minute is None or not await claims.minute(cron.line, minute):
            return
        try:
            await queue.submit(
                "crawl", cron.query, sources=[cron.spider], args=cron.args, priority="scheduled", client=CLIENT
            )
        except (BusAway, QueueFull):
            await claims.give_back(cron.line, minute)
            raise

    async def _recheck(self, queue: Queue, claims: Claims, store: Store) -> None:
        watched = defaultdict[str, list[tuple[str, Watch]]](list)
        async for key, watch in every(store):
            watched[watch.retailer].append((key, watch))
        for source, watches in watched.items():
            began = turn(source, self._clock(), self._recheck_s)
            if not await claims.turn(source, began):
                continue
            try:
                await self._read_again(queue, store, source, watches)
            except (BusAway, QueueFull, StoreError):
                await claims.give_turn_back(source, began)
                raise

    async def _read_again(self, queue: Queue, store: Store, source: str, watches: list[tuple[str, Watch]]) -> None:
        known = [(key, await settled(store, queue, key, watch)) for key, watch in watches]
        records = await store.records([watch.product_id for _, watch in known if watch.product_id])
        for urls in jobs(record.product.url for record in records.values()):
            await self._submit(queue, source, urls)
        for key, watch in known:
            if watch.url and not watch.product_id:
                job_id = await self._submit(queue, source, [watch.url])
                await _remember(store, key, msgspec.structs.replace(watch, job_id=job_id))

    async def _submit(self, queue: Queue, source: str, urls: list[str]) -> str:
        job, _ = await queue.submit(
            "recheck", sources=[source], args={"url": " ".join(urls)}, priority="recheck", client=CLIENT
        )  # fmt: skip
        return job.id


async def _remember(store: Store, key: str, watch: Watch) -> None:
    """The page that gave no product is read by itself, so that what it gives can be told apart."""
    if await store.get(KIND, key) is not None:  # not deleted meanwhile
        await store.put(KIND, key, msgspec.to_builtins(watch))
