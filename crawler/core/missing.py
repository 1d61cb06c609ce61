"""The product pages that one crawl did not find, and when that is believed of the products."""

import time

from crawler.core.absence import missed
from crawler.core.models import Page, Record
from crawler.core.store import Store

TRIES = 8
ASKED = "asked"  # kind of small documents: the product whose page stands at an address that its record does not name
KEPT_S = 90 * 24 * 3600.0


class Misses:
    """A shop that finds hardly any page it is asked for is broken, not sold out: misses of one crawl are kept back
    until it has read as many `ok` pages as it missed addresses. A crawl of one page has nothing to compare it with."""

    def __init__(self, store: Store):
        self._store, self._ok = store, 0
        self._addresses: set[str] = set()
        self._waiting: list[tuple[str, float, str]] = []

    async def ok(self, page: Page, urls: list[str]) -> None:
        """A page that was read, and its addresses as for `add`. Raises StoreError."""
        self._ok += 1
        own = page.products[0] if len(page.products) == 1 and page.products[0].evidence.depth == "page" else None
        if own and own.url not in urls and await self._store.get(ASKED, urls[0]) != own.id:
            await self._store.put(ASKED, urls[0], own.id, ttl=KEPT_S)

    async def add(self, page: Page, urls: list[str]) -> None:
        """`urls`: addresses under which the page may be known; by the first it was asked for. Names its product for a
        look by another way, once. Raises StoreError."""
        known = await self._known(urls)
        page.candidates = [] if page.address in self._addresses else known
        self._addresses.add(page.address)
        self._waiting += [(product_id, page.fetched_at or time.time(), page.way) for product_id in known]

    async def believed(self, over: bool = False) -> list[Record]:
        """What was written of the misses that may be believed by now; `over` when the crawl is."""
        if len(self._addresses) > self._ok and not (over and len(self._addresses) == 1):
            return []
        waiting, self._waiting = self._waiting, []
        return [record for miss in waiting for record in await self._miss(*miss)]

    async def _known(self, urls: list[str]) -> list[str]:
        """The product whose page it is, if that is known."""
        found = await self._store.by_url(urls)
        asked = None if found else await self._store.get(ASKED, urls[0])
        return [found[url] for url in urls if url in found][:1] or ([asked] if asked else [])

    async def _miss(self, product_id: str, at: float, way: str) -> list[Record]:
        """The record that was written, if one had to be. Raises StoreError."""
        for _ in range(TRIES):
            record = (await self._store.records([product_id]))[product_id]
            after = missed(record, at, way)
            if after is record:
                break
            if not await self._store.write([after]):
                return [after]
        return []
