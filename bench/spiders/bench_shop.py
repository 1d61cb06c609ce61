"""The bench's listing pages, read by selectolax as any visible shop is."""

from collections.abc import AsyncIterator
from typing import Any

import scrapy

from bench.crawl import Meter
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.pick import tiles
from crawler.bases.reading import Read
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.core.models import Rating
from crawler.core.money import minor, parse

PARTS = {
    "link": "h3.product__title a", "img": "img.product__img", "price": "span.price", "was": "s.price-old",
    "stars": "div.rating", "reviews": "span.sr",
}  # fmt: skip


class BenchReader(RetailerSpider):
    base_url = "http://127.0.0.1:1"
    currency = "EUR"

    def kind(self, doc: Document) -> Kind:
        return "listing"

    def listing(self, doc: Document) -> list[Facts]:
        return [self._facts(**parts) for parts in tiles(doc.tree, "li.product", **PARTS)]

    def _facts(self, tile: Any, link: Any, img: Any, price: Any, was: Any, stars: Any, reviews: Any) -> Facts:
        before = parse(was.text(), "EUR")
        return Facts(
            "visible", sku=tile.attrs["data-sku"], url=self.base_url + link.attrs["href"], title=link.text(),
            images=[self.base_url + img.attrs["src"]], currency="EUR", price=minor(price.attrs["content"], "EUR"),
            list_price=before and before.amount,
            rating=Rating(float(stars.attrs["data-stars"]), int(reviews.text()[1:].split()[0])),
        )  # fmt: skip


class BenchSearchSpider(BenchReader):
    """One page per search: `/p/<query>`, or `/new/<query>` with goods that no page before had."""

    name = "bench_search"
    routes = {"search": "/p/{query}"}


class BenchNewSpider(BenchReader):
    name = "bench_new"
    routes = {"search": "/new/{query}"}


class BenchShopSpider(BenchReader):
    """Asked for its pages one by one."""

    name = "bench_shop"
    routes = {"search": "/p/{page}"}

    def __init__(self, urls: list[str], meter: Meter, **kwargs: Any):
        super().__init__(query="bench", **kwargs)
        self.urls, self.meter = urls, meter

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield scrapy.Request(url)

    def read(self, doc: Document, page: int = 1) -> Read:
        read = super().read(doc, page)
        self.meter.page(len(read.page))
        return read
