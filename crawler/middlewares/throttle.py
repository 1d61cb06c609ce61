"""The pace of one site, shared by every worker: the last gate before the network."""

import random
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


class ThrottleMiddleware:
    """A spider may set its own `pace` (seconds between requests). robots.txt is fetched outside the pace."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ThrottleMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> Any:
        delay, parts = self.delay(request), urlsplit(request.url)
        if delay > 0 and parts.path != "/robots.txt":
            pace = await shared(self.crawler).pace()
            waited = await pace.wait(parts.netloc, delay * random.uniform(0.75, 1.25))
            self.crawler.stats.inc_value("homefeed/pace/waited_s", waited)
            metrics.waited(parts.netloc, waited)
        return None

    def delay(self, request: Request) -> float:
        """Seconds: the request's own, the spider's or the operator's; an operator's 0 switches the pace off."""
        usual = self.crawler.settings.getfloat("PACE")
        own = getattr(self.crawler.spider, "pace", None)
        return float(request.meta.get("pace", usual if own is None else own)) if usual else 0.0

    async def process_response(self, request: Request, response: Response) -> Any:
        if response.status in (429, 503):
            pace = await shared(self.crawler).pace()
            await pace.hold(urlsplit(request.url).netloc, retry_after(response))
        return response


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
