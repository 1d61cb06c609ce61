"""A change that is hard to believe is fetched again, in another session, before anyone hears of it."""

from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.core.models import Page

MOST = 50  # second fetches one crawl may spend


class ConfirmExtension:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.asked: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConfirmExtension":
        extension = cls(crawler)
        crawler.signals.connect(extension.scraped, signal=signals.item_scraped)
        return extension

    def scraped(self, item: Any) -> None:
        if not isinstance(item, Page) or not item.candidates:
            return
        urls = {p.id: p.url for p in item.products}
        for product_id in item.candidates:
            if product_id not in self.asked and len(self.asked) < MOST and urls.get(product_id):
                self.asked.add(product_id)
                self.crawler.stats.inc_value("homefeed/confirm")
                url = self.crawler.spider.here(urls[product_id])
                self.crawler.engine.crawl(second_fetch(url))


def second_fetch(url: str) -> scrapy.Request:
    """The product's own page, with no cookie of the first session and past the duplicate filter."""
    return scrapy.Request(url, dont_filter=True, priority=10, meta={"cookiejar": "confirm"})
