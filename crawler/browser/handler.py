"""Scrapy's download handler, which hands requests that go by a browser to scrapy-playwright. Nothing of Playwright is
imported or started before the first of them."""

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response


class Handler(HTTP11DownloadHandler):
    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._of_crawler = crawler
        self._pages: Any = None

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        if self._pages is None:
            from crawler.browser.pages import Pages

            self._pages = Pages(self._of_crawler)
            await self._pages.enter()
        return await self._pages.download_request(request)

    async def close(self) -> None:
        await super().close()
        if self._pages:
            await self._pages.close()
