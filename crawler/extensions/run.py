"""What one crawl of one source did, kept for health, coverage and drift."""

import logging
import re
import time
from collections import Counter
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from crawler.core import metrics
from crawler.core.drift.ledger import Ledger, ledger
from crawler.core.errors import StoreError
from crawler.core.models import Page
from crawler.core.shared import shared
from crawler.core.store import SourceRun
from crawler.core.verdicts import Verdict

log = logging.getLogger(__name__)


class RunExtension:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.started = 0.0
        self.pages = self.items = self.faults = 0
        self.verdicts: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RunExtension":
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.failed, signal=signals.item_error)
        crawler.signals.connect(extension.failed, signal=signals.spider_error)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    async def opened(self, spider: Spider) -> None:
        self.started = time.time()
        await shared(self.crawler).enter()

    def scraped(self, item: Any) -> None:
        if not isinstance(item, Page):
            return
        metrics.page(item)
        self.pages += 1
        self.items += len(item)
        self.verdicts[str(item.verdict)] += 1
        self.crawler.stats.inc_value(f"homefeed/verdict/{item.verdict}")
        if item.verdict != Verdict.ok:
            self.crawler.stats.inc_value(f"homefeed/reason/{cause(item.reason)}")
            log.info("%s is %s: %s", item.url, item.verdict, item.reason)
        for reason, count in item.dropped.items():
            self.crawler.stats.inc_value(f"homefeed/dropped/{reason}", count)

    def failed(self) -> None:
        self.faults += 1

    async def closed(self, spider: Spider, reason: str) -> None:
        if not self.started:  # a pipeline could not be opened: nothing was crawled
            return
        try:
            if self.pages or self.faults or reason != "finished":  # else `scrapy fetch`, `record` and the like
                store = await shared(self.crawler).store()
                await store.add_run(self.run(spider, reason))
        except StoreError as error:  # the crawl stands; only the source's health will not know of it
            log.warning("the run of %s is not kept: %s", spider.name, error)
            metrics.away("store")
        finally:
            await shared(self.crawler).leave()

    def run(self, spider: Spider, reason: str) -> SourceRun:
        drift = ledger(self.crawler)
        read = drift.report
        return SourceRun(
            source=spider.name, started_at=self.started, finished_at=time.time(),
            status=status(reason, self.verdicts, drift), reason=reason, query=getattr(spider, "query", ""),
            pages=self.pages, items=self.items, verdicts=dict(self.verdicts), coverage=read.coverage(),
            withheld=read.withheld, state=drift.state, reasons=drift.reasons, shapes=read.shapes(),
            prices=read.prices(),
        )  # fmt: skip


_DETAIL = re.compile(r"[:;('\"].*", re.S)


def cause(reason: str) -> str:
    """A reason without its particulars, so that equal ones add up: "title 'Oops'" -> "title"."""
    return _DETAIL.sub("", reason).strip()[:40].replace(" ", "_") or "unknown"


def status(reason: str, verdicts: Counter[str], drift: Ledger) -> str:
    """One word for a source: the words of `sources[].status`. `held`: nothing of it was stored for how it looks."""
    if reason in ("robots", "no_key", "no_quota", "policy"):
        return reason
    if drift.state == "held" and drift.report.withheld:
        return "held"
    if verdicts[Verdict.ok] or verdicts[Verdict.empty]:
        return "ok"
    if drift.report.withheld or drift.state == "held":
        return "held"
    if verdicts[Verdict.blocked] or verdicts[Verdict.captcha]:
        return "blocked"
    return "error"
