"""The Home Depot (https://www.homedepot.com), the United States; USD.

Terms: https://www.homedepot.com/c/Terms_of_Use allow no automated access without consent; operators decide.
robots.txt closes /s/ (search) and *NCNI-5*, not /b/ (categories), /p/ (products) and the sitemap it names; so search is
tried only when HOMEFEED_ROBOTS_IGNORE names home_depot, else the sitemap leads to products by the query's words.
Rate: none is stated; Akamai answers haste with "Access Denied", so one request in five seconds.
Prices: `pricing.value` (was: `pricing.original`) of the product in `__APOLLO_STATE__` or in an answer of the site's
GraphQL service, beside JSON-LD and what the page shows; bulk, unit and financing prices are never the price. A good's
id is the number at the end of its address; its title is the label beside the brand.

Assumed, not tried live: `Nao` counts the goods passed over; a page's state holds its product as `base-catalog-<id>`
with arguments in its field names (`pricing({…})`), and a list of them under `ROOT_QUERY`.
"""

import re

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.shops import home_depot
from crawler.bases.standard import StandardSpider


class HomeDepotSpider(StandardSpider):
    name = "home_depot"
    base_url = "https://www.homedepot.com"
    currency = "USD"
    pace = 5.0
    page_size = 24
    routes = {"search": "/s/{query}?NCNI-5&Nao={offset}", "category": "/b/{category}?Nao={offset}",
              "sitemap": "/robots.txt"}  # fmt: skip
    product_url = re.compile(r"/p/(?:[^/?]+/)?(?P<sku>\d{9})(?:[/?]|$)")
    listing_url = re.compile(r"^/(?:s|b)/")
    answers = {"product": "data.product", "listing": "data.searchModel"}
    state_numbers = zip_codes = True
    state_first = True  # its title has no brand before it, its pictures are the full size

    def state_product(self, doc: Document) -> list[Facts]:
        return home_depot.product(doc, self.sku_of(doc.url), self.base_url, self.currency)

    def state_listing(self, doc: Document) -> list[Facts]:
        return home_depot.tiles(doc, self.base_url, self.currency)

    def more(self, doc: Document, page: int) -> bool | None:
        total = home_depot.total(doc)
        return None if total is None else page * self.page_size < total
