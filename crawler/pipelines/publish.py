"""Stage 500: what the store stage wrote is relayed to the change stream. While Redis is away changes stay in the
outbox and the crawl goes on. Pages that come while a relay is under way go together in the next."""

import logging
import time
from collections.abc import Sequence

from scrapy.crawler import Crawler

from crawler.core import metrics
from crawler.core.batches import Batches
from crawler.core.errors import BusAway
from crawler.core.models import Page, Record
from crawler.core.outbox import relay, sweep
from crawler.core.shared import shared
from crawler.core.store import Store

REST_S = 5.0  # how long Redis is left alone after it did not answer

log = logging.getLogger(__name__)


class PublishPipeline:
    store: Store

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.opened = False
        self.behind = not shared(crawler).warm  # a warm process sweeps by itself
        self.rests_till = 0.0
        self.batches: Batches[list[Record], None] = Batches(self._relay_all)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PublishPipeline":
        return cls(crawler)

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()
        self.store = await shared(self.crawler).store()
        self.opened = True
        if self.behind:
            await self._relay([])

    async def close_spider(self) -> None:
        self.behind |= not shared(self.crawler).warm
        self.rests_till = min(self.rests_till, time.monotonic())
        try:
            if self.opened and self.behind:
                await self._relay([])
        finally:
            await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        if page.written:
            await self.batches.add(page.written)
        return page

    async def _relay_all(self, pages: Sequence[list[Record]]) -> list[None]:
        await self._relay([record for records in pages for record in records])
        return [None] * len(pages)

    async def _relay(self, records: list[Record]) -> None:
        """These records, or everything that waits when something was left behind."""
        if time.monotonic() < self.rests_till:
            self._count("away")
            return
        try:
            self._count("changes", await self._relay_now(records))
        except BusAway as error:
            log.warning("changes wait in the outbox: %s", error)
            self.behind, self.rests_till = True, time.monotonic() + REST_S
            self._count("away")
            metrics.away("redis")

    async def _relay_now(self, records: list[Record]) -> int:
        if self.rests_till:
            await shared(self.crawler).revive()
            self.rests_till = 0.0
        bus, behind = await shared(self.crawler).bus(), self.behind
        self.behind = False  # now, so that pages coming meanwhile do not sweep too; set again when this fails
        return await (sweep(self.store, bus) if behind else relay(self.store, bus, records))

    def _count(self, what: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"homefeed/publish/{what}", by)
