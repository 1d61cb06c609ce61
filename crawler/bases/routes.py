"""How the pages of a shop are found: declared routes, tried in order until robots.txt allows one."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, urljoin, urlsplit

import scrapy
from scrapy.exceptions import CloseSpider
from w3lib.url import add_or_replace_parameter

from crawler.bases import sitemap
from crawler.bases.document import Document
from crawler.bases.reading import Read
from crawler.bases.source import SourceSpider, forbidden, whole
from crawler.core.config import config
from crawler.core.errors import InputError
from crawler.core.models import Page
from crawler.core.verdicts import Verdict

_TURNS = re.compile(r"[?&](?P<parameter>\w+)=\{(?P<counts>page|offset)\}")


class RouteSpider(SourceSpider):
    """`routes`: url templates by how they discover (search, category, sitemap). They may use {query}, {category},
    {page}, {offset}, {size} and {location}. "sitemap" leads to a sitemap, or to the robots.txt that names some. `url`
    asks for one page instead, or for several with white space between. `details`: how many product pages of each list
    are read too; `enrich`: how many in all, of those that were only ever seen on lists (extensions/details.py);
    `checks`: of how many products the addresses are checked (extensions/links.py)."""

    routes: dict[str, str] = {}
    page_size = 40

    def __init__(
        self, category: str = "", location: str = "", url: str = "", details: str = "0", enrich: str = "0",
        checks: str = "", **kwargs: Any,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.category, self.url = category.strip(), url.strip()
        self.location = location.strip() or config().location
        self.details, self.enrich = whole("details", details, least=0), whole("enrich", enrich, least=0)
        self.checks = whole("checks", checks or str(config().checks), least=0)
        self.walk = sitemap.Walk(self.pages * self.page_size)

    def check(self) -> None:
        if not (self.query or self.category or self.url):
            raise InputError("query", "say what to look for: -a query=sofa, -a category=… or -a url=…")
        for url in self.url.split():
            if urlsplit(url).scheme not in ("http", "https"):
                raise InputError("url", f"must start with http:// or https://, not {url[:80]!r}")
        if not (self.url or self.wanted()):
            raise InputError("category", f"{self.name} has no such route")

    def read(self, doc: Document, page: int = 1) -> Read:
        raise NotImplementedError

    def wanted(self) -> list[str]:
        """The routes of this crawl, the best first."""
        return [route for route in self.routes if (route == "category") == bool(self.category)]

    def route_url(self, route: str, page: int = 1) -> str:
        path = self.routes[route].format(
            query=quote_plus(self.query), category=quote(self.category), page=page,
            offset=(page - 1) * self.page_size, size=self.page_size, location=quote(self.location),
        )  # fmt: skip
        return urljoin(self.base_url, path)

    def turned(self, url: str, page: int) -> str | None:
        """The address of another page of a list, by the parameter that turns pages in the routes."""
        told = next((found for route in self.routes.values() if (found := _TURNS.search(route))), None)
        if told is None:
            return None
        number = page if told["counts"] == "page" else (page - 1) * self.page_size
        return add_or_replace_parameter(url, told["parameter"], str(number))

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if not self.url:
            yield self._route(self.wanted())
        urls = self.url.split()
        for url in urls:
            yield scrapy.Request(self.here(url), errback=self.failed if len(urls) == 1 else self.passed_over)

    def _route(self, routes: list[str], refused: bool = False) -> scrapy.Request:
        parse = self.parse_sitemap if routes[0] == "sitemap" else self.parse
        meta = {"routes": routes[1:], "refused": refused}
        return scrapy.Request(self.route_url(routes[0]), parse, errback=self._next_route,
                              cb_kwargs={"route": routes[0]}, meta=meta)  # fmt: skip

    def _next_route(self, failure: Any) -> Iterator[Page | scrapy.Request]:
        left = failure.request.meta["routes"]
        if left and forbidden(failure):
            yield self._route(left, refused=True)
        else:
            yield from self.failed(failure)

    def parse(self, response: scrapy.http.Response, route: str = "", page: int = 1) -> Iterator[Page | scrapy.Request]:
        read = self.read(Document.from_response(response), page)
        yield read.page
        if read.next and page < self.pages:
            following = {"route": route, "page": page + 1}
            yield response.follow(self.here(read.next), self.parse, errback=self.passed_over, cb_kwargs=following)
        for url in read.details[: self.details]:
            yield response.follow(self.here(url), self.parse, errback=self.passed_over)

    def passed_over(self, failure: Any) -> Iterator[Page]:
        """A further page that robots.txt forbids is left alone: what was read before it stands."""
        if not forbidden(failure):
            yield from self.failed(failure)

    async def parse_sitemap(
        self, response: scrapy.http.Response, route: str = ""
    ) -> AsyncIterator[Page | scrapy.Request]:
        """Sitemaps lead to sitemaps and at last to the pages whose address has the query's words."""
        found = await asyncio.to_thread(sitemap.chosen, response.url, response.body, self.query, self.walk.pages)
        if found is None:
            yield self.read(Document.from_response(response)).page
            return
        urls = self.walk.take(found)
        if not urls:
            if found.kind == "maps" and response.meta.get("refused"):
                raise CloseSpider("robots")
            yield Page(self.name, response.url, Verdict.empty, "no address has these words", fetched_at=time.time())
        for url in map(self.here, urls):
            if found.kind == "maps":
                yield scrapy.Request(url, self.parse_sitemap, errback=self._map_failed)
            else:
                yield scrapy.Request(url, self.parse, errback=self.passed_over)

    def _map_failed(self, failure: Any) -> Iterator[Page]:
        if not forbidden(failure) or self.walk.refuse():
            yield from self.failed(failure)
