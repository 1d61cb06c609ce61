"""A shop: how its pages are found, and what each kind of page says.

A spider declares `base_url`, `currency` and its `routes`, and fills the pure readers `kind`, `product`, `listing` and
`next_page`; `scrapy read` runs the same readers on a saved file.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal
from urllib.parse import quote, quote_plus, urljoin

import scrapy
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.settings import BaseSettings

from crawler.bases import sitemap
from crawler.bases.document import Document
from crawler.bases.facts import Facts, together, vote
from crawler.bases.reading import Read
from crawler.core.config import config
from crawler.core.errors import InputError, MoneyError
from crawler.core.models import Page, Product
from crawler.core.verdicts import Verdict

Kind = Literal["product", "listing", "other"]


class RetailerSpider(scrapy.Spider):
    """`routes`: url templates by how they discover (search, category, sitemap), tried in order until robots.txt
    allows one. They may use {query}, {category}, {page}, {offset}, {size} and {location}. "sitemap" leads to a sitemap,
    or to the robots.txt that names some."""

    base_url: str
    currency: str
    routes: dict[str, str] = {}
    page_size = 40

    def __init__(
        self,
        query: str = "",
        pages: str = "1",
        category: str = "",
        location: str = "",
        url: str = "",
        details: str = "0",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.query, self.category, self.url = query.strip(), category.strip(), url.strip()
        self.location = location.strip() or config().location
        self.pages = whole("pages", pages, least=1)
        self.details = whole("details", details, least=0)
        self.base_url = config().base_url(self.name) or self.base_url
        self.walk = sitemap.Walk(self.pages * self.page_size)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        if cls.name in config().names("robots_ignore"):
            settings.set("ROBOTSTXT_OBEY", False, priority="spider")

    # what a spider fills

    def kind(self, doc: Document) -> Kind:
        """What the page is, from its url and structure."""
        raise NotImplementedError

    def product(self, doc: Document) -> list[Facts]:
        """Each reader's words on the page's own product, most trusted first."""
        raise NotImplementedError

    def listing(self, doc: Document) -> list[Facts]:
        """One per tile of a result or category page and reader; never a carousel or an advertised neighbour. Readers
        that give a tile the same sku are compared."""
        raise NotImplementedError

    def next_page(self, doc: Document, page: int) -> str | None:
        """Where the next page of this listing is. By default: the same route, one page on."""
        return None

    # reading

    def read(self, doc: Document, page: int = 1) -> Read:
        """Verdict first; only an `ok` page is read."""
        verdict, reason = doc.verdict
        result = Read(Page(self.name, doc.url, verdict, reason, fetched_at=time.time()))
        if verdict is Verdict.ok:
            self._read_ok(doc, result, page)
        return result

    def _read_ok(self, doc: Document, result: Read, page: int) -> None:
        kind, dropped = self.kind(doc), Counter[str]()
        if kind == "product":
            result.page.products = self._products([self.product(doc)], "page", dropped, result.page.fetched_at)
        elif kind == "listing":
            tiles = together(self.listing(doc))
            result.page.products = self._products(tiles, "list", dropped, result.page.fetched_at)
            result.details = [p.url for p in result.page.products]
            result.next = self.next_page(doc, page)
        result.page.dropped = dict(dropped)
        if kind != "other" and not result.page.products:
            result.page.verdict, result.page.reason = self.nothing_read(doc, kind)

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        """Why a page of a known kind gave nothing: a listing may be honestly empty, a product page may not."""
        return (Verdict.empty, "no tiles") if kind == "listing" else (Verdict.drifted, "no product block")

    def _products(
        self, found: list[list[Facts]], depth: Literal["page", "list"], dropped: Counter[str], at: float
    ) -> list[Product]:
        products: dict[str, Product] = {}
        for readers in found:
            dropped.update(problem for facts in readers for problem in facts.problems)
            try:
                product = vote(self.name, readers, depth=depth, fetched_at=at)
            except MoneyError as error:
                dropped[error.reason] += 1
                continue
            if product is None or not product.title:
                dropped["no_id" if product is None else "no_title"] += 1
            elif products.setdefault(product.id, product) is not product:
                dropped["repeated"] += 1
        return list(products.values())

    # crawling

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if not (self.query or self.category or self.url):
            raise InputError("query", "say what to look for: -a query=sofa, -a category=… or -a url=…")
        if self.url:
            yield scrapy.Request(self.url)
            return
        wanted = self.wanted()
        if not wanted:
            raise InputError("category", f"{self.name} has no such route")
        yield self._route(wanted)

    def wanted(self) -> list[str]:
        """The routes of this crawl, the best first."""
        return [route for route in self.routes if (route == "category") == bool(self.category)]

    def _route(self, routes: list[str]) -> scrapy.Request:
        return scrapy.Request(
            self.route_url(routes[0]),
            callback=self.parse_sitemap if routes[0] == "sitemap" else self.parse,
            errback=self._next_route,
            cb_kwargs={"route": routes[0]},
            meta={"routes": routes[1:]},
        )

    def route_url(self, route: str, page: int = 1) -> str:
        path = self.routes[route].format(
            query=quote_plus(self.query),
            category=quote(self.category),
            page=page,
            offset=(page - 1) * self.page_size,
            size=self.page_size,
            location=quote(self.location),
        )
        return urljoin(self.base_url, path)

    def _next_route(self, failure: Any) -> Iterator[scrapy.Request]:
        failure.trap(IgnoreRequest)
        left = failure.request.meta["routes"]
        if left:
            yield self._route(left)
        else:
            raise CloseSpider("robots")

    def parse(self, response: scrapy.http.Response, route: str = "", page: int = 1) -> Iterator[Page | scrapy.Request]:
        read = self.read(Document.from_response(response), page)
        yield read.page
        if read.next and page < self.pages:
            yield response.follow(read.next, cb_kwargs={"route": route, "page": page + 1})
        for url in read.details[: self.details]:
            yield response.follow(url)

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
            yield Page(self.name, response.url, Verdict.empty, "no address has these words", fetched_at=time.time())
        for url in urls:
            yield scrapy.Request(url, self.parse_sitemap if found.kind == "maps" else self.parse)


def whole(field: str, text: str, least: int) -> int:
    """A whole number of at least `least`, or an InputError naming the argument."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise InputError(field, f"must be a whole number of at least {least}, not {text!r}")
    return number
