"""One opened store and one bus per crawl (or per app), however many stages use them: first user opens, last one
closes."""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from crawler.core.config import Config, config
from crawler.core.store import Store, open_store


class Shared:
    def __init__(self, settings: Config):
        self._config = settings
        self._lock = asyncio.Lock()
        self._store: Store | None = None
        self._users = 0

    async def store(self) -> Store:
        """The opened store; each call is one user and is matched by one `release`."""
        async with self._lock:
            if self._store is None:
                store = open_store(self._config.store)
                await store.open()
                self._store = store
            self._users += 1
            return self._store

    async def release(self) -> None:
        async with self._lock:
            self._users -= 1
            if self._users == 0 and self._store is not None:
                await self._store.close()
                self._store = None


_by_owner: WeakKeyDictionary[Any, Shared] = WeakKeyDictionary()


def shared(owner: Any) -> Shared:
    """What `owner` (a Scrapy crawler) shares among its stages."""
    if owner not in _by_owner:
        _by_owner[owner] = Shared(config())
    return _by_owner[owner]
