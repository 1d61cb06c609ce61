"""The bench's listing pages, read by selectolax as any visible shop is."""

from collections.abc import AsyncIterator
from typing import Any

import scrapy

from bench.crawl import Meter
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.reading import Read
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.core.models import Rating
from crawler.core.money import minor, parse


class BenchShopSpider(RetailerSpider):
    name = "bench_shop"
    base_url = "http://127.0.0.1:1"
    currency = "EUR"
    routes = {"search": "/p/{page}"}

    def __init__(self, urls: list[str], meter: Meter, **kwargs: Any):
        super().__init__(query="bench", **kwargs)
        self.urls, self.meter = urls, meter

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield scrapy.Request(url)

    def kind(self, doc: Document) -> Kind:
        return "listing"

    def read(self, doc: Document, page: int = 1) -> Read:
        read = super().read(doc, page)
        self.meter.page(len(read.page))
        return read

    def listing(self, doc: Document) -> list[Facts]:
        return [self._facts(tile) for tile in doc.tree.css("li.product")]

    def _facts(self, tile: Any) -> Facts:
        link, rating = tile.css_first("h3.product__title a"), tile.css_first("div.rating")
        was = parse(tile.css_first("s.price-old").text(), "EUR")
        reviews = rating.css_first("span.sr").text().strip("()").split()[0]
        return Facts(
            "visible", sku=tile.attributes["data-sku"], url=self.base_url + link.attributes["href"], title=link.text(),
            images=[self.base_url + tile.css_first("img.product__img").attributes["src"]], currency="EUR",
            price=minor(tile.css_first("span.price").attributes["content"], "EUR"), list_price=was and was.amount,
            rating=Rating(float(rating.attributes["data-stars"]), int(reviews)),
        )  # fmt: skip
