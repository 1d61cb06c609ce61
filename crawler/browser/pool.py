"""One Chromium for all crawls of this process: started when first needed, replaced by a fresh one after so many pages
or megabytes, gone when the last crawl that used it ends."""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, PlaywrightContextManager, ProxySettings

from crawler.browser import chromium
from crawler.browser.gateway import Gateway
from crawler.browser.memory import tree_mb
from crawler.core.config import Config, config
from crawler.core.guard import Guard

PAGES = 50  # then its memory is due
MEGABYTES = 800.0
AT_ONCE = 4  # pages under way
START_S = 20.0
CLOSE_S = 10.0
QUIET = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-dev-shm-usage",
)  # fmt: skip

log = logging.getLogger(__name__)


class Chromium:
    """`enter` before the first page of a crawl, `leave` after its last. `started` counts browsers."""

    def __init__(self, settings: Config, pages: int = PAGES, megabytes: float = MEGABYTES):
        self._config, self._most_pages, self._most_mb = settings, pages, megabytes
        self._turn = asyncio.Condition()
        self._users = self._under_way = self._pages = self.started = 0
        self._due = False
        self._mark = ""
        self._gateway: Gateway | None = None
        self._driver: PlaywrightContextManager | None = None
        self._playwright: Any = None
        self._browser: Browser | None = None

    async def enter(self) -> None:
        self._users += 1

    async def leave(self) -> None:
        self._users -= 1
        if self._users:
            return
        async with self._turn:
            await self._stop()
            if self._playwright:
                await asyncio.wait_for(self._playwright.stop(), CLOSE_S)
            if self._gateway:
                await self._gateway.close()
            self._playwright = self._gateway = None

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Browser]:
        """The browser, which is not replaced while a page of it is under way. Raises Playwright's Error."""
        async with self._turn:
            await self._turn.wait_for(lambda: self._under_way < (1 if self._due else AT_ONCE))
            browser = await self._ready()
            self._under_way += 1
            self._pages += 1
        try:
            yield browser
        finally:
            async with self._turn:
                self._under_way -= 1
                self._due = self._due or self._pages >= self._most_pages or await self._heavy()
                self._turn.notify_all()

    def proxy(self, name: str | None) -> ProxySettings:
        """Of a context: all it asks for passes the guard, then the proxy of that name."""
        assert self._gateway
        return ProxySettings(**self._gateway.settings(name))

    async def _ready(self) -> Browser:
        if self._browser and (self._due or not self._browser.is_connected()):
            await self._stop()
        if self._playwright is None:
            self._gateway = Gateway(Guard(self._config.names("guard_allow")), self._config.proxies_by_name())
            await self._gateway.open()
            self._playwright = await asyncio.wait_for(PlaywrightContextManager().start(), START_S)
        if self._browser is None:
            self._browser = await self._launch()
        return self._browser

    async def _launch(self) -> Browser:
        self._mark, self._pages, self._due = f"--homefeed={secrets.token_hex(8)}", 0, False
        self.started += 1
        # Chromium's own sandbox does not work for root, who can't be kept out of anything anyway.
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        browser: Browser = await self._playwright.chromium.launch(
            executable_path=chromium(self._config.browser), args=[*QUIET, *root, self._mark], timeout=START_S * 1000,
            handle_sigint=False, handle_sigterm=False, handle_sighup=False,
        )  # fmt: skip
        log.info("Chromium %s started", browser.version)
        return browser

    async def _stop(self) -> None:
        browser, self._browser = self._browser, None
        if browser:
            log.info("Chromium ends after %d pages", self._pages)
            await asyncio.wait_for(browser.close(), CLOSE_S)

    async def _heavy(self) -> bool:
        return await asyncio.to_thread(tree_mb, self._mark) >= self._most_mb


_of_loop: dict[asyncio.AbstractEventLoop, Chromium] = {}


def shared_chromium() -> Chromium:
    """The one of this process's loop."""
    loop = asyncio.get_running_loop()
    if loop not in _of_loop:
        _of_loop.clear()
        _of_loop[loop] = Chromium(config())
    return _of_loop[loop]
