"""The pace of one site and its places, shared by every worker: the last gate before the network."""

import random
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.core import metrics
from crawler.core.errors import CircuitOpen, NoTurn
from crawler.core.limits import Limits, Pace, Place
from crawler.core.retries import back_off
from crawler.core.shared import shared
from crawler.middlewares.circuit import CIRCUIT, admit
from crawler.middlewares.patience import left, patient
from crawler.middlewares.retry_after import retry_after

SPARE = 10.0  # seconds a place may outlast its request's time-out
PLACE = "place"  # in a request's meta: the Place it holds


class ThrottleMiddleware:
    """A spider may set its own `pace` (seconds between requests); robots.txt may raise it (meta `crawl_delay`), and is
    itself fetched outside the pace. Scrapy 2.19 has no part in this: it starts everything that queued behind a slow
    answer at once, past CONCURRENT_REQUESTS_PER_DOMAIN.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self._most = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._pace: Pace | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ThrottleMiddleware":
        throttle = cls(crawler)
        crawler.signals.connect(throttle.leave, signal=signals.request_left_downloader)  # also when nobody waits for it
        return throttle

    async def process_request(self, request: Request) -> Any:
        parts = urlsplit(request.url)
        if parts.path != "/robots.txt":
            place = request.meta[PLACE] = await self._enter(request, parts.netloc)
            if place.waited and CIRCUIT in request.meta:  # long ago, perhaps: others may have failed meanwhile
                await admit(self.crawler, request)
            self.crawler.stats.inc_value("homefeed/pace/waited_s", place.waited)
            metrics.waited(parts.netloc, place.waited)
        return None

    async def _enter(self, request: Request, site: str) -> Place:
        time_left = left(self.crawler, request)
        if time_left <= 0:
            raise IgnoreRequest("its answer would come too late")
        # Never sooner than the pace, and not like clockwork.
        delay = self.delay(request) * random.uniform(1.0, 1.25)
        lease = float(request.meta.get("download_timeout") or self._timeout) + SPARE
        self._pace, breaker = await shared(self.crawler).pace(), await shared(self.crawler).breaker()
        work = self._pace.enter(site, Limits(delay, self._most, lease), time_left)
        try:
            return await patient(self.crawler, work, lambda: breaker.check(request.meta.get(CIRCUIT, "")))
        except (NoTurn, CircuitOpen) as error:
            raise IgnoreRequest(str(error)) from error

    def delay(self, request: Request) -> float:
        """Seconds: the request's own, the spider's or the operator's, and no less than robots.txt asks for; an
        operator's 0 switches the pace off."""
        usual = self.crawler.settings.getfloat("PACE")
        own = getattr(self.crawler.spider, "pace", None)
        wanted = float(request.meta.get("pace", usual if own is None else own))
        return max(wanted, request.meta.get("crawl_delay", 0.0)) if usual else 0.0

    def process_exception(self, request: Request, exception: Exception) -> None:
        self.leave(request)

    async def process_response(self, request: Request, response: Response) -> Any:
        self.leave(request)
        if response.status in (429, 503):
            await self._hold(request, retry_after(response))
        return response

    async def _hold(self, request: Request, asked: float | None) -> None:
        """All leave the site alone for as long as it asks, or as the first who came too soon will wait."""
        first = self.crawler.settings.getfloat("RETRY_BACKOFF")
        seconds = asked if asked is not None else back_off(request.meta.get("retry_times", 0) + 1, first)
        pace = await shared(self.crawler).pace()
        await pace.hold(urlsplit(request.url).netloc, seconds)

    def leave(self, request: Request) -> None:
        """Its place, if it holds one, is free."""
        place = request.meta.pop(PLACE, None)
        if place is not None and self._pace:
            self._pace.leave(place)
