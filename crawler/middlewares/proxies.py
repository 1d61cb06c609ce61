"""scrapy-rotating-proxies, wrapped for today's Scrapy and taught three things: pace stays per site, not per proxy host;
what bans a proxy is a verdict, not a status; and a browser page takes its proxy too. Off without HOMEFEED_PROXIES."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from rotating_proxies.middlewares import BanDetectionMiddleware as _BanDetection
from rotating_proxies.middlewares import RotatingProxyMiddleware as _RotatingProxy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from crawler.core.verdicts import Verdict

BANS = (Verdict.blocked, Verdict.captcha)
NOT_ITS_FAULT = (IgnoreRequest, DownloadCancelledError)  # refused by us; too large


class VerdictBanPolicy:
    """A proxy is banned by a page that says so. The shop's own 404 or 503 is not the proxy's fault."""

    def response_is_ban(self, request: Request, response: Response) -> bool:
        verdict, _ = request.meta.get("verdict", (Verdict.ok, ""))
        return verdict in BANS or response.status == 407

    def exception_is_ban(self, request: Request, exception: Exception) -> bool | None:
        return None if isinstance(exception, NOT_ITS_FAULT) else True


class RotatingProxyMiddleware(_RotatingProxy):
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RotatingProxyMiddleware":
        middleware = super().from_crawler(crawler)
        middleware.crawler = crawler
        return middleware

    def process_request(self, request: Request) -> Any:
        answer = super().process_request(request, self.crawler.spider)
        proxy = request.meta.get("proxy")
        if request.meta.get("_rotating_proxy") and proxy:
            parts = urlsplit(proxy)
            # The slot names the site first, and never the proxy's credentials.
            request.meta["download_slot"] = f"{urlsplit(request.url).hostname}|{parts.hostname}:{parts.port}"
            if request.meta.get("playwright"):
                _browser_proxy(request, parts)
        return answer

    def process_response(self, request: Request, response: Response) -> Any:
        return super().process_response(request, response, self.crawler.spider)

    def process_exception(self, request: Request, exception: Exception) -> Any:
        return super().process_exception(request, exception, self.crawler.spider)


class BanDetectionMiddleware(_BanDetection):
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BanDetectionMiddleware":
        middleware = super().from_crawler(crawler)
        middleware.crawler = crawler
        return middleware

    def process_response(self, request: Request, response: Response) -> Any:
        return super().process_response(request, response, self.crawler.spider)

    def process_exception(self, request: Request, exception: Exception) -> Any:
        return super().process_exception(request, exception, self.crawler.spider)


def _browser_proxy(request: Request, proxy: SplitResult) -> None:
    """scrapy-playwright ignores meta["proxy"]; a context of its own carries it."""
    server = {"server": f"{proxy.scheme}://{proxy.hostname}:{proxy.port}"}
    if proxy.username:
        server |= {"username": proxy.username, "password": proxy.password or ""}
    request.meta["playwright_context"] = f"proxy:{proxy.hostname}:{proxy.port}"
    request.meta["playwright_context_kwargs"] = {**request.meta.get("playwright_context_kwargs", {}), "proxy": server}
