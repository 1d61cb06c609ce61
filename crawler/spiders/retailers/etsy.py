"""Etsy (https://www.etsy.com), a market of makers and of old things; prices in the visitor's currency, USD at first.

Terms: https://www.etsy.com/legal/terms-of-use allow no scraping; the sanctioned way is the Open API v3; operators
decide. robots.txt leaves /search, /c/ and /listing/ open (not with attr_, price_bucket, ship_to, order, min or max) and
names sitemaps of all listings. Rate: none is stated; DataDome answers haste with a captcha, so one request in five
seconds. Prices: JSON-LD (one price, or the lowest and the highest of an AggregateOffer) beside what the page shows;
"$45.00+", a range and OpenGraph's, which is the lowest, are no price; the priced options of a choice
("Small ($45.00)") are offers of their own. The maker's shop is the seller. A good's id is the number in its address;
its pictures are asked for in full size (`il_fullxfull`).

Built without a saved page, from the shapes of published scrapers; nothing was tried live. Assumed: `page` turns pages;
an option that is gone says so in its words; `brand` in JSON-LD names the shop.
"""

import re

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.shops import etsy
from crawler.bases.standard import StandardSpider


class EtsySpider(StandardSpider):
    name = "etsy"
    base_url = "https://www.etsy.com"
    currency = "USD"
    pace = 5.0
    routes = {"search": "/search?q={query}&page={page}", "category": "/c/{category}?page={page}"}
    product_url = re.compile(r"/listing/(?P<sku>\d{5,13})(?:[/?]|$)")
    listing_url = re.compile(r"^(?:/[a-z]{2}(?:-[a-z]{2})?)?/(?:search|c|market|shop)\b")

    def trusted(self, readers: list[Facts]) -> list[Facts]:
        """The shop is the seller; OpenGraph's price is the lowest of several."""
        for facts in readers:
            facts.seller = facts.seller or facts.brand
            if facts.reader == "opengraph":
                facts.price = facts.list_price = None
        return readers

    def product(self, doc: Document) -> list[Facts]:
        return etsy.sold(super().product(doc), doc, self.currency)

    def named(self, facts: Facts, url: str) -> Facts:
        facts = super().named(facts, url)
        facts.url = facts.url.partition("?")[0] if facts.url else None
        facts.images = [re.sub(r"/il_\d+x(?:\d+|N)\.", "/il_fullxfull.", image) for image in facts.images]
        return facts
