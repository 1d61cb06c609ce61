"""Stage 200: designs that show one picture become a group with one that stands for them. Nothing is deleted."""

import asyncio
import time
from collections import OrderedDict

import msgspec
from scrapy.crawler import Crawler

from crawler.core.config import config
from crawler.core.models import Design, Page
from crawler.core.pictures.duplicates import FAR, alike, group
from crawler.core.pictures.phash import HashIndex
from crawler.core.shared import shared
from crawler.core.store import Store

AGE = 600.0  # seconds after which hashes that other processes stored are loaded too
KEPT = 4_096  # newest designs kept whole, because they may not be stored yet
NEAREST = 16  # candidates looked at per design


class Known:
    """Every stored hash, shared by all crawls of this process, and the newest designs whole."""

    def __init__(self) -> None:
        self.index = HashIndex()
        self.newest: OrderedDict[str, Design] = OrderedDict()
        self._loaded: float | None = None
        self._lock = asyncio.Lock()

    async def load(self, store: Store) -> None:
        async with self._lock:
            if self._loaded is not None and time.monotonic() - self._loaded < AGE:
                return
            index = await asyncio.to_thread(HashIndex, await store.hashes())
            self.index, self._loaded = index, time.monotonic()
            self.add(list(self.newest.values()))

    def add(self, designs: list[Design]) -> None:
        for design in designs:
            if design.phash:
                self.index.add(design.id, design.phash)
            self.newest[design.id] = design
            self.newest.move_to_end(design.id)
        while len(self.newest) > KEPT:
            self.newest.popitem(last=False)

    async def near(self, designs: list[Design]) -> dict[str, list[tuple[str, int]]]:
        """(id, bits apart) of what may be the same picture, for each design."""
        hashed = [(d.id, d.phash) for d in designs if d.phash]
        found = await asyncio.to_thread(lambda: {i: self.index.near(h, FAR, NEAREST) for i, h in hashed})
        return {i: [pair for pair in pairs if pair[0] != i] for i, pairs in found.items()}


_known: dict[str, Known] = {}


class DedupePipeline:
    def __init__(self, crawler: Crawler, known: Known):
        self.crawler, self.known = crawler, known

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DedupePipeline":
        return cls(crawler, _known.setdefault(config().store, Known()))

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()

    async def close_spider(self) -> None:
        await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        if page.designs:
            store = await shared(self.crawler).store()
            await self.known.load(store)
            self.known.add(page.designs)
            page.regrouped = await self._group(page.designs, store)
            self.known.add(page.regrouped)
        return page

    async def _group(self, designs: list[Design], store: Store) -> list[Design]:
        """Groups the designs of one page; returns stored ones whose group moved."""
        near = await self.known.near(designs)
        known = await self._whole({i for pairs in near.values() for i, _ in pairs}, store)
        heads = {d.group for d in [*known.values(), *designs] if d.group}
        known |= await self._whole(heads - known.keys(), store)
        moved: dict[str, Design] = {}
        mine = {d.id for d in designs}
        for design in designs:
            for member, name in group(family(design, near.get(design.id, []), known)):
                if member.group == name:
                    continue
                if member.id in mine:
                    member.group = name
                else:
                    known[member.id] = moved[member.id] = msgspec.structs.replace(member, group=name)
        self._count(designs)
        return list(moved.values())

    async def _whole(self, ids: set[str], store: Store) -> dict[str, Design]:
        found = {i: self.known.newest[i] for i in ids if i in self.known.newest}
        missing = ids - found.keys()
        return found | (await store.designs(sorted(missing)) if missing else {})

    def _count(self, designs: list[Design]) -> None:
        self.crawler.stats.inc_value("homefeed/duplicates", sum(d.group is not None for d in designs))


def family(design: Design, near: list[tuple[str, int]], known: dict[str, Design]) -> list[Design]:
    """The design, those that show its picture, and those that stand for them."""
    twins = [known[i] for i, bits in near if i in known and alike(design, known[i], bits)]
    heads = [known[d.group] for d in [design, *twins] if d.group in known]
    return list({d.id: d for d in [*heads, *twins, design]}.values())
