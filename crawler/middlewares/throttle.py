"""The pace of one site, shared by every worker: the last gate before the network."""

import asyncio
import random
from collections import defaultdict
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.core import metrics
from crawler.core.shared import shared

BACK_OFF = 30.0  # seconds a site rests when it says 429 or 503 without saying how long
LONGEST = 600.0


PLACE = "place"  # in a request's meta: the site at which it holds a place


class ThrottleMiddleware:
    """A spider may set its own `pace` (seconds between requests). robots.txt is fetched outside the pace.

    A request gets its place among those under way before its turn: Scrapy 2.19 starts everything that queued behind a
    slow answer at once, past CONCURRENT_REQUESTS_PER_DOMAIN and long after its turn.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        most = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.places: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(most))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ThrottleMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> Any:
        parts = urlsplit(request.url)
        if parts.path != "/robots.txt":
            await self.places[parts.netloc].acquire()
            request.meta[PLACE] = parts.netloc
            await self._take_turn(request, parts.netloc)
        return None

    async def _take_turn(self, request: Request, site: str) -> None:
        delay = self.delay(request)
        if delay > 0:
            pace = await shared(self.crawler).pace()
            waited = await pace.wait(site, delay * random.uniform(0.75, 1.25))
            self.crawler.stats.inc_value("homefeed/pace/waited_s", waited)
            metrics.waited(site, waited)

    def delay(self, request: Request) -> float:
        """Seconds: the request's own, the spider's or the operator's; an operator's 0 switches the pace off."""
        usual = self.crawler.settings.getfloat("PACE")
        own = getattr(self.crawler.spider, "pace", None)
        return float(request.meta.get("pace", usual if own is None else own)) if usual else 0.0

    def process_exception(self, request: Request, exception: Exception) -> None:
        self._leave(request)

    async def process_response(self, request: Request, response: Response) -> Any:
        self._leave(request)
        if response.status in (429, 503):
            pace = await shared(self.crawler).pace()
            await pace.hold(urlsplit(request.url).netloc, retry_after(response))
        return response

    def _leave(self, request: Request) -> None:
        site = request.meta.pop(PLACE, None)
        if site is not None:
            self.places[site].release()


def retry_after(response: Response) -> float:
    """Seconds from `Retry-After`, as a number or a date; bounded."""
    text = _header(response, "Retry-After")
    if text.isdigit():
        return min(float(text), LONGEST)
    try:
        # By the server's own clock, which need not be ours.
        seconds = (parsedate_to_datetime(text) - parsedate_to_datetime(_header(response, "Date"))).total_seconds()
    except ValueError:
        return BACK_OFF
    return min(max(seconds, 0.0), LONGEST)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()
