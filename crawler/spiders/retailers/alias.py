"""alias, the sellers' side of GOAT (https://www.alias.org), asked by its official API, https://api.alias.org/api/v1

Terms: https://www.alias.org/terms; a personal access token of a seller account, as `ALIAS_API_KEY`, sent as a bearer
token. Without it the source ends as `no_key`: there is no other way in. Rate: limits exist, none is stated; one request
in two seconds. Prices: US dollars in cents; `lowest_listing_price_cents` is the price, `highest_offer_price_cents` the
bid, `last_sold_listing_price_cents` the last sale, per size, condition and box, over all regions, consigned or not.
Not tried live: built from the API's documented examples. Assumed: a `catalog_id` is the last part of GOAT's product
address, so that people have a page to open; "unisex" and "men" sizes are men's; a lowest listing of "0" is no listing.
Fees are data with the day they were read, to be checked before anybody reckons with them.
"""

from typing import Any
from urllib.parse import quote_plus, urlencode

from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.sneakers import alias
from crawler.bases.sneakers.market import Item, MarketSpider


class AliasSpider(MarketSpider):
    name = "alias"
    base_url = api_url = "https://api.alias.org"
    home = "https://www.alias.org"
    hosts = ("www.goat.com",)
    currency = "USD"
    routes = {"search": "/api/v1/catalog?query={query}&limit=25"}
    keyed = True
    envelope = frozenset({"catalog_items", "catalog_item", "item"})
    slug_field = "catalog_id"
    fees = alias.FEES

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept": "application/json"} if self.key else {}

    def search_url(self, page: int) -> str:
        return self.route_url("search", page)

    def one_url(self, slug: str) -> str:
        return f"{self.api}/api/v1/catalog/{quote_plus(slug)}"

    def items(self, data: Any) -> list[Item]:
        return alias.items(data)

    def steps(self, item: Item) -> dict[str, str]:
        return {"market": f"{self.api}/api/v1/pricing_insights/availabilities/{quote_plus(self.slug(item))}"}

    def good(self, item: Item) -> Facts:
        return alias.facts(item, f"https://www.goat.com/sneakers/{self.slug(item)}")

    def quoted(self, said: dict[str, Any]) -> Facts:
        return alias.market(self.good(said["item"]), said["item"], said["market"])

    def next_page(self, doc: Document, page: int) -> str | None:
        token = dig(doc.data, "next_pagination_token") if dig(doc.data, "has_more") else None
        return f"{self.route_url('search')}&{urlencode({'pagination_token': token})}" if token else None
