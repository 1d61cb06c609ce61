"""Stage 350: a page that looks unlike its source ever did is withheld, before anything is stored or told of it."""

import logging
import time
from typing import Any

from scrapy.crawler import Crawler

from crawler.core import metrics
from crawler.core.drift.ledger import ledger
from crawler.core.drift.watch import Finding
from crawler.core.errors import StoreError
from crawler.core.models import Page
from crawler.core.shared import shared
from crawler.core.verdicts import Verdict

JUDGED = (Verdict.ok, Verdict.drifted, Verdict.empty, Verdict.partial)  # the others say nothing of how pages look

log = logging.getLogger(__name__)


class GatePipeline:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GatePipeline":
        return cls(crawler)

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()
        spider: Any = self.crawler.spider
        if url := getattr(spider, "base_url", ""):
            ledger(self.crawler).expect(spider.name, url)

    async def close_spider(self) -> None:
        try:
            await ledger(self.crawler).close()
        except StoreError as error:  # the crawl stands; the next one judges by what was known before
            log.warning("what this run tells of drift is not kept: %s", error)
            metrics.away("store")
        finally:
            await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        if page.verdict in JUDGED and not page.designs:
            withhold(page, await ledger(self.crawler).look(page, page.fetched_at or time.time()))
        return page


def withhold(page: Page, finding: Finding) -> None:
    """Takes from the page what may not be stored: all of it, or single products."""
    if finding.withheld:
        page.verdict, page.reason = finding.verdict, finding.withheld
        metrics.withheld(page.source, 1, len(page.products))
        page.products = []
    elif finding.dropped:
        page.products = [product for product in page.products if product.id not in finding.dropped]
        for kind in finding.dropped.values():
            page.dropped[f"strange_{kind}"] = page.dropped.get(f"strange_{kind}", 0) + 1
        metrics.withheld(page.source, 0, len(finding.dropped))
