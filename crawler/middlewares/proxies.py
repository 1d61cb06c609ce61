"""Sends a request through the proxy its way names, and tells all workers how that proxy did.

What counts against a proxy is scrapy-rotating-proxies' ban policy (a spider may have `response_is_ban` and
`exception_is_ban` of its own), here with a verdict in place of a status. Which proxy is next is decided elsewhere.
"""

from typing import Any
from urllib.parse import urlsplit

from rotating_proxies.middlewares import BanDetectionMiddleware as _BanDetection
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
)
from scrapy.http import Response

from crawler.core import metrics
from crawler.core.config import config
from crawler.core.shared import shared
from crawler.core.verdicts import Verdict
from crawler.core.ways import kind, proxy_of, refused

NOT_ITS_FAULT = (IgnoreRequest, DownloadCancelledError)  # refused by us; too large
UNUSABLE = (DownloadConnectionRefusedError, CannotResolveHostError)  # whatever site was asked for
UNREACHED = (502, 504)  # a proxy's word for a site it did not reach
BUSY = 503  # its word or the shop's


class VerdictBanPolicy:
    """A proxy is banned by a page that says so, or by itself: 407, 502, 504. The shop's own 404 is not its fault, nor
    does a 503 tell anything of it. What turns a glance away may merely not care for HEAD."""

    def response_is_ban(self, request: Request, response: Response) -> bool | None:
        verdict, reason = request.meta.get("verdict", (Verdict.ok, ""))
        if response.status in (407, *UNREACHED) or refused(verdict, reason, response.status):
            return True
        told = response.status < 400 if request.meta.get("glance") else response.status != BUSY
        return False if told else None

    def exception_is_ban(self, request: Request, exception: Exception) -> bool | None:
        return None if isinstance(exception, NOT_ITS_FAULT) else True


class BanDetectionMiddleware(_BanDetection):
    """Sets `_ban` of requests that went through a proxy."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BanDetectionMiddleware":
        middleware = super().from_crawler(crawler)
        middleware.crawler = crawler
        return middleware

    def process_response(self, request: Request, response: Response) -> Any:
        if not proxy_of(request.meta.get("way", "")):
            return response
        return super().process_response(request, response, self.crawler.spider)

    def process_exception(self, request: Request, exception: Exception) -> Any:
        if proxy_of(request.meta.get("way", "")):
            super().process_exception(request, exception, self.crawler.spider)


class ProxyMiddleware:
    def __init__(self, crawler: Crawler, proxies: dict[str, str]):
        self.crawler, self._proxies = crawler, proxies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ProxyMiddleware":
        return cls(crawler, config().proxies_by_name())

    def process_request(self, request: Request) -> Any:
        way = request.meta.get("way", "")
        if kind(way or "direct") == "proxy":
            # Scrapy takes user and password out of it before the request leaves.
            request.meta["proxy"] = self._proxies[proxy_of(way) or ""]

    async def process_response(self, request: Request, response: Response) -> Any:
        await self._report(request, response.status == 407, failed=response.status in UNREACHED)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Any:
        await self._report(request, unusable(exception), failed=True)

    async def _report(self, request: Request, unusable: bool, failed: bool = False) -> None:
        """A proxy that can't be used rests at every site, one that was turned away at this one."""
        name, ban = proxy_of(request.meta.get("way", "")), request.meta.get("_ban")
        if name is None or ban is None:
            return
        site, health = urlsplit(request.url).netloc, await shared(self.crawler).proxy_health()
        if not ban:
            await health.worked(site, name)
            return
        await health.failed(site, name, everywhere=unusable)
        reason = "dead" if unusable else "failed" if failed else "banned"
        metrics.rest(reason)
        self.crawler.stats.inc_value(f"homefeed/proxies/{reason}")


def unusable(exception: Exception) -> bool:
    """Was it the proxy itself that could not be reached, or would not serve us?"""
    if isinstance(exception, TunnelError):
        return not any(f"'status': {status}" in str(exception) for status in (*UNREACHED, BUSY))
    return isinstance(exception, UNUSABLE)
