"""Stage 400: read the previous record, decide, and write product, candidate and outbox by one compare-and-set.
Pages that come while the store is busy are kept together."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from scrapy.crawler import Crawler

from crawler.core.batches import Batches
from crawler.core.cache import tags
from crawler.core.changes import decide, digest
from crawler.core.models import Page, Product, Record
from crawler.core.shared import outdate, shared
from crawler.core.store import Store

TRIES = 8


class Sight(NamedTuple):
    """One reading on its way into the store; `mark` is its digest."""

    product: Product
    at: float
    mark: str


class StorePipeline:
    store: Store
    batches: Batches[Page, None]

    def __init__(self, crawler: Crawler):
        self.crawler, self.wrote_designs = crawler, False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        return cls(crawler)

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()
        self.store = await shared(self.crawler).store()
        self.batches = Batches(self._keep)

    async def close_spider(self) -> None:
        try:
            if self.wrote_designs:
                await outdate(shared(self.crawler), [tags.DESIGNS])
        finally:
            await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        if page.products:
            await self.batches.add(page)
        if page.designs or page.regrouped:
            self.wrote_designs = True
            await self.store.write_designs([*page.designs, *page.regrouped])
        return page

    async def _keep(self, pages: Sequence[Page]) -> list[None]:
        lost = await keep(self.store, pages)
        if lost:
            self.crawler.stats.inc_value("homefeed/store/contended", lost)
        return [None] * len(pages)


async def keep(store: Store, pages: Sequence[Page]) -> int:
    """Every product of the pages decided and written; each page gets its `written` records and `candidates`. A product
    that stands on several pages is decided page by page. Returns how many were still contended after all tries."""
    left, home = [], {}
    for page in pages:
        page.written, at = [], page.fetched_at or time.time()
        for product in list(page.products):
            mark = _mark(page, product)
            if mark:
                left.append(Sight(product, at, mark))
                home[id(product)] = page
    for _ in range(TRIES + len(pages)):
        if not left:
            break
        written, left = await _round(store, left)
        for sight, record in written:
            home[id(sight.product)].written.append(record)
    for page in pages:
        page.candidates = [r.product.id for r in page.written if r.candidates]
    return len(left)


async def _round(store: Store, sights: list[Sight]) -> tuple[list[tuple[Sight, Record]], list[Sight]]:
    """(what was written, what is to be decided anew): the first sight of each product, once."""
    turn: dict[str, Sight] = {}
    left = [s for s in sights if turn.setdefault(s.product.id, s) is not s]
    seen = await store.seen(list(turn))
    moved = [i for i, s in turn.items() if i not in seen or seen[i].digest != s.mark]
    known = await store.records([i for i in moved if i in seen]) if seen and moved else {}
    decided = {i: decide(known.get(i), turn[i].product, turn[i].at, turn[i].mark) for i in moved}
    fresh = {i: r for i, r in decided.items() if i not in known or r.rev > known[i].rev}
    again = await store.write(list(fresh.values())) if fresh else set()
    same: dict[float, list[str]] = {}
    for product_id in turn.keys() - fresh.keys():
        same.setdefault(turn[product_id].at, []).append(product_id)
    for at, ids in same.items():
        await store.touch(ids, at)
    written = [(turn[i], record) for i, record in fresh.items() if i not in again]
    return written, [turn[i] for i in again] + left


def _mark(page: Page, product: Product) -> str | None:
    """The reading's digest; a product whose text is no text (half a surrogate pair) leaves the page and is counted."""
    try:
        return digest(product)
    except UnicodeEncodeError:
        page.products.remove(product)
        page.dropped["odd_text"] = page.dropped.get("odd_text", 0) + 1
        return None
