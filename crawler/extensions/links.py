"""Do the addresses of a product and of its picture lead anywhere? Asked of a few products of each crawl, behind its
pages: HEAD, else the first bytes; what was found is believed for a while by every crawl."""

import asyncio
import logging
import time
from typing import Any
from urllib.parse import urlsplit

import msgspec
import scrapy
from scrapy import exceptions, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.core import links
from crawler.core.cache import tags
from crawler.core.config import config
from crawler.core.links import Link
from crawler.core.models import Page, Product
from crawler.core.shared import outdate, shared
from crawler.core.verdicts.redirects import moved
from crawler.core.verified import note

TIMEOUT = 15.0
PICTURE_PACE = 0.2  # seconds between two pictures of one host: they are made to be shown by the dozen
AWAY = (
    OSError, TimeoutError, exceptions.IgnoreRequest, exceptions.CannotResolveHostError,
    exceptions.DownloadCancelledError, exceptions.DownloadConnectionRefusedError, exceptions.DownloadFailedError,
    exceptions.DownloadTimeoutError, exceptions.ResponseDataLossError, exceptions.UnsupportedURLSchemeError,
)  # fmt: skip

log = logging.getLogger(__name__)


class LinksExtension:
    """A spider may say in `statuses` what a status of its site means ({403: False}); None says nothing."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.left = config().checks if config().verify else 0
        self._one = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LinksExtension":
        extension = cls(crawler)
        crawler.signals.connect(extension.scraped, signal=signals.item_scraped)
        return extension

    async def scraped(self, item: Any) -> None:
        """One page at a time; the others are read meanwhile."""
        if not isinstance(item, Page) or not item.products or self.left <= 0:
            return
        async with self._one:
            for product in item.products:
                if self.left <= 0:
                    break
                await self._check(product)

    async def _check(self, product: Product) -> None:
        known = product.verified.url if product.verified else None  # its own page was just read
        page = None if known else await self._holds("page", product.url)
        picture = await self._holds("picture", product.images[0]) if product.images else None
        asked = [found for found in (page, picture) if found and found[1]]
        if not asked:
            return
        self.left -= 1
        store = await shared(self.crawler).store()
        said = {"url": page and page[0].holds, "image": picture and picture[0].holds}
        if await note(store, product.id, time.time(), **said):
            await outdate(shared(self.crawler), [tags.product(product.id)])

    async def _holds(self, of: links.Of, url: str) -> tuple[Link, bool]:
        """(what is known of an address, whether it was asked just now)."""
        store, key = await shared(self.crawler).store(), links.key(url)
        kept = await store.get(links.KIND, key)
        if kept is not None:
            return msgspec.convert(kept, Link), False
        found = await self._ask(of, url)
        self.crawler.stats.inc_value(f"homefeed/links/{of}/{found.holds}")
        await store.put(links.KIND, key, msgspec.to_builtins(found), ttl=found.lasts_s)
        return found, True

    async def _ask(self, of: links.Of, url: str) -> Link:
        """HEAD, or the first bytes where the server does not care for HEAD."""
        try:
            response = await self._fetch(of, url, "HEAD")
            if response.status in links.NO_HEAD:
                response = await self._fetch(of, url, "GET")
        except AWAY as error:
            log.info("%s is not checked: %s", url, error)
            return Link(None, 0, time.time())
        elsewhere = of == "page" and moved(url, response.url) is not None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        own = getattr(self.crawler.spider, "statuses", {})
        return Link(links.holds(of, response.status, content_type, elsewhere, own), response.status, time.time())

    async def _fetch(self, of: links.Of, url: str, method: str) -> Response:
        site = urlsplit(url).hostname
        meta: dict[str, Any] = {"glance": True, "download_timeout": TIMEOUT, "max_retry_times": 0}
        if of == "picture":
            meta |= {"download_slot": f"pictures:{site}", "dont_obey_robotstxt": True, "pace": PICTURE_PACE}
        headers = {"Range": "bytes=0-1023"} if method == "GET" else {}
        async with asyncio.timeout(4 * TIMEOUT):
            return await self.crawler.engine.download_async(
                scrapy.Request(url, method=method, headers=headers, meta=meta)
            )
