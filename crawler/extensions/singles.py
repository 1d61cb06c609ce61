"""A page of readings travels the pipelines as one unit; Scrapy's counters, feeds and limits still see single items."""

from collections.abc import Iterator
from typing import Any

from scrapy import Spider
from scrapy.extensions import closespider, corestats, feedexport

from crawler.core.models import Page
from crawler.core.public import design_json, product_json


def singles(item: Any) -> Iterator[Any]:
    """Each product and design of a page as the JSON a user sees; anything else as it is."""
    if not isinstance(item, Page):
        yield item
        return
    yield from map(product_json, item.products)
    yield from map(design_json, item.designs)


class CoreStats(corestats.CoreStats):
    def item_scraped(self, item: Any, spider: Spider) -> None:
        if count := (len(item) if isinstance(item, Page) else 1):
            self.stats.inc_value("item_scraped_count", count)


class FeedExporter(feedexport.FeedExporter):
    def item_scraped(self, item: Any, spider: Spider) -> None:
        for single in singles(item):
            super().item_scraped(single, spider)


class CloseSpider(closespider.CloseSpider):
    def item_scraped(self, item: Any, spider: Spider) -> None:
        for _ in range(len(item) if isinstance(item, Page) else 1):
            super().item_scraped(item, spider)
