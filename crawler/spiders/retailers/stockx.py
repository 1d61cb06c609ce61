"""StockX (https://stockx.com): sneakers and streetwear between a buyer's bid and a seller's ask; US dollars unless the
page was asked in another currency.

Terms: https://stockx.com/terms allow no automated access without consent; the sanctioned way is the public API v2
(https://developer.stockx.com). With `STOCKX_API_KEY` and `STOCKX_ACCESS_TOKEN` (of the operator's own login, 12 hours)
the API is asked, once a second; else pages, at the usual pace: PerimeterX answers haste with "Press & Hold" there.
Prices: the lowest ask, before the buyer's processing fee, shipping and taxes; beside it the highest bid and the last
sale, for all sizes together and for each; from `__NEXT_DATA__` or the API. Sold out only where the page counts 0 asks.
Not tried live. Assumed of the API: one request a second and 25,000 a day, as known of its documents; `market-data` of a
whole product lists its variants (as others use it); an access token comes from the environment; of pages: `page=` turns
them. Fees are data to be checked before use.
"""

import re
from typing import Any
from urllib.parse import quote_plus

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
    api_pace = 1.0
    currency = "USD"
    envelope = frozenset({"products", "item"})
    routes = {"search": "/search?s={query}&page={page}", "category": "/{category}?page={page}"}
    product_url = re.compile(r"^/(?:[a-z]{2}-[a-z]{2}/)?(?P<sku>[a-z0-9]+(?:-[a-z0-9]+){2,})/?(?:\?|$)")
    listing_url = re.compile(r"^/(?:[a-z]{2}-[a-z]{2}/)?(?:search|category|brands)\b")
    slug_field = "urlKey"
    fees = stockx.FEES

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

    def good(self, item: Item) -> Facts:
        return stockx.described(item)

    def quoted(self, said: dict[str, Any]) -> Facts:
        return stockx.answered(said["item"], said["variants"], said["market"], self.currency)

    def state(self, doc: Document) -> stockx.State:
        return stockx.State({} if doc.is_json else doc.states.get("__NEXT_DATA__"), self.currency)

    def kind(self, doc: Document) -> Kind:
        if self.state(doc).tiles():
            return "listing"
        return "product" if self.state_product(doc) else super().kind(doc)

    def state_product(self, doc: Document) -> list[Facts]:
        told = self.state(doc).product(self.sku_of(doc.url) or "")
        return [told] if told else []

    def listing(self, doc: Document) -> list[Facts]:
        return [*self.state(doc).tiles(), *super().listing(doc)]

    def more(self, doc: Document, page: int) -> bool:
        return self.state(doc).pages() > page

    def next_page(self, doc: Document, page: int) -> str | None:
        more = doc.is_json and dig(doc.data, "hasNextPage")
        return self.search_url(page + 1) if more else super().next_page(doc, page)
