"""What every spider is: a source asked for something, whose every request ends as a page with a verdict."""

import time
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.settings import BaseSettings

from crawler.core.config import config
from crawler.core.errors import InputError
from crawler.core.models import Page
from crawler.core.odd import too_large
from crawler.core.verdicts import Verdict


class SourceSpider(scrapy.Spider):
    """`base_url` is where the source lives; `HOMEFEED_<SPIDER>_BASE_URL` moves it."""

    base_url: str

    def __init__(self, query: str = "", pages: str = "1", **kwargs: Any):
        super().__init__(**kwargs)
        self.query = query.strip()
        self.pages = whole("pages", pages, least=1)
        self.base_url = config().base_url(self.name) or self.base_url

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.check()
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        if cls.name in config().names("robots_ignore"):
            settings.set("ROBOTSTXT_OBEY", False, priority="spider")

    def check(self) -> None:
        """Before a crawl: is there something to look for? Raises InputError naming the argument."""
        if not self.query:
            raise InputError("query", "say what to look for: -a query=sofa")

    def here(self, url: str) -> str:
        """An absolute address of the source, moved along when its `base_url` was."""
        real, mine = urlsplit(type(self).base_url), urlsplit(self.base_url)
        parts = urlsplit(url)
        return parts._replace(scheme=mine.scheme, netloc=mine.netloc).geturl() if parts.netloc == real.netloc else url

    def failed(self, failure: Any) -> Iterator[Page]:
        """A request without an answer is a page too: counted, and believed in nothing."""
        if forbidden(failure):
            raise CloseSpider("robots")
        message = failure.getErrorMessage()
        kind = "too large" if too_large(message) else failure.type.__name__
        ours = failure.type is IgnoreRequest and kind != "too large"  # not asked at all, for a reason of our own
        reason = (message if ours else f"{kind}: {message}")[:200]
        yield Page(self.name, failure.request.url, Verdict.error, reason, fetched_at=time.time())


def forbidden(failure: Any) -> bool:
    """Whether it was robots.txt that refused: Scrapy says so in words only."""
    return failure.getErrorMessage() == "Forbidden by robots.txt"


def whole(field: str, text: str, least: int) -> int:
    """A whole number of at least `least`, or an InputError naming the argument."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise InputError(field, f"must be a whole number of at least {least}, not {text!r}")
    return number
