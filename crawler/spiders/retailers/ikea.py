"""IKEA: https://www.ikea.com, India unless `-a country=us [-a lang=en]` says otherwise.

Terms: no public API; robots.txt keeps crawlers from the search pages, not from product and category pages.
Rate: none is stated; the shared pace holds. Source: search and categories are asked of the service the site itself
uses (sik.search.blue.cdtapps.com), which gives at most 1,000 products at once and has no second page for a search.
Prices: the price module of the product page, beside its JSON-LD or microdata; `salesPrice` in the service's answers.
A club member's price is never the price. The same article is sold in many countries: their
offers stay apart by country.
"""

import re
from typing import Any

from crawler.bases.document import Document
from crawler.bases.ending import open_end
from crawler.bases.facts import Facts
from crawler.bases.ikea import api as ikea_api
from crawler.bases.ikea import pages as ikea_pages
from crawler.bases.ikea import places as ikea_places
from crawler.bases.ikea import tiles as ikea_tiles
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.core.errors import InputError
from crawler.core.verdicts import Verdict


class IkeaSpider(RetailerSpider):
    name = "ikea"
    base_url, home = "https://sik.search.blue.cdtapps.com", "https://www.ikea.com"
    hosts = ("www.ikea.com", "www.ikea.co.id")
    routes = {
        "search": "/search-result-page?q={query}&size={size}&types=PRODUCT",
        "category": "/product-list-page?category={category}&size={size}",
    }

    def __init__(self, country: str = "in", lang: str = "", **kwargs: Any):
        super().__init__(**kwargs)
        if country not in ikea_api.COUNTRIES:
            raise InputError("country", f"must be one of {', '.join(ikea_api.COUNTRIES)}, not {country!r}")
        self.country = country
        self.currency, usual = ikea_api.COUNTRIES[country]
        if not re.fullmatch("[a-z]{2}", lang or usual):
            raise InputError("lang", f"must be two letters such as en, not {lang!r}")
        wanted = "category" if self.category else "search"
        self.routes = {wanted: f"/{country}/{lang or usual}{self.routes[wanted]}"}
        self.page_size = min(24 * self.pages, 1000)

    def market(self, doc: Document) -> str:
        return (ikea_places.country_of(doc.url) or self.country).upper()

    def kind(self, doc: Document) -> Kind:
        if doc.is_json:
            return "product" if isinstance(doc.data, dict) and ikea_api.is_product(doc.data) else "listing"
        return ikea_pages.kind(doc)

    def product(self, doc: Document) -> list[Facts]:
        return [self._api(doc.data, doc)] if doc.is_json else ikea_pages.product(doc)

    def listing(self, doc: Document) -> list[Facts]:
        if doc.is_json:
            return [self._api(product, doc) for product in ikea_api.products(doc.data)]
        return ikea_tiles.tiles(doc)

    def next_page(self, doc: Document, page: int) -> str | None:
        return None if doc.is_json else ikea_pages.next_page(doc, page)

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if doc.is_json and not ikea_api.is_answer(doc.data):
            return Verdict.drifted, "unknown envelope"
        if kind == "listing" and not doc.is_json:
            return Verdict.partial, "no tiles in the markup"
        if kind == "product" and not doc.is_json and open_end(doc.tree):
            return Verdict.partial, "the page breaks off"
        return super().nothing_read(doc, kind)

    def _api(self, product: dict[str, Any], doc: Document) -> Facts:
        return ikea_api.facts(product, ikea_places.currency_of(doc.url) or self.currency)
