"""What the routes of one API process share: the store, the change stream, the queue, the cache and the relay. Each
is reached when first asked for, so that the API starts and answers while an outside service is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.queue import Queue
from crawler.core.shared import Shared
from crawler.core.store import Store


class House:
    def __init__(self, settings: Config):
        self.config = settings
        self.shared = Shared(settings)
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
        try:
            yield
        finally:
            self.closing.set()
            await self.shared.leave()


def house_of(connection: HTTPConnection) -> House:
    house: House = connection.app.state.house
    return house


TheHouse = Annotated[House, Depends(house_of)]
