"""Walmart (https://www.walmart.com), the United States; USD.

Terms: https://www.walmart.com/help/article/walmart-com-terms-of-use allow no automated access without consent;
operators decide. The shop's own robots.txt was not to be had when this was written; the crawl obeys the live file.
Rate: none is stated; PerimeterX answers haste with "Robot or human?" and status 200, so one request in five seconds.
Prices: `priceInfo.currentPrice` of `__NEXT_DATA__` beside what the page shows, and microdata where a page has it; pages
of 2021 carry the same in `item.product.buyBox`, answers of the search service in `search.searchResult`. Prices of other
sellers of the same good, per ounce and of protection plans are never the price. "See price in cart" is an app's word
for a price that its data tells. A good's id is the number at the end of its address.

Assumed, not tried live: `page` turns pages, up to `paginationV2.maxPage`; `wasPrice` is the one struck through; of the
stacks of a result page, those called DEFAULT are the results.
"""

import re

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.shops import walmart
from crawler.bases.standard import StandardSpider


class WalmartSpider(StandardSpider):
    name = "walmart"
    base_url = "https://www.walmart.com"
    currency = "USD"
    pace = 5.0
    routes = {"search": "/search?q={query}&page={page}", "category": "/browse/{category}?page={page}"}
    product_url = re.compile(r"/ip/(?:[^/?]+/)?(?P<sku>\d{5,13})(?:[/?]|$)")
    listing_url = re.compile(r"^/(?:search|browse|cp)\b")
    answers = {"product": "data.product", "listing": walmart.FOUND}
    state_numbers = zip_codes = True
    state_first = True  # it has the pictures in full size

    def state_product(self, doc: Document) -> list[Facts]:
        return walmart.product(doc, self.base_url, self.currency, self.location)

    def state_listing(self, doc: Document) -> list[Facts]:
        return walmart.tiles(doc, self.base_url, self.currency)

    def more(self, doc: Document, page: int) -> bool | None:
        return walmart.more(doc, page)
