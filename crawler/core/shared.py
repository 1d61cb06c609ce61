"""What the stages of one crawl (or one app) share: a store, a lease on Redis, the change stream and the pace. Each is
opened when first asked for; the last user out closes them all."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from crawler.core import metrics
from crawler.core.breaker import Breaker, Terms
from crawler.core.bus import Bus
from crawler.core.cache.marks import Marks
from crawler.core.config import Config, config
from crawler.core.errors import BusAway, ConfigError
from crawler.core.limits import Pace
from crawler.core.once import Once
from crawler.core.optional_redis import OptionalRedis
from crawler.core.proxies.health import Health
from crawler.core.queue import Queue
from crawler.core.store import Store, open_store
from crawler.core.valkey import Lease, lease_in_thread
from crawler.core.ways.remembered import Remembered

log = logging.getLogger(__name__)

PATIENCE_S = 3.0  # a crawl waits longer for Redis than an answer may: without it, it is slower for much longer


class Shared:
    """`enter` before the first use, `leave` after the last; both once per stage."""

    def __init__(self, settings: Config, warm: bool = False):
        """`warm`: of a process that outlives its crawls and keeps house itself, so that no crawl has to."""
        self._config, self.warm = settings, warm
        self._reviving = asyncio.Lock()
        self._users = 0
        self._all = Once()

    async def enter(self) -> None:
        self._users += 1

    async def leave(self) -> None:
        self._users -= 1
        if self._users <= 0:
            await self._all.close()

    async def store(self) -> Store:
        """The opened store. Raises StoreError."""
        return await self._all.get("store", self._open_store)

    async def bus(self) -> Bus:
        """The opened change stream. Raises BusAway, also when the embedded server can't be started."""
        return await self._all.get("bus", self._open_bus)

    async def queue(self) -> Queue:
        """The opened job queue. Raises BusAway."""
        return await self._all.get("queue", self._open_queue)

    async def redis_url(self) -> str:
        """Where Redis is. Raises BusAway, also when the embedded server can't be started."""
        return (await self._lease()).url

    async def revive(self) -> None:
        """After BusAway: an embedded server that died is started again, at its address where that is still free."""
        async with self._reviving:  # the lease's own lock is between processes
            if "lease" in self._all.opened:
                await asyncio.to_thread(self._all.opened["lease"].revive)

    async def marks(self) -> Marks:
        """What tells all processes that cached answers are outdated. Raises BusAway."""
        return await self._all.get("marks", self._open_marks)

    async def proxy_health(self) -> Health:
        """Which proxy is well, as all workers know it; as this process alone does while Redis is away."""
        return await self._all.get("proxy_health", self._open_proxy_health)

    async def ways(self) -> Remembered:
        """Which way works at which site, likewise."""
        return await self._all.get("ways", self._open_ways)

    async def pace(self) -> Pace:
        """The pace and places shared by all workers; stricter and local while Redis is away."""
        return await self._all.get("pace", self._open_pace)

    async def breaker(self) -> Breaker:
        """The circuits of all sites, shared by all workers; this process's own while Redis is away."""
        return await self._all.get("breaker", self._open_breaker)

    async def _open_store(self) -> Store:
        store = open_store(self._config.store)
        await store.open()
        self._all.closing.push_async_callback(store.close)
        return store

    async def _open_bus(self) -> Bus:
        bus = Bus((await self._lease()).url)
        await bus.open()
        self._all.closing.push_async_callback(bus.close)
        return bus

    async def _open_queue(self) -> Queue:
        queue = Queue((await self._lease()).url, self._config.line)
        await queue.open()
        self._all.closing.push_async_callback(queue.close)
        return queue

    async def _open_marks(self) -> Marks:
        await self._lease()  # which is then given back after this is closed
        redis = OptionalRedis(self.redis_url)
        self._all.closing.push_async_callback(redis.close)
        return Marks(redis)

    async def _open_proxy_health(self) -> Health:
        return Health(await self._all.get("optional", self._open_optional))

    async def _open_ways(self) -> Remembered:
        return Remembered(await self._all.get("optional", self._open_optional))

    async def _open_pace(self) -> Pace:
        pace = Pace(await self._all.get("optional", self._open_optional))
        self._all.closing.push_async_callback(pace.close)
        return pace

    async def _open_breaker(self) -> Breaker:
        redis = await self._all.get("optional", self._open_optional)
        breaker = Breaker(redis, Terms(self._config.breaker_s))
        self._all.closing.push_async_callback(breaker.close)
        return breaker

    async def _open_optional(self) -> OptionalRedis | None:
        """None when there is no Redis at all: what can do without it does so until this process ends."""
        try:
            await self._lease()
        except (BusAway, ConfigError):
            return None
        redis = OptionalRedis(self.redis_url, call_s=PATIENCE_S)
        self._all.closing.push_async_callback(redis.close)
        return redis

    async def _lease(self) -> Lease:
        return await self._all.get("lease", self._open_lease)

    async def _open_lease(self) -> Lease:
        lease = await lease_in_thread(self._config)
        self._all.closing.push_async_callback(asyncio.to_thread, lease.release)
        return lease


async def outdate(shared: Shared, tags: Iterable[str]) -> None:
    """Cached answers with one of the tags are gone in all processes; while Redis is away, with the next ones."""
    try:
        await (await shared.marks()).invalidate(tags)
    except (BusAway, ConfigError) as error:  # they age by themselves
        log.warning("cached answers are outdated for minutes: %s", error)
        metrics.away("redis")


_by_owner: WeakKeyDictionary[Any, Shared] = WeakKeyDictionary()


def adopt(owner: Any, existing: Shared) -> None:
    """The stages of `owner` share what others share already."""
    _by_owner[owner] = existing


def shared(owner: Any) -> Shared:
    """What `owner` (a Scrapy crawler) shares among its stages."""
    if owner not in _by_owner:
        _by_owner[owner] = Shared(config())
    return _by_owner[owner]
