"""What a crawl fetches beside the pages its spider asks for: pictures, and glances at addresses. It passes every
middleware: the guard, the proxies, the retries and the site's own back-off."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, exceptions
from scrapy.crawler import Crawler
from scrapy.http import Response

TIMEOUT = 15.0  # seconds of one attempt
LONGEST = 4 * TIMEOUT  # with its turns and its retries
PICTURE_PACE = 0.2  # seconds between two pictures of one host: they are made to be shown by the dozen
AWAY = (
    OSError, exceptions.IgnoreRequest, exceptions.CannotResolveHostError, exceptions.DownloadCancelledError,
    exceptions.DownloadConnectionRefusedError, exceptions.DownloadFailedError, exceptions.DownloadTimeoutError,
    exceptions.ResponseDataLossError, exceptions.UnsupportedURLSchemeError,
)  # fmt: skip


async def download(
    crawler: Crawler, url: str, meta: dict[str, Any], *, method: str = "GET", headers: dict[str, str] | None = None,
    within: float = LONGEST,
) -> Response:  # fmt: skip
    """The answer, whatever its status, within as many seconds and LONGEST. Raises one of AWAY."""
    async with asyncio.timeout(min(within, LONGEST)):
        request = Request(url, method=method, headers=headers, meta={"download_timeout": TIMEOUT} | meta)
        return await crawler.engine.download_async(request)


def picture_meta(url: str, pace: float = PICTURE_PACE) -> dict[str, Any]:
    """Pictures of a host have a pace of their own, and robots.txt is not asked: it is written for crawlers of pages."""
    slot = f"pictures:{urlsplit(url).hostname}"
    return {"download_slot": slot, "dont_obey_robotstxt": True, "pace": pace}
