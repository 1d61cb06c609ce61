"""Wayfair (https://www.wayfair.com) and its sister shops on the same platform (Joss & Main, AllModern, Birch Lane,
Perigold): furniture and home goods in the United States; USD.

Terms: https://www.wayfair.com/gethelp/terms-of-use allow no automated collection without consent; operators decide.
robots.txt closes /filters/, /shop/, /ajax/ and the product's own AJAX routes, not search, categories or products.
Rate: none is stated; PerimeterX answers haste with "Press & Hold", so one request in five seconds.
Prices: the page shows the price of what is put into the cart ($220.00 for a set of 3), and so does its state
(`WEBPACK_ENTRY_DATA`, `price.salePrice`); JSON-LD and OpenGraph tell the price per piece ($73.33), which therefore
counts only beside one of the other two. A good's id is the SKU at the end of its address.

Assumed, not tried live: `curpage` turns pages; result pages carry `browse.browse_grid_objects` in the same state.
"""

import re
from typing import Any

from msgspec.structs import replace
from w3lib.url import add_or_replace_parameter

from crawler.bases import delivery, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.standard import StandardSpider
from crawler.core.models import Availability

PAGE = shapes.Shape(
    sku="sku", url="url", title="title.name", brand="title.manufacturer.name",
    category="breadcrumbs.breadcrumbs.*.title",
    description="productOverviewInformation.description", rating="title.customerReviews.averageRatingValue",
    votes="title.customerReviews.ratingCount", price="price.salePrice", list_price="price.listPrice",
    currency="waycommProps.currencyType", availability="delivery.is_out_of_stock",
    words={"True": Availability.out_of_stock}, location="delivery.postal_code",
)  # fmt: skip
TILE = shapes.Shape(
    sku="sku", url="url", title="product_name | name", brand="manufacturer.name | manufacturer", images="image_url",
    rating="average_overall_rating | customer_reviews.average_overall_rating",
    votes="review_count | customer_reviews.review_count",
    price="raw_pricing_data.pricing.customerPrice.quantityPrice.value | pricing.customerPrice.quantityPrice.value",
    list_price="raw_pricing_data.pricing.listPrice.quantityPrice.value | pricing.listPrice.quantityPrice.value",
    currency="raw_pricing_data.pricing.customerPrice.quantityPrice.currency",
)  # fmt: skip


class WayfairSpider(StandardSpider):
    name = "wayfair"
    base_url = "https://www.wayfair.com"
    currency = "USD"
    pace = 5.0
    routes = {"search": "/keyword.php?keyword={query}&curpage={page}", "category": "{category}?curpage={page}"}
    product_url = re.compile(r"/pd[px]/[^?]*-(?P<sku>[a-z]{1,4}\d{3,10})\.html", re.I)
    listing_url = re.compile(r"/(?:sb\d|cat)/|/keyword\.php|/daily-sales/")

    def sku_of(self, url: str) -> str | None:
        sku = super().sku_of(url)
        return sku.upper() if sku else None

    def product(self, doc: Document) -> list[Facts]:
        """Structured data's price is per piece: alone it says nothing."""
        readers = super().product(doc)
        state = [facts for facts in readers if facts.reader == "state"]
        structured = [facts for facts in readers if facts.reader not in ("state", "visible")]
        seen = [facts for facts in readers if facts.reader == "visible"]
        if not any(facts.price for facts in (*state, *seen)):
            structured = [replace(facts, price=None, list_price=None, offers=[]) for facts in structured]
        return delivery.placed([*state, *structured, *seen], delivery.zip_code(doc), self.location)

    def state_product(self, doc: Document) -> list[Facts]:
        props = _props(doc)
        return [shapes.facts(props, PAGE, doc.url, self.currency, self.location)] if dig(props, "price") else []

    def state_listing(self, doc: Document) -> list[Facts]:
        goods = dig(_props(doc), "browse", "browse_grid_objects", default=[])
        return [shapes.facts(good, TILE, doc.url, self.currency) for good in goods if dig(good, "sku")]

    def next_page(self, doc: Document, page: int) -> str | None:
        pages = dig(_props(doc), "browse", "pagination", "total_number_of_pages")
        more = isinstance(pages, int) and page < pages
        return add_or_replace_parameter(doc.url, "curpage", str(page + 1)) if more else super().next_page(doc, page)


def _props(doc: Document) -> Any:
    return dig(doc.states, "WEBPACK_ENTRY_DATA", "application", "props", default={})
