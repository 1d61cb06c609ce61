"""Meesho (https://www.meesho.com): a market of small suppliers in India; INR, delivery within the price.

Terms: https://www.meesho.com/legal/terms-conditions allow no automated collection; operators decide. robots.txt: the
crawl obeys the live file. Rate: none is stated; Akamai answers nearly every plain client "Access Denied", so one
request in five seconds, and by browser where there is one: result pages fill themselves after they were loaded.
Prices: the ₹ line of a tile or product page, `__NEXT_DATA__` (`product.details.data.price` beside `mrp_details.mrp`)
and JSON-LD; "onwards" and "with … offers" are offers, not the price. A good's id is what follows /p/ in its address.
Product pages were not seen, only described by others; not tried live. Assumed: `suppliers[].inventory[]` tells stock
and price of each size (`variation.name`) where it is there; `page=` turns result pages.
"""

import re

from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.shops import meesho
from crawler.bases.standard import StandardSpider


class MeeshoSpider(StandardSpider):
    name = "meesho"
    base_url = "https://www.meesho.com"
    currency = "INR"
    units = "major"
    state_numbers = True
    pace = 5.0
    browser = True
    routes = {"search": "/search?q={query}&page={page}", "category": "/{category}?page={page}"}
    product_url = re.compile(r"/p/(?P<sku>[0-9a-z]+)\b")
    listing_url = re.compile(r"^/search\b|/pl/|/ps/")

    def state_product(self, doc: Document) -> list[Facts]:
        return meesho.product(doc, self.currency, self.location)

    def more(self, doc: Document, page: int) -> bool | None:
        return dig(meesho.listing(doc), "hasNextPage")

    def says_empty(self, doc: Document) -> bool:
        return dig(meesho.listing(doc), "loading") is False
