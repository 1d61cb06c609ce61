"""One crawl as the project runs it, without a network: the real pipelines and extensions in the order of the settings,
the real store, an injected clock. Requests for second fetches are answered in the same crawl; published changes are
heard where the outbox is relayed to."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import scrapy
from scrapy import signals
from scrapy.extension import ExtensionManager
from scrapy.pipelines import ItemPipelineManager
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import StatsCollector

from crawler.core.config import Config
from crawler.core.errors import BusAway
from crawler.core.models import Change, Page
from crawler.core.shared import Shared, adopt

FETCH_S = 2.0  # the pace of one site
LEFT_OUT = ("singles", "memory", "logs")  # extensions that say nothing about what is stored


class Clock:
    """`time.time` of everything inside `ticking`."""

    def __init__(self, now: float):
        self.now = now

    def __call__(self) -> float:
        return self.now

    @contextmanager
    def ticking(self) -> Iterator[None]:
        real, time.time = time.time, self
        try:
            yield
        finally:
            time.time = real


class Heard:
    """The change stream as the relay sees it."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    async def publish(self, changes: list[Change]) -> list[str]:
        known = {change.id for change in self.changes}
        self.changes += [change for change in changes if change.id not in known]
        return [str(n) for n in range(len(changes))]


class OneStore(Shared):
    """What the stages share, with a change stream that is only heard and no Redis."""

    def __init__(self, store_url: str) -> None:
        super().__init__(Config(store_url=store_url, verify=False), warm=True)
        self.heard = Heard()

    async def _open_bus(self) -> Any:
        return self.heard

    async def _lease(self) -> Any:
        raise BusAway("no Redis here")


def settings() -> Settings:
    own = Settings()
    own.setmodule("crawler.settings", priority="project")
    kept = {path: place for path, place in own.getdict("EXTENSIONS").items()
            if path.startswith("crawler.") and path.split(".")[2] not in LEFT_OUT}  # fmt: skip
    own.set("EXTENSIONS", kept)
    own.set("EXTENSIONS_BASE", {})
    own.set("STATS_DUMP", False)
    return own


Fetch = Callable[[scrapy.Request, bool], Page]  # (request, whether it is a second fetch)


class Run:
    """Stands where Scrapy's crawler stands for stages and extensions; its engine only takes requests."""

    def __init__(self, spider: Any, own: Settings, urls: list[str]):
        self.spider, self.spidercls, self.settings, self.engine = spider, type(spider), own, self
        self.signals, self.stats = SignalManager(self), StatsCollector(self)  # type: ignore[arg-type]
        self.waiting = deque((scrapy.Request(url), False) for url in urls)

    def crawl(self, request: scrapy.Request) -> None:
        self.waiting.append((request, True))

    async def tell(self, signal: object, **words: Any) -> None:
        """As Scrapy tells it, but a handler that fails fails the bench."""
        for _, outcome in await self.signals.send_catch_log_async(signal, spider=self.spider, **words):
            if isinstance(outcome, Exception):
                raise outcome


async def crawl(shared: OneStore, run: Run, clock: Clock, fetch: Fetch) -> list[Page]:
    """Every page of one crawl, second fetches included, through all stages. Raises what a stage raises."""
    adopt(run, shared)
    stages: Any = ItemPipelineManager.from_crawler(run)  # type: ignore[arg-type]
    extensions = ExtensionManager.from_crawler(run)  # type: ignore[arg-type]
    await stages.open_spider_async()
    await run.tell(signals.spider_opened)
    pages = []
    while run.waiting:
        request, second = run.waiting.popleft()
        clock.now += FETCH_S
        page = await stages.process_item_async(fetch(request, second))
        await run.tell(signals.item_scraped, item=page)
        pages.append(page)
    await stages.close_spider_async()
    await run.tell(signals.spider_closed, reason="finished")
    assert extensions.middlewares
    return pages
