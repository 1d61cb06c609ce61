"""Stage 50: a good of a shop without a spider of its own keeps the id it has in the store."""

from scrapy.crawler import Crawler

from crawler.core.addresses import settle_ids
from crawler.core.models import Page
from crawler.core.shared import shared
from crawler.core.shop import SHOP


class IdsPipeline:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "IdsPipeline":
        return cls(crawler)

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()

    async def close_spider(self) -> None:
        await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        if page.source == SHOP and page.products:
            await settle_ids(await shared(self.crawler).store(), page)
        return page
