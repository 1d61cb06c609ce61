"""A glance at an address: HEAD, else the first bytes; a picture that is to be compared with others is fetched whole."""

import asyncio
import logging
import time
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.core import links
from crawler.core.errors import PictureError
from crawler.core.links import Link
from crawler.core.pictures import MAX_BYTES, inspect
from crawler.core.verdicts.redirects import moved
from crawler.downloads import AWAY, download, picture_meta
from crawler.middlewares.patience import left

SPARE = 1.0  # seconds before its crawl must end

log = logging.getLogger(__name__)


class Glance:
    """`own`: what a status means at this source, where that is not the usual."""

    def __init__(self, crawler: Crawler, own: links.Statuses):
        self._crawler, self._own = crawler, own

    async def at(self, of: links.Of, url: str, whole: bool = False) -> Link:
        """What an address leads to; an address that can't be reached now says nothing."""
        try:
            if whole:
                return await self._looked_at(url)
            response = await self._fetch(of, url, "HEAD")
            if response.status in links.NO_HEAD:
                response = await self._fetch(of, url, "GET", {"Range": "bytes=0-1023"})
            return self._link(of, url, response)
        except AWAY as error:
            log.info("%s is not checked: %s", url, error)
            return Link(None, 0, time.time())

    async def _looked_at(self, url: str) -> Link:
        response = await self._fetch("picture", url, "GET", download_maxsize=MAX_BYTES)
        found = self._link("picture", url, response)
        if not found.holds:
            return found
        try:
            picture = await asyncio.to_thread(inspect, response.body)
        except PictureError as error:
            log.info("%s is no picture: %s", url, error.reason)
            return Link(False, response.status, found.at)
        return Link(True, response.status, found.at, picture.phash or "")

    def _link(self, of: links.Of, url: str, response: Response) -> Link:
        elsewhere = of == "page" and moved(url, response.url) is not None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        said = links.holds(of, response.status, content_type, elsewhere, self._own)
        return Link(said, response.status, time.time())

    async def _fetch(
        self, of: links.Of, url: str, method: str, headers: dict[str, str] | None = None, **more: Any
    ) -> Response:
        meta: dict[str, Any] = {"glance": True, "max_retry_times": 0} | more
        if of == "picture":
            meta |= picture_meta(url)
        within = left(self._crawler) - SPARE
        return await download(self._crawler, url, meta, method=method, headers=headers, within=within)
