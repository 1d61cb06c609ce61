"""The breaker's ends in Scrapy: a site whose circuit is open is not asked, and every final answer is heard of it.

Final means after all retries and ways: this stage lies outside of them. A retry, another way and where a redirect led
to are still the same request to the site that was asked first, so that an outcome never goes to the wrong circuit.
"""

import itertools
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from scrapy import Request, exceptions
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.utils.misc import load_object

from crawler.core.errors import CircuitOpen
from crawler.core.shared import shared
from crawler.core.verdicts import Verdict
from crawler.core.ways import proxy_of

CIRCUIT = "circuit"  # in a request's meta: the site it was first meant for
WHO = "circuit_who"  # which request it is, through all retries
PROBE = "circuit_probe"  # it is the one request that finds out
FAILURES = (Verdict.blocked, Verdict.captcha, Verdict.error)


class LeftAlone(exceptions.IgnoreRequest):
    """The circuit of the request's site is open."""


class CircuitMiddleware:
    def __init__(self, crawler: Crawler):
        if not crawler.settings.getfloat("BREAKER"):
            raise exceptions.NotConfigured
        self.crawler = crawler
        self._name, self._numbers = uuid4().hex, itertools.count()
        self._statuses = {int(status) for status in crawler.settings.getlist("RETRY_HTTP_CODES")}
        self._faults = tuple(load_object(fault) for fault in crawler.settings.getlist("RETRY_EXCEPTIONS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CircuitMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> Any:
        if not _of_robots(request) and not request.meta.get("glance"):  # a glance may fail without any harm
            request.meta.setdefault(CIRCUIT, urlsplit(request.url).netloc)
            if WHO not in request.meta:
                request.meta[WHO] = f"{self._name}-{next(self._numbers)}"
        await admit(self.crawler, request)
        return None

    async def process_response(self, request: Request, response: Response) -> Any:
        if CIRCUIT in request.meta:
            reason = self._failure(request, response)
            breaker, about = await shared(self.crawler).breaker(), (request.meta[CIRCUIT], request.meta[WHO])
            probe = request.meta.get(PROBE, False)
            await (breaker.failed(*about, reason) if reason else breaker.succeeded(*about, probe))
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        if CIRCUIT not in request.meta:
            return
        breaker, about = await shared(self.crawler).breaker(), (request.meta[CIRCUIT], request.meta[WHO])
        if self._its_fault(request, exception):
            await breaker.failed(*about, f"{type(exception).__name__}: {exception}"[:120])
        elif request.meta.get(PROBE):
            await breaker.withdrew(*about)

    def _failure(self, request: Request, response: Response) -> str:
        """What is wrong with the site; empty when it answers. A picture is no page, but an answer."""
        if response.status in self._statuses:
            return f"status {response.status}"
        verdict, reason = request.meta.get("verdict", (Verdict.ok, ""))
        known = isinstance(response, TextResponse) or response.status >= 400
        return f"{verdict}: {reason}"[:120] if verdict in FAILURES and known else ""

    def _its_fault(self, request: Request, exception: Exception) -> bool:
        """What we refused ourselves says nothing of the site, nor does a connection that a proxy was to make, be it for
        a browser."""
        proxied = request.meta.get("proxy") or proxy_of(request.meta.get("way", ""))
        return isinstance(exception, self._faults) and not proxied


async def admit(crawler: Crawler, request: Request) -> None:
    """Raises LeftAlone; robots.txt is then not asked for either."""
    site, token = request.meta.get(CIRCUIT) or urlsplit(request.url).netloc, request.meta.get(WHO, "")
    try:
        request.meta[PROBE] = await (await shared(crawler).breaker()).admit(site, token)
    except CircuitOpen as error:
        crawler.stats.inc_value("homefeed/circuit/refused")
        raise LeftAlone(str(error)) from error


def _of_robots(request: Request) -> bool:
    return urlsplit(request.url).path == "/robots.txt"
