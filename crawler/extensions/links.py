"""Do the addresses of a product and of its picture lead anywhere? Asked of a few products of each crawl, behind its
pages; what was found is believed for a while by every crawl."""

import asyncio
import time
from typing import Any

import msgspec
import scrapy
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.core import links
from crawler.core.cache import tags
from crawler.core.config import config
from crawler.core.links import Link
from crawler.core.models import Page, Product
from crawler.core.shared import outdate, shared
from crawler.core.verified import note
from crawler.downloads import TIMEOUT
from crawler.extensions.glance import Glance
from crawler.middlewares.patience import closing, left


class LinksExtension:
    """A spider may say in `statuses` what a status of its site means ({403: False}); None says nothing."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.left = 0
        self._one = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LinksExtension":
        extension = cls(crawler)
        if config().verify:
            crawler.signals.connect(extension.opened, signal=signals.spider_opened)
            crawler.signals.connect(extension.scraped, signal=signals.item_scraped)
        return extension

    def opened(self, spider: scrapy.Spider) -> None:
        self.left = getattr(spider, "checks", 0)
        self.glance = Glance(self.crawler, getattr(spider, "statuses", {}))

    async def scraped(self, item: Any) -> None:
        """One page's products at a time; other pages are read meanwhile."""
        if not isinstance(item, Page) or not item.products or self._enough():
            return
        async with self._one:
            for product in item.products:
                if self._enough():
                    break
                await self._check(product)

    def _enough(self) -> bool:
        """As many as wanted were checked, nobody waits for the crawl any longer, or it would end too late."""
        return self.left <= 0 or closing(self.crawler) or left(self.crawler) < TIMEOUT

    async def _check(self, product: Product) -> None:
        """The picture of a product whose own page was read is looked at whole, to be compared with other shops'."""
        own = product.evidence.depth == "page"
        page = None if own else await self._found("page", product.url)
        picture = await self._found("picture", product.images[0], own) if product.images else None
        fresh = [found for found in (page, picture) if found and found[1]]
        if not fresh:
            return
        self.left -= 1
        store = await shared(self.crawler).store()
        if await note(store, product.id, time.time(), page and page[0], picture and picture[0]):
            await outdate(shared(self.crawler), [tags.product(product.id)])

    async def _found(self, of: links.Of, url: str, whole: bool = False) -> tuple[Link, bool]:
        """(what is known of an address, whether it was asked just now)."""
        store, key = await shared(self.crawler).store(), links.key(url)
        kept = await store.get(links.KIND, key, of=Link)
        if kept is not None and not (whole and kept.holds and kept.phash is None):
            return kept, False
        found = await self.glance.at(of, url, whole)
        self.crawler.stats.inc_value(f"homefeed/links/{of}/{found.holds}")
        await store.put(links.KIND, key, msgspec.to_builtins(found), ttl=found.lasts_s)
        return found, True
