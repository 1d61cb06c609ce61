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
from typing import Any

from w3lib.url import add_or_replace_parameter

from crawler.bases import delivery, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind
from crawler.bases.standard import StandardSpider
from crawler.core.models import Availability

GOOD = shapes.Shape(
    sku="itemId | identifiers.itemId", url="identifiers.canonicalUrl", title="identifiers.productLabel",
    brand="identifiers.brandName", gtin="identifiers.upcGtin13 | identifiers.upc", mpn="identifiers.modelNumber",
    category="taxonomy.breadCrumbs.*.label | info.categoryHierarchy.*", images="media.images.*.url",
    description="details.description", specs="specificationGroup.*.specifications.*", spec=("specName", "specValue"),
    rating="reviews.ratingsReviews.averageRating", votes="reviews.ratingsReviews.totalReviews",
    price="pricing.value", list_price="pricing.original", image=lambda url: url.replace("<SIZE>", "1000"),
)  # fmt: skip
INVENTORY = "fulfillment.fulfillmentOptions.*.services.*.locations.*.inventory"


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

    def kind(self, doc: Document) -> Kind:
        told = dig(doc.data, "data", default={}) if doc.is_json else {}
        return "product" if dig(told, "product") else "listing" if "searchModel" in told else super().kind(doc)

    def product(self, doc: Document) -> list[Facts]:
        """The state first: its title has no brand before it, its pictures are the full size."""
        readers = sorted(super().product(doc), key=lambda facts: facts.reader != "state")
        return delivery.placed(readers, delivery.zip_code(doc), self.location)

    def state_product(self, doc: Document) -> list[Facts]:
        good = dig(doc.data, "data", "product") if doc.is_json else _state(doc, f"base-catalog-{self.sku_of(doc.url)}")
        return [self._facts(good)] if dig(good, "identifiers") else []

    def state_listing(self, doc: Document) -> list[Facts]:
        goods = [_state(doc, good["__ref"]) if "__ref" in good else good
                 for good in shapes.values(_results(doc), "products.*")]  # fmt: skip
        return [self._facts(good) for good in goods if dig(good, "identifiers")]

    def next_page(self, doc: Document, page: int) -> str | None:
        total = dig(_results(doc), "searchReport", "totalProducts", default=0)
        more = not doc.is_json and isinstance(total, int) and page * self.page_size < total
        return add_or_replace_parameter(doc.url, "Nao", str(page * self.page_size)) if more else None

    def _facts(self, good: Any) -> Facts:
        found = shapes.facts(good, GOOD, self.base_url, self.currency)
        found.availability = _stock(good)
        return found


def _stock(good: Any) -> Availability:
    """In stock where a store or the warehouse has it; sold out only where each of them says so."""
    if dig(good, "availabilityType", "discontinued") is True:
        return Availability.discontinued
    places = shapes.values(good, INVENTORY)
    if any(dig(place, "isInStock") or dig(place, "quantity", default=0) > 0 for place in places):
        return Availability.in_stock
    gone = bool(places) and all(dig(place, "isOutOfStock") for place in places)
    return Availability.out_of_stock if gone else Availability.unknown


def _results(doc: Document) -> Any:
    return dig(doc.data, "data", "searchModel") if doc.is_json else dig(_state(doc, "ROOT_QUERY"), "searchModel")


def _state(doc: Document, key: str) -> Any:
    return _plain(dig(doc.states, "__APOLLO_STATE__", key))


def _plain(said: Any) -> Any:
    """Field names without the arguments they were asked with."""
    if isinstance(said, dict):
        return {name.partition("(")[0]: _plain(inner) for name, inner in said.items()}
    return [_plain(inner) for inner in said] if isinstance(said, list) else said
