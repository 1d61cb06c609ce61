"""A result that was seen on a list only lacks specifications, article numbers and large pictures: its own page is read
too, for as many results as the spider's argument `enrich` says."""

from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.core.models import Page
from crawler.core.shared import shared
from crawler.core.store import Store
from crawler.middlewares.patience import closing

KIND = "detail"  # of small document: this page was asked for lately
REST_S = 86_400.0
AT_ONCE = 8  # products looked up by one question


class DetailsExtension:
    def __init__(self, crawler: Crawler):
        self.crawler, self.left = crawler, 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DetailsExtension":
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.scraped, signal=signals.item_scraped)
        return extension

    def opened(self, spider: scrapy.Spider) -> None:
        self.left = getattr(spider, "enrich", 0)

    async def scraped(self, item: Any) -> None:
        if self.left <= 0 or not isinstance(item, Page) or closing(self.crawler):
            return
        urls = {p.id: p.url for p in item.products if p.evidence.depth == "list"}
        for product_id in await lacking(await shared(self.crawler).store(), list(urls), self.left):
            if self.left > 0:
                self.left -= 1
                await self._ask(product_id, urls[product_id])

    async def _ask(self, product_id: str, url: str) -> None:
        store, spider = await shared(self.crawler).store(), self.crawler.spider
        await store.put(KIND, product_id, 1, ttl=REST_S)
        self.crawler.stats.inc_value("homefeed/details")
        request = scrapy.Request(spider.here(url), spider.parse, errback=spider.passed_over, priority=-1)
        self.crawler.engine.crawl(request)


async def lacking(store: Store, ids: list[str], most: int) -> list[str]:
    """The first of those whose own page was never read, nor asked for within REST_S seconds; in the order of the
    page. They are looked up a few at a time, since mostly the first ones will do."""
    found: list[str] = []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        records = await store.records(some)
        listed = [i for i in some if i in records and records[i].product.evidence.depth == "list"]
        found += [i for i in listed if await store.get(KIND, i) is None]
        if len(found) >= most:
            break
    return found[:most]
