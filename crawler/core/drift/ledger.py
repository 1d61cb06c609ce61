"""The sites of one run, each with its watch: loaded when the first page of a site comes, kept when the run is over."""

import asyncio
import time
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from crawler.core.drift.alarms import sound
from crawler.core.drift.memory import HOME, KIND, LEVELS, STANDING, Alarm, Memory, State, key, site
from crawler.core.drift.report import Report
from crawler.core.drift.state import merged
from crawler.core.drift.watch import Finding, Watch
from crawler.core.models import Page
from crawler.core.shared import Shared, shared
from crawler.core.store import Store
from crawler.core.tasks import cancelled


class Revision(msgspec.Struct):
    """As much of a Memory as tells whether another run wrote meanwhile."""

    rev: int = 0


class Ledger:
    def __init__(self, sharing: Shared):
        self._shared = sharing
        self._watches: dict[str, Watch] = {}
        self._homes: dict[str, str] = {}
        self._expected: dict[str, asyncio.Task[Watch]] = {}
        self._loading = asyncio.Lock()
        self.report = Report()

    def expect(self, source: str, url: str) -> None:
        """Reads what is remembered of the site of an address while its first page is under way."""
        where = site(url)
        self._expected[where] = asyncio.create_task(self._read(source, where))

    async def look(self, page: Page, at: float) -> Finding:
        """Raises StoreError when what is remembered of the site can't be read."""
        where = await self._site(page)
        watch = self._watches.get(where) or await self._load(page.source, where)
        finding = watch.look(page, at, await self._published(watch.wild(page)))
        self.report.add(finding)
        if finding.alarm:
            await self._sound(watch, finding.alarm)
        return finding

    async def close(self) -> None:
        """The run is over: what it learned is kept. Raises StoreError."""
        unused = self._expected.values()
        await cancelled(*unused)
        await asyncio.gather(*unused, return_exceptions=True)  # what nobody needed failed nobody
        for watch in self._watches.values():
            alarm = watch.end(time.time())
            await self._save(watch)
            if alarm:
                await sound(self._shared, alarm)

    @property
    def state(self) -> State:
        """Of the worst site."""
        return max((watch.memory.state for watch in self._watches.values()), key=LEVELS.index, default="healthy")

    @property
    def reasons(self) -> list[str]:
        return [reason for watch in self._watches.values() for reason in watch.memory.reasons]

    async def _published(self, ids: list[str]) -> dict[str, int | None]:
        """Prices, which are not always those that were seen last."""
        records = await (await self._shared.store()).records(ids) if ids else {}
        return {i: record.product.offer.price for i, record in records.items() if record.product.offer}

    async def _site(self, page: Page) -> str:
        """That of the goods on the page. An API may live elsewhere than the goods it tells of; where it tells of none,
        it belongs to those it told of before."""
        here = site(page.url)
        there = next((site(product.url) for product in page.products if product.url), "")
        if here == there or (not there and here in self._watches):
            return here
        if there and self._homes.get(here) != there:
            await (await self._shared.store()).put(HOME, key(page.source, here), there)
            self._homes[here] = there
        elif here not in self._homes:
            self._homes[here] = await (await self._shared.store()).get(HOME, key(page.source, here)) or here
        return there or self._homes[here]

    async def _load(self, source: str, where: str) -> Watch:
        async with self._loading:
            if where not in self._watches:
                expected = self._expected.pop(where, None)
                self._watches[where] = await (expected or self._read(source, where))
        return self._watches[where]

    async def _read(self, source: str, where: str) -> Watch:
        found = await (await self._shared.store()).get(KIND, key(source, where), of=Memory)
        return Watch(found or Memory(source, where))

    async def _sound(self, watch: Watch, alarm: Alarm) -> None:
        """At once, so that other runs hold the site too."""
        await self._save(watch)
        await sound(self._shared, alarm)

    async def _save(self, watch: Watch) -> None:
        store = await self._shared.store()
        stored = await store.get(KIND, watch.memory.key, of=Revision)
        theirs = await store.get(KIND, watch.memory.key, of=Memory) if stored and stored.rev != watch.rev else None
        if theirs:
            watch.memory = merged(watch.memory, theirs)
        await save(store, watch.memory)
        watch.rev = watch.memory.rev


async def save(store: Store, memory: Memory) -> None:
    """The memory of a site, and its standing for as long as it is not healthy."""
    memory.rev += 1
    await store.put(KIND, memory.key, memory)
    if memory.state == "healthy":
        await store.delete(STANDING, memory.key)
    else:
        await store.put(STANDING, memory.key, standing(memory))


def standing(memory: Memory) -> Alarm:
    return Alarm(memory.source, memory.site, memory.state, "healthy", memory.reasons, memory.since)


_by_owner: WeakKeyDictionary[Any, Ledger] = WeakKeyDictionary()


def ledger(owner: Any) -> Ledger:
    """Of the run of `owner` (a Scrapy crawler)."""
    if owner not in _by_owner:
        _by_owner[owner] = Ledger(shared(owner))
    return _by_owner[owner]
