"""Flipkart (https://www.flipkart.com), furniture and everything else; INR.

Terms: https://www.flipkart.com/pages/terms. robots.txt forbids /search and, since 2025, every address with `page=`,
`sort=` or facets; category pages (`/…/pr?sid=…`), products and the sitemaps it names are allowed. So search is tried
only when HOMEFEED_ROBOTS_IGNORE names flipkart; else a query leads to the category it names, and without one to the
products that the sitemaps name in its words. No rate limit is stated; automated traffic is soon answered with a 403
"Flipkart reCAPTCHA" page. Prices: the ₹ row under the heading, `__INITIAL_STATE__`, JSON-LD; "Buy at", bank, exchange
and EMI amounts are offers, not prices. A good's id is its `pid`, which every tile and product page carries.

Assumed: CATEGORIES are the addresses in the site's footer as seen in 2026; a category shows all its goods, not only
those of the query's other words. `-a category=/path/pr?sid=…` takes any other. A pincode can't be asked for by url.
"""

from typing import Any
from urllib.parse import urljoin

from w3lib.url import add_or_replace_parameter

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.flipkart import pages as flipkart
from crawler.bases.flipkart.categories import CATEGORIES
from crawler.bases.flipkart.product import broken_off
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.core.errors import InputError
from crawler.core.verdicts import Verdict


class FlipkartSpider(RetailerSpider):
    name = "flipkart"
    base_url = "https://www.flipkart.com"
    currency = "INR"
    routes = {"search": "/search?q={query}&page={page}", "category": "{category}", "sitemap": "/robots.txt"}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        by_path = "/" in self.category
        self.shelf = self.category if by_path else flipkart.category(self.category or self.query, CATEGORIES)
        if self.category and not self.shelf:
            raise InputError(
                "category", f"give a path such as {CATEGORIES['sofa']}; by name there are {', '.join(CATEGORIES)}"
            )

    def wanted(self) -> list[str]:
        return super().wanted() if self.category else [r for r in self.routes if r != "category" or self.shelf]

    def route_url(self, route: str, page: int = 1) -> str:
        if route != "category":
            return super().route_url(route, page)
        url = urljoin(self.base_url, self.shelf)
        return add_or_replace_parameter(url, "page", str(page)) if page > 1 else url

    def kind(self, doc: Document) -> Kind:
        return flipkart.kind(doc)

    def product(self, doc: Document) -> list[Facts]:
        return flipkart.product(doc, self.location)

    def listing(self, doc: Document) -> list[Facts]:
        return flipkart.listing(doc)

    def next_page(self, doc: Document, page: int) -> str | None:
        return flipkart.next_page(doc, page)

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if kind == "product" and broken_off(doc.tree):
            return Verdict.partial, "the page breaks off"
        return flipkart.nothing(doc) if kind == "listing" else super().nothing_read(doc, kind)
