"""`python -m tests.captures.crawl jobs.json`: several crawls of the real spiders in one process, each with all its
pipelines into a store of its own. A job is {"spider", "url", "store"}.

A page links to its shop by full address, and a reading that is hard to believe is fetched again from there: `Homeward`
asks the server that stands for the shop instead, so that nothing leaves the machine."""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_f_from_coro_f
from scrapy.utils.log import configure_logging
from scrapy.utils.project import get_project_settings
from scrapy.utils.reactor import install_reactor

from crawler.core.config import config
from crawler.core.valkey import lease_in_thread


class Homeward:
    def __init__(self, crawler: Crawler):
        self.home = urlsplit(config().base_url(crawler.spidercls.name) or "")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Homeward":
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        there = urlsplit(request.url)
        if there.netloc == self.home.netloc:
            return None
        return request.replace(url=there._replace(scheme=self.home.scheme, netloc=self.home.netloc).geturl())


def middlewares(settings: Settings) -> dict[str, int]:
    """The project's own, and before them the one that keeps the crawl at home."""
    return {**settings.getdict("DOWNLOADER_MIDDLEWARES"), "tests.captures.crawl.Homeward": 10}


async def crawl(jobs: list[dict[str, str]], settings: Settings) -> None:
    runner = AsyncCrawlerRunner(settings)
    lease = await lease_in_thread(config())
    try:
        for job in jobs:
            os.environ["HOMEFEED_STORE_URL"] = job["store"]
            config.cache_clear()
            await runner.crawl(job["spider"], url=job["url"], pace="0")
    finally:
        lease.release()


def main(jobs: str) -> None:
    settings = get_project_settings()
    settings.set("DOWNLOADER_MIDDLEWARES", middlewares(settings))
    configure_logging(settings)
    install_reactor(settings["TWISTED_REACTOR"], settings["ASYNCIO_EVENT_LOOP"])
    from twisted.internet.task import react

    async def run(_reactor: Any) -> None:
        await crawl(json.loads(Path(jobs).read_text()), settings)

    react(deferred_f_from_coro_f(run))


if __name__ == "__main__":
    main(sys.argv[1])
