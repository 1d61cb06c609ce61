"""One source's part of a job: one crawler of its own, watched by its signals."""

import logging
import time
from collections import Counter
from typing import Any

import msgspec
from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner

from crawler.core import metrics
from crawler.core.drift.ledger import ledger
from crawler.core.errors import HomefeedError
from crawler.core.models import Page
from crawler.core.models.jobs import JobEvent, SourceProgress, SourceStatus
from crawler.core.public import design_json, product_json
from crawler.core.shared import Shared, adopt
from crawler.extensions.run import RunExtension, status
from crawler.jobs.telling import Teller

LEFT_OUT = ("description", "specs")  # of an item event: too long for a stream, and a list does not show them

log = logging.getLogger(__name__)


class SourceCrawl:
    """`progress` is the newest word on it; every change of it is told."""

    def __init__(
        self, runner: AsyncCrawlerRunner, spider: type[Any], args: dict[str, str], shared: Shared, teller: Teller
    ):
        self._runner, self._args, self._teller = runner, args, teller
        self.crawler = runner.create_crawler(spider)
        self.progress = SourceProgress(spider.name, "running")
        self._started, self._trouble = time.monotonic(), ""
        self._ids: set[str] = set()
        self._closed = False
        adopt(self.crawler, shared)
        self.crawler.signals.connect(self._scraped, signal=signals.item_scraped)

    async def run(self) -> None:
        """Until the source has said all; whatever goes wrong is its status and nobody else's."""
        await self._say("running")
        try:
            await self._runner.crawl(self.crawler, **self._args)
        except HomefeedError as error:
            await self._say("error", str(error))
        except Exception as error:
            log.exception("the crawl of %s broke", self.progress.name)
            await self._say("error", f"{type(error).__name__}: {error}"[:200])
        else:
            await self._say(*self._outcome())

    async def cut(self, how: SourceStatus, reason: str) -> None:
        """Its time is up: what it read so far stands."""
        await self._say(how, reason)

    async def close(self) -> None:
        """Returns when its last request is back; nothing more is told."""
        self._closed = True  # what ends now was cut off: another attempt goes on with it
        self.crawler.signals.disconnect(self._scraped, signal=signals.item_scraped)
        if self.crawler.crawling:
            await self.crawler.stop_async()

    async def _scraped(self, item: Any) -> None:
        if not isinstance(item, Page):
            return
        self.progress.pages += 1
        self._ids.update(thing.id for thing in (*item.products, *item.designs))  # a tile and its page are one thing
        self.progress.count = len(self._ids)
        self._trouble = item.reason or self._trouble
        things = shown(item)
        await self._say("running", events=[JobEvent("item", items=things)] if things else [])

    async def _say(self, how: SourceStatus, reason: str = "", events: list[JobEvent] | None = None) -> None:
        if self.progress.over or self._closed:
            return
        self.progress.status, self.progress.reason = how, reason
        self.progress.ms = round((time.monotonic() - self._started) * 1000)
        snapshot = msgspec.structs.replace(self.progress)
        if self.progress.over:
            metrics.CRAWLS.labels(snapshot.name, how).inc()
        await self._teller.tell(*(events or []), JobEvent("progress", source=snapshot))

    def _outcome(self) -> tuple[SourceStatus, str]:
        """(status, reason) of a crawl that ran to its end."""
        run = self.crawler.get_extension(RunExtension)
        ended = self.crawler.stats.get_value("finish_reason") or "finished"
        drift = ledger(self.crawler)
        word = status(ended, run.verdicts if run else Counter(), drift)
        if word == "held":
            return word, "; ".join(drift.reasons) or self._trouble
        return (word, "") if word == "ok" else (word, self._trouble or ended)


def shown(page: Page) -> list[dict[str, Any]]:
    """A page's things as a list shows them: with the values that were published, not those that wait to be believed."""
    kept = {record.product.id: record.product for record in page.written}
    things = [product_json(kept.get(product.id, product)) for product in page.products]
    things += map(design_json, page.designs)
    return [{name: value for name, value in thing.items() if name not in LEFT_OUT} for thing in things]
