"""StockX (https://stockx.com): sneakers and streetwear between a buyer's bid and a seller's ask; US dollars unless the
page was asked in another currency.

Terms: https://stockx.com/terms allow no automated access without consent; the sanctioned way is the public API v2
(https://developer.stockx.com). With `STOCKX_API_KEY` and `STOCKX_ACCESS_TOKEN` (of the operator's own login, 12 hours)
the API is asked: 25,000 calls a day, one a second; else pages, where PerimeterX answers haste with "Press & Hold".
Prices: the lowest ask, before the buyer's processing fee, shipping and taxes; beside it the highest bid and the last
sale, for all sizes together and for each; from `__NEXT_DATA__` or the API. Sold out only where the page counts 0 asks.
Not tried live. Assumed of the API: `market-data` of a whole product lists its variants (as others use it), and an
access token comes from the environment; of pages: `page=` turns them. Fees are data to be checked before use.
"""

import re
from typing import Any
from urllib.parse import quote_plus

from w3lib.url import add_or_replace_parameter

from crawler.bases import structured
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind
from crawler.bases.sneakers import stockx
from crawler.bases.sneakers.market import Item, MarketSpider
from crawler.core.config import config


class StockxSpider(MarketSpider):
    name = "stockx"
    base_url, api_url = "https://stockx.com", "https://api.stockx.com"
    currency = "USD"
    envelope = frozenset({"products", "item"})
    routes = {"search": "/search?s={query}&page={page}", "category": "/{category}?page={page}"}
    product_url = re.compile(r"^/(?:[a-z]{2}-[a-z]{2}/)?(?P<sku>[a-z0-9]+(?:-[a-z0-9]+){2,})/?(?:\?|$)")
    listing_url = re.compile(r"^/(?:[a-z]{2}-[a-z]{2}/)?(?:search|category|brands)\b")
    fees = {
        "read_at": "2026-11-21", "currency": "USD", "check": "set by account, region and level; may have changed",
        "source": "https://stockx.com/help/articles/what-are-stockxs-fees-for-sellers (a stored copy)",
        "seller": {"transaction_percent_by_level": {"1": 9.0, "2": 8.5, "3": 8.0, "4": 7.5, "5": 7.0},
                   "payment_processing_percent": 3.0, "minimum_fee_assumed": "differs by region, about 5 USD"},
        "buyer": {"assumed": "a processing fee, shipping and taxes are added at checkout and vary; none is in a price"},
    }  # fmt: skip

    def headers(self) -> dict[str, str]:
        token = config().environ.get("STOCKX_ACCESS_TOKEN")
        return {"X-API-Key": self.key, "Authorization": f"Bearer {token}"} if self.key and token else {}

    def search_url(self, page: int) -> str:
        return f"{self.api}/v2/catalog/search?query={quote_plus(self.query)}&pageNumber={page}&pageSize=10"

    def one_url(self, slug: str) -> str:
        return f"{self.api}/v2/catalog/search?query={quote_plus(slug)}&pageNumber=1&pageSize=10"

    def items(self, data: Any) -> list[Item]:
        return [item for item in dig(data, "products", default=[]) if dig(item, "productId") and dig(item, "urlKey")]

    def steps(self, item: Item) -> dict[str, str]:
        good = f"{self.api}/v2/catalog/products/{quote_plus(str(item['productId']))}"
        return {"variants": f"{good}/variants", "market": f"{good}/market-data?currencyCode={self.currency}"}

    def slug(self, item: Item) -> str:
        return str(item["urlKey"])

    def kind(self, doc: Document) -> Kind:
        if doc.is_json:
            return "product" if dig(doc.data, "item") else "listing"
        if self.state(doc).tiles():
            return "listing"
        return "product" if self.state_product(doc) else super().kind(doc)

    def product(self, doc: Document) -> list[Facts]:
        """What is shown is left out: asks, bids and last sales stand side by side there."""
        if doc.is_json:
            return [stockx.answered(doc.data["item"], doc.data["variants"], doc.data["market"], self.currency)]
        return [self.named(facts, doc.url) for facts in (*self.state_product(doc), *structured.product_facts(doc))]

    def state_product(self, doc: Document) -> list[Facts]:
        told = self.state(doc).product(self.sku_of(doc.url) or "")
        return [told] if told else []

    def listing(self, doc: Document) -> list[Facts]:
        if doc.is_json:
            return [stockx.described(item) for item in self.items(doc.data)]
        return [*self.state(doc).tiles(), *super().listing(doc)]

    def state(self, doc: Document) -> stockx.State:
        return stockx.State(doc.states.get("__NEXT_DATA__"), self.currency)

    def next_page(self, doc: Document, page: int) -> str | None:
        if doc.is_json:
            return self.search_url(page + 1) if dig(doc.data, "hasNextPage") else None
        more = any(dig(data, "browse", "results", "pageInfo", "pageCount", default=0) > page
                   for data, _ in self.state(doc).answers)  # fmt: skip
        return add_or_replace_parameter(doc.url, "page", str(page + 1)) if more else None
