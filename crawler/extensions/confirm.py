"""A change that is hard to believe is looked at again by another way before anyone hears of it.

The second look is at the product's own page, also where a tile told the change, or where that page was not found. A
look that is not answered with an `ok` or `not_found` page is taken once more; after that the next crawl is the second
look."""

from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.core.models import Page
from crawler.core.verdicts import Verdict

MOST = 50  # further looks one crawl may take
TRIES = 2  # of them at one page
ANSWERS = (Verdict.ok, Verdict.not_found)


class ConfirmExtension:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.asked: dict[str, int] = {}  # looks taken by address

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConfirmExtension":
        extension = cls(crawler)
        crawler.signals.connect(extension.scraped, signal=signals.item_scraped)
        return extension

    def scraped(self, item: Any) -> None:
        if not isinstance(item, Page):
            return
        own = {product.id: product.url for product in item.products}
        for url in (self.crawler.spider.here(own.get(i, item.address)) for i in item.candidates):
            if url and url not in self.asked:
                self._look(url, item.way)
        if item.verdict not in ANSWERS and 0 < self.asked.get(item.address, TRIES) < TRIES:
            self._look(item.address, item.way)

    def _look(self, url: str, way: str) -> None:
        if sum(self.asked.values()) >= MOST:
            return
        self.asked[url] = self.asked.get(url, 0) + 1
        self.crawler.stats.inc_value("homefeed/confirm")
        self.crawler.engine.crawl(second_look(url, way, self.asked[url]))


def second_look(url: str, way: str, attempt: int = 1) -> scrapy.Request:
    """Past the duplicate filter, with no cookie of the first session. `another_way` is the way of the first look
    (`Page.way`), which the ways middleware does not take again where there is another."""
    session = "confirm" if attempt == 1 else f"confirm-{attempt}"
    return scrapy.Request(url, dont_filter=True, priority=10, meta={"cookiejar": session, "another_way": way})
