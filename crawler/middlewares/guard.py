"""No request leaves for a place that is not public, nor follows a redirect there."""

import logging
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.core.config import config
from crawler.core.errors import GuardError
from crawler.core.guard import Guard
from crawler.middlewares.resolver import install

log = logging.getLogger(__name__)


class GuardMiddleware:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.guard = Guard(config().names("guard_allow"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        from twisted.internet import reactor  # here, since importing it chooses one

        install(reactor, config())
        return cls(crawler)

    async def process_request(self, request: Request) -> Any:
        try:
            await self.guard.resolve_and_check(request.url)
        except GuardError as error:
            self.crawler.stats.inc_value("homefeed/guard/refused")
            log.warning("not fetched: %s", error)  # Scrapy itself is silent about an ignored request
            raise IgnoreRequest(str(error)) from error
        return None
