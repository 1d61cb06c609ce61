"""What the routes of one API process share: the store, the change stream, the queue, the cache and the relay. Each
is reached when first asked for, so that the API starts and answers while an outside service is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from api.relay.following import Sources
from api.relay.relay import Relay
from api.relay.searches import Searches
from api.relay.snapshots import snapshots
from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.queue import Queue
from crawler.core.shared import Shared
from crawler.core.store import Store

Invalidate = Callable[[Iterable[str] | None], Awaitable[None]]  # cache tags; None: anything may have changed


async def _nothing(tags: Iterable[str] | None) -> None:
    """There is no cache."""


class House:
    def __init__(self, settings: Config):
        self.config = settings
        self.shared = Shared(settings)
        self.invalidate: Invalidate = _nothing
        self.relay = Relay(self.bus, self.shared.revive, lambda tags: self.invalidate(tags))
        self.sources = Sources(self.relay, Searches(self.queue), snapshots(self.store))
        self.closing = asyncio.Event()  # set by whoever stops the server, so that its streams end

    async def store(self) -> Store:
        return await self.shared.store()

    async def bus(self) -> Bus:
        return await self.shared.bus()

    async def queue(self) -> Queue:
        return await self.shared.queue()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        await self.shared.enter()
        await self.relay.start()
        try:
            yield
        finally:
            self.closing.set()
            self.sources.searches.close()
            await self.relay.stop()
            await self.shared.leave()


def house_of(connection: HTTPConnection) -> House:
    house: House = connection.app.state.house
    return house


TheHouse = Annotated[House, Depends(house_of)]
