"""Stage 400: read the previous record, decide, and write product, candidate and outbox by one compare-and-set."""

import time

from scrapy.crawler import Crawler

from crawler.core.changes import decide, digest
from crawler.core.models import Page, Product, Record
from crawler.core.shared import shared
from crawler.core.store import Store

TRIES = 8


class StorePipeline:
    store: Store

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        return cls(crawler)

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()
        self.store = await shared(self.crawler).store()

    async def close_spider(self) -> None:
        await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        if page.products:
            written, lost = await keep(self.store, page.products, page.fetched_at or time.time())
            page.written = written
            page.candidates = [r.product.id for r in written if r.candidates]
            if lost:
                self.crawler.stats.inc_value("homefeed/store/contended", len(lost))
        if page.designs:
            await self.store.write_designs(page.designs + page.regrouped)
        return page


async def keep(store: Store, readings: list[Product], at: float) -> tuple[list[Record], list[str]]:
    """(records written, ids still contended after all tries). An unchanged reading costs a look-up and a touch."""
    marks = {p.id: digest(p) for p in readings}
    seen = await store.seen(list(marks))
    left = {p.id: p for p in readings if p.id not in seen or seen[p.id].digest != marks[p.id]}
    same = [i for i in marks if i not in left]
    stored, written = set(seen), list[Record]()
    for _ in range(TRIES):
        if not left:
            break
        known = await store.records([i for i in left if i in stored])
        decided = [decide(known.get(i), p, at, marks[i]) for i, p in left.items()]
        fresh = [r for r in decided if r.product.id not in known or r.rev > known[r.product.id].rev]
        moved = await store.write(fresh) if fresh else set()
        same += left.keys() - {r.product.id for r in fresh}
        written += [r for r in fresh if r.product.id not in moved]
        left, stored = {i: left[i] for i in moved}, stored | moved
    if same:
        await store.touch(same, at)
    return written, list(left)
