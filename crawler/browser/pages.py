"""scrapy-playwright on the process's one Chromium: each request a page of its own, closed however it ends."""

import asyncio
from typing import Any

from playwright.async_api import Browser, Error, Page
from playwright.async_api import TimeoutError as TooLong
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.browser.pool import shared_chromium

PAGE_S = 30.0  # from opening a page to its content, as long as any request may take
QUIET_S = 4.0  # how long what a page fetches after it has loaded is waited for
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
NEEDLESS = ("image", "media", "font")
REDIRECTS = ("redirect_times", "redirect_urls", "redirect_reasons", "download_latency")


class Pages(ScrapyPlaywrightDownloadHandler):
    """Requests carry what `BrowserMiddleware` put into their meta."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._of_crawler = crawler
        self._chromium = shared_chromium()
        self._open: dict[int, Page] = {}
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.browser: Browser | None = None
        self.abort_request = needless
        self.process_request_headers = None  # the browser's own, which agree with each other

    async def enter(self) -> None:
        await self._chromium.enter()

    async def close(self) -> None:
        for wrapper in list(self.context_wrappers.values()):
            await wrapper.context.close()
        await self._chromium.leave()

    async def download_request(self, request: Request) -> Response:
        """Raises Scrapy's own errors, so that retries and proxies know them."""
        own = request.copy()  # scrapy-playwright writes into headers and meta
        try:
            async with self._chromium.page() as browser, asyncio.timeout(PAGE_S):
                response = await self._on(browser, own)
        except (TooLong, TimeoutError) as error:
            raise DownloadTimeoutError(f"no page in the browser within {PAGE_S:.0f} s") from error
        except Error as error:
            raise DownloadFailedError(error.message.partition("\n")[0]) from error
        if len(response.body) > self._most:
            raise DownloadCancelledError(f"{len(response.body)} bytes is larger than download max size ({self._most})")
        request.meta.update({name: own.meta[name] for name in REDIRECTS if name in own.meta})
        return response.replace(request=request)

    async def _on(self, browser: Browser, request: Request) -> Response:
        if browser is not self.browser:
            self.context_wrappers.clear()
            self.browser = browser
        name = request.meta.pop("browser_proxy", None)
        request.meta["playwright_context_kwargs"] = {
            "proxy": self._chromium.proxy(name), "user_agent": self._agent(browser, request), "locale": "en-US",
            "service_workers": "block", "accept_downloads": False,
        }  # fmt: skip
        try:
            return await self._download_request_with_retry(request, self._of_crawler.spider)
        finally:
            page = self._open.pop(id(request), None)
            if page and not page.is_closed():
                await asyncio.shield(page.close())

    def _agent(self, browser: Browser, request: Request) -> str:
        """Our own name, where that is what is said; else the browser's, since no browser passes for another."""
        said = (request.headers.get("User-Agent") or b"").decode()
        if not said.startswith("Mozilla/"):
            return said
        major = browser.version.partition(".")[0]
        return (
            f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
        )

    # what scrapy-playwright calls

    async def _launch(self) -> None:
        return None

    async def _maybe_launch_browser(self) -> None:
        return None

    async def _create_page(self, request: Request, spider: Any) -> Page:
        page = self._open[id(request)] = await super()._create_page(request, spider)
        return page

    async def _apply_page_methods(self, page: Page, request: Request, spider: Any) -> None:
        try:
            await page.wait_for_load_state("networkidle", timeout=QUIET_S * 1000)
        except TooLong:
            self.stats.inc_value("homefeed/browser/never_quiet")
        await super()._apply_page_methods(page, request, spider)


def needless(request: Any) -> bool:
    """Is it something no reader looks at?"""
    return request.resource_type in NEEDLESS
