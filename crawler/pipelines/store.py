"""Stage 400: read the previous record, decide, and write product, candidate and outbox by one compare-and-set.
Pages that come while the store is busy are kept together. Of pages without readings only one is looked at: a product's
own page that is `not_found`."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from crawler.core.batches import Batches
from crawler.core.cache import tags
from crawler.core.changes import decide, digest
from crawler.core.missing import Misses
from crawler.core.models import Page, Product, Record
from crawler.core.outbox import learned
from crawler.core.settle import STANDS
from crawler.core.shared import outdate, shared
from crawler.core.store import Store
from crawler.core.verdicts import Verdict

TRIES = 8


class Sight(NamedTuple):
    """One reading on its way into the store; `mark` is its digest, `way` how its page was fetched."""

    product: Product
    at: float
    mark: str
    way: str


class StorePipeline:
    store: Store
    batches: Batches[Page, None]
    misses: Misses

    def __init__(self, crawler: Crawler):
        self.crawler, self.wrote_designs = crawler, False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        return cls(crawler)

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()
        self.store = await shared(self.crawler).store()
        self.batches, self.misses = Batches(self._keep), Misses(self.store)

    async def close_spider(self) -> None:
        try:
            await self.misses.believed(over=True)  # what that changes waits in the outbox for the next sweep
            if self.wrote_designs:
                await outdate(shared(self.crawler), [tags.DESIGNS])
        finally:
            await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        if page.products:
            await self.batches.add(page)
            await self.misses.ok(page, listed(self.crawler.spider, page.address))
        elif page.verdict == Verdict.not_found:
            await self.misses.add(page, listed(self.crawler.spider, page.address))
        page.written += await self.misses.believed()
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
    """Every product of the pages decided and written; each page gets its `written` records and `candidates`, the ids
    that a second look could settle. A product that stands on several pages is decided page by page. Returns how many
    were still contended after all tries."""
    left, home = [], {}
    for page in pages:
        page.written, at = [], page.fetched_at or time.time()
        for product in list(page.products):
            mark = _mark(page, product)
            if mark:
                left.append(Sight(product, at, mark, page.way))
                home[id(product)] = page
    for _ in range(TRIES + len(pages)):
        if not left:
            break
        done, left = await _round(store, left)
        for sight, record, moved in done:
            page = home[id(sight.product)]
            page.written += [record] if moved else []
            page.candidates += [record.product.id] if doubtful(record) else []
    return len(left)


async def _round(store: Store, sights: list[Sight]) -> tuple[list[tuple[Sight, Record, bool]], list[Sight]]:
    """(what was decided and whether that was written, what is to be decided anew): the first sight of each product."""
    turn: dict[str, Sight] = {}
    left = [s for s in sights if turn.setdefault(s.product.id, s) is not s]
    seen = await store.seen(list(turn))
    moved = [i for i, s in turn.items() if i not in seen or seen[i].digest != s.mark]
    known = await store.records([i for i in moved if i in seen]) if seen and moved else {}
    decided = {i: decide(known.get(i), s.product, s.at, s.mark, s.way) for i in moved for s in (turn[i],)}
    fresh = {i: r for i, r in decided.items() if i not in known or r.rev > known[i].rev}
    again = await _write(store, known, fresh)
    same: dict[float, list[str]] = {}
    for product_id in turn.keys() - fresh.keys():
        same.setdefault(turn[product_id].at, []).append(product_id)
    for at, ids in same.items():
        await store.touch(ids, at)
    done = [(turn[i], record, i in fresh) for i, record in decided.items() if i not in again]
    return done, [turn[i] for i in again] + left


async def _write(store: Store, known: dict[str, Record], fresh: dict[str, Record]) -> set[str]:
    """Ids that moved meanwhile. What was learned without a change goes into price history, which no one waits for."""
    again = await store.write(list(fresh.values())) if fresh else set()
    points = [p for i in fresh.keys() & known.keys() - again for p in learned(known[i], fresh[i])]
    if points:
        await store.clear_outbox({}, points)
    return again


def listed(spider: Any, url: str) -> list[str]:
    """Addresses under which a page may be known: its own, the shop's where `base_url` was moved, and those without
    what names a variant."""
    mine, real, parts = urlsplit(spider.base_url), urlsplit(type(spider).base_url), urlsplit(url)
    known = [parts]
    if parts.netloc == mine.netloc != real.netloc:
        known.append(parts._replace(scheme=real.scheme, netloc=real.netloc))
    return list(dict.fromkeys(p.geturl() for p in known + [p._replace(query="") for p in known]))


def doubtful(record: Record) -> bool:
    """Whether a second look now could settle something."""
    return any(candidate.reason not in STANDS for candidate in record.candidates.values())


def _mark(page: Page, product: Product) -> str | None:
    """The reading's digest; a product whose text is no text (half a surrogate pair) leaves the page and is counted."""
    try:
        return digest(product)
    except UnicodeEncodeError:
        page.products.remove(product)
        page.dropped["odd_text"] = page.dropped.get("odd_text", 0) + 1
        return None
