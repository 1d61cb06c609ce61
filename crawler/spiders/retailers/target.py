"""Target (https://www.target.com), the United States; USD.

Terms: https://www.target.com/c/terms-conditions/-/N-4sr7l allow no automated access without consent; operators decide.
robots.txt closes /s?searchTerm= (search), not /c/ (categories), /p/ (products) and the sitemaps it names; so search is
tried only when HOMEFEED_ROBOTS_IGNORE names target, else the sitemaps lead to products by the query's words.
Rate: none is stated; one request in five seconds.
Prices: `price.current_retail` (was: `reg_retail`) of the product in `__TGT_DATA__` or in an answer of the site's own
service (redsky.target.com, read when its address is given; its key is the site's, none is kept here), beside JSON-LD
and what the page shows. A range is no price; a bed's sizes and colours are offers of their own. A good's id is the
number after "A-" in its address (TCIN).

Built without a saved page, from the shapes of published scrapers and API answers; nothing was tried live. Assumed:
`Nao` counts the goods passed over; a vendor is named as the seller only where `is_marketplace` is set; result pages
are mostly drawn by scripts, so a page without tiles that does not say so is not an empty list.
"""

import re

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.shops import target
from crawler.bases.standard import StandardSpider

NOTHING = re.compile(r"couldn['’]t find (?:a |any )?match|no (?:results|matches) (?:found|for)|0 results", re.I)


class TargetSpider(StandardSpider):
    name = "target"
    base_url = "https://www.target.com"
    currency = "USD"
    pace = 5.0
    page_size = 24
    routes = {"search": "/s?searchTerm={query}&Nao={offset}", "category": "/c/{category}?Nao={offset}",
              "sitemap": "/robots.txt"}  # fmt: skip
    product_url = re.compile(r"/p/.*?\bA-(?P<sku>\d{5,10})\b")
    listing_url = re.compile(r"^/(?:s|c|b)[/?]")
    answers = {"product": "data.product", "listing": "data.search"}
    state_numbers = state_first = zip_codes = True  # the state knows the variants

    def state_product(self, doc: Document) -> list[Facts]:
        return target.product(doc, self.sku_of(doc.url), self.base_url, self.currency)

    def state_listing(self, doc: Document) -> list[Facts]:
        return target.tiles(doc, self.base_url, self.currency)

    def says_empty(self, doc: Document) -> bool:
        return doc.is_json or bool(NOTHING.search(doc.tree.body.text() if doc.tree.body else ""))
