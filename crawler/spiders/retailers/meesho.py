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
from collections.abc import Iterator
from typing import Any

from w3lib.url import add_or_replace_parameter

from crawler.bases import shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind
from crawler.bases.standard import StandardSpider
from crawler.core.models import Availability, Offer
from crawler.core.verdicts import Verdict

STOCK = {True: Availability.in_stock, False: Availability.out_of_stock}
PAGE = shapes.Shape(
    sku="product_id", title="name", category="breadcrumb.*.title", images="images.*.url | images.*",
    description="description", rating="review_summary.data.average_rating", votes="review_summary.data.rating_count",
    price="price", list_price="mrp_details.mrp | original_price", seller="supplier_name | suppliers.*.name",
)  # fmt: skip
SIZE = shapes.Shape(sku="id", price="variation.price | variation.final_price | price")


class MeeshoSpider(StandardSpider):
    name = "meesho"
    base_url = "https://www.meesho.com"
    currency = "INR"
    units = "major"
    pace = 5.0
    browser = True
    routes = {"search": "/search?q={query}&page={page}", "category": "/{category}?page={page}"}
    product_url = re.compile(r"/p/(?P<sku>[0-9a-z]+)\b")
    listing_url = re.compile(r"^/search\b|/pl/|/ps/")

    def state_product(self, doc: Document) -> list[Facts]:
        good = dig(_state(doc), "product", "details", "data", default={})
        if not dig(good, "name"):
            return []
        facts = shapes.facts(good, PAGE, doc.url, self.currency, self.location)
        facts.availability = STOCK.get(good.get("in_stock"), Availability.unknown)
        sizes = list(_sizes(good, facts, self.currency))
        if len(sizes) > 1:
            facts.offers = [Offer(seller=facts.seller, location_asked=self.location or None), *sizes]
        return [facts]

    def next_page(self, doc: Document, page: int) -> str | None:
        more = dig(_state(doc), "searchListing", "listing", "hasNextPage") is True
        return add_or_replace_parameter(doc.url, "page", str(page + 1)) if more else super().next_page(doc, page)

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if kind == "listing" and dig(_state(doc), "searchListing", "listing", "loading") is not False:
            return Verdict.partial, "the tiles come later"
        return super().nothing_read(doc, kind)


def _state(doc: Document) -> Any:
    return dig(doc.states, "__NEXT_DATA__", "props", "pageProps", "initialState", default={})


def _sizes(good: dict[str, Any], facts: Facts, currency: str) -> Iterator[Offer]:
    for supplier in dig(good, "suppliers", default=[])[:1]:
        for row in dig(supplier, "inventory", default=[]):
            name = dig(row, "variation", "name")
            offer = shapes.offer(row, SIZE, currency, facts.problems, variant=name)
            offer.seller, offer.availability = facts.seller, STOCK.get(row.get("in_stock"), Availability.unknown)
            if name:
                yield offer
