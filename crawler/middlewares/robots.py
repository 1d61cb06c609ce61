"""robots.txt as Scrapy obeys it, but asked once an hour by one process, whatever number of crawls it makes; and the
pace it asks for, which the throttle keeps."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware as _RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.middlewares.circuit import LeftAlone

AGE = 3_600.0  # seconds; RFC 9309 allows a day
MOST = 1_000  # sites
BUSY = 429  # says nothing of what is allowed
SLOWEST = 60.0  # seconds between two requests; a site that asks for more is still asked once a minute

log = logging.getLogger(__name__)


class Rules:
    """What sites allow, newest last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST):
        self._clock, self._most = clock, most
        self._kept: OrderedDict[str, tuple[float, RobotParser]] = OrderedDict()

    def get(self, site: str) -> RobotParser | None:
        """None when it was never asked, or too long ago."""
        at, rules = self._kept.get(site, (0.0, None))
        return rules if rules is not None and self._clock() - at < AGE else None

    def keep(self, site: str, rules: RobotParser) -> None:
        self._kept[site] = self._clock(), rules
        self._kept.move_to_end(site)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


_rules = Rules()


class RobotsTxtMiddleware(_RobotsTxtMiddleware):
    """A site that did not answer, or with an error of its own, is asked again by the next crawl; one that is left
    alone for now by the next request."""

    def __init__(self, crawler: Crawler, rules: Rules = _rules):
        super().__init__(crawler)
        self._rules = rules
        self._left_alone: dict[str, LeftAlone] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """None when the site says nothing. Raises LeftAlone when it may not be asked what it allows."""
        known, netloc = self._rules.get(_site(request.url)), urlsplit(request.url).netloc
        if known is not None:
            return known
        if self._left_alone.pop(netloc, None):
            del self._parsers[netloc]
        found = await super().robot_parser(request)
        if netloc in self._left_alone:
            raise self._left_alone[netloc]
        return found

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        super().process_request_2(rp, request)
        agent = (request.headers.get(b"User-Agent") or self._default_useragent.encode()).decode("latin-1")
        request.meta["crawl_delay"] = min(crawl_delay(rp, agent), SLOWEST) if rp is not None else 0.0

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        await super()._parse_robots(response, netloc, request)
        rules = self._parsers[netloc]
        if response.status < 500 and response.status != BUSY and isinstance(rules, RobotParser):
            self._rules.keep(_site(request.url), rules)
        delay = crawl_delay(rules, self._default_useragent) if isinstance(rules, RobotParser) else 0.0
        if delay > SLOWEST:
            log.info("%s asks for %.0f s between two requests; it gets %.0f s", netloc, delay, SLOWEST)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        super()._robots_error(exc, netloc)
        if isinstance(exc, LeftAlone):
            self._left_alone[netloc] = exc


def crawl_delay(rules: RobotParser, agent: str) -> float:
    """Seconds between two requests, by `Crawl-delay` or `Request-rate`, whichever is slower; 0.0 when neither is given.
    What can't be read says nothing."""
    own = rules.crawl_delay(agent) or 0.0
    rate = rules.rp.request_rate(agent) if hasattr(rules, "rp") else None  # Scrapy's own words for it know none
    return max(own, rate.seconds / rate.requests if rate else 0.0)


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
