"""What the routes of one API process share: the store, the change stream, the queue, the cache and the relay. Each
is reached when first asked for, so that the API starts and answers while an outside service is away."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from api.front.ready import Ready, unpack
from api.front.tickets import Tickets
from api.relay.following import Sources
from api.relay.relay import Relay
from api.relay.searches import Searches
from api.relay.snapshots import snapshots
from crawler.core.bus import Bus
from crawler.core.cache import Cache
from crawler.core.config import Config
from crawler.core.optional_redis import OptionalRedis
from crawler.core.queue import Queue
from crawler.core.shared import Shared
from crawler.core.store import Store


class House:
    def __init__(self, settings: Config):
        self.config = settings
        self.shared = Shared(settings)
        self.redis = OptionalRedis(self.shared.redis_url)
        self.cache: Cache[Ready] = Cache(self.redis, unpack)
        self.tickets = Tickets(self.redis)
        self._listens = False
        self.relay = Relay(self.bus, self.shared.revive, self.invalidate)
        self.sources = Sources(self.relay, Searches(self.queue), snapshots(self.store))
        self.closing = asyncio.Event()  # set by whoever stops the server, so that its streams end

    async def store(self) -> Store:
        return await self.shared.store()

    async def bus(self) -> Bus:
        return await self.shared.bus()

    async def queue(self) -> Queue:
        return await self.shared.queue()

    async def invalidate(self, tags: Iterable[str] | None) -> None:
        """Cached answers with one of the tags are gone; all of them for None, and the first time: nobody knows what
        changed before this process listened."""
        if tags is None or not self._listens:
            await self.cache.clear()
        else:
            await self.cache.invalidate(tags)
        self._listens = True

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        await self.shared.enter()
        self.cache.start()
        await self.relay.start()
        try:
            yield
        finally:
            self.closing.set()
            self.sources.searches.close()
            await self.relay.stop()
            await self.cache.close()
            await self.redis.close()
            await self.shared.leave()


def house_of(connection: HTTPConnection) -> House:
    house: House = connection.app.state.house
    return house


TheHouse = Annotated[House, Depends(house_of)]
