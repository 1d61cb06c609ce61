"""Myntra (https://www.myntra.com): clothes, shoes and home goods in India; INR.

Terms: https://www.myntra.com/termsofuse allow no automated collection; operators decide. robots.txt closes carts,
accounts and gateways, not the pages of words (`/wooden-chairs`), categories or products; the crawl obeys the live file.
Rate: none is stated; Akamai soon answers "Access Denied", so one request in five seconds.
Prices: `window.__myx` (`pdpData.price.discounted` beside `mrp`, and per size and seller in `sizes`), JSON-LD, and the
row that is shown; coupon ("Best Price"), EMI and bank amounts are offers, not the price. A good's id is its style id.
Sold out: `flags.outOfStock`, or no size that can be bought. Result pages show one size's stock, which is taken as the
good's only when it is there. Product pages were not seen, only described by others; not tried live.
"""

import re

from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.shops import myntra
from crawler.bases.standard import StandardSpider


class MyntraSpider(StandardSpider):
    name = "myntra"
    base_url = "https://www.myntra.com"
    currency = "INR"
    units = "major"
    pace = 5.0
    routes = {"search": "/{query}?rawQuery={query}&p={page}", "category": "/{category}?p={page}"}
    product_url = re.compile(r"/(?P<sku>\d{5,})(?:/buy)?/?(?:\?|$)")
    listing_url = re.compile(r"^/[^/?]")
    state_numbers = state_first = True

    def state_product(self, doc: Document) -> list[Facts]:
        return myntra.product(doc, self.currency, self.location)

    def state_listing(self, doc: Document) -> list[Facts]:
        return myntra.tiles(doc, self.base_url, self.currency)

    def shown_tiles(self, doc: Document) -> list[Facts]:
        """Links in the prose under the list are no tiles."""
        return [tile for tile in super().shown_tiles(doc) if tile.price is not None or tile.images]

    def more(self, doc: Document, page: int) -> bool:
        return dig(myntra.results(doc), "hasNextPage") is True

    def says_empty(self, doc: Document) -> bool:
        return dig(myntra.results(doc), "totalCount") == 0
