"""A request that goes by a browser says so to the download handler: each session behind each proxy is a browser's
profile of its own, with its own cookies."""

from typing import Any

from scrapy import Request

from crawler.core.ways import kind, proxy_of


class BrowserMiddleware:
    def process_request(self, request: Request) -> Any:
        way = request.meta.get("way", "direct")
        for name in ("playwright", "playwright_context", "browser_proxy"):
            request.meta.pop(name, None)
        if kind(way) == "browser":
            agent = (request.headers.get("User-Agent") or b"").decode()
            context = f"{way}#{request.meta.get('cookiejar', '')} {agent}"
            request.meta.update(playwright=True, playwright_context=context, browser_proxy=proxy_of(way))
