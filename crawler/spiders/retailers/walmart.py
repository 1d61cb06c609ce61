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
from typing import Any

from w3lib.url import add_or_replace_parameter

from crawler.bases import delivery, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind
from crawler.bases.standard import StandardSpider
from crawler.core.models import Offer

GOOD = shapes.Shape(
    sku="usItemId", url="canonicalUrl", title="name | productName", brand="brand | brandName", gtin="upc",
    mpn="model | manufacturerProductId", category="category.path.*.name | path.*.name", description="shortDescription",
    images="imageInfo.allImages.*.url | imageInfo.thumbnailUrl | images.*.url | image",
    specs="idml.specifications.*", rating="averageRating | rating.averageRating",
    votes="numberOfReviews | rating.numberOfReviews | reviewsCount",
    price="priceInfo.currentPrice.price | price | priceInfo.linePrice | priceMap.price",
    list_price="priceInfo.wasPrice.price | priceInfo.listPrice.price | priceInfo.wasPrice | priceMap.listPrice",
    currency="priceInfo.currentPrice.currencyUnit | currencyCode",
    availability="availabilityStatusV2.value | availabilityStatus", seller="sellerDisplayName | sellerName",
    condition="conditionType", location="location.postalCode", image=lambda url: re.sub(r"\?odn.*", "", url),
)  # fmt: skip
DATA = "__NEXT_DATA__.props.pageProps.initialData"
FOUND = f"{DATA}.searchResult | data.search.searchResult | search.searchResult | searchResult"
FROM = "priceInfo.priceRangeString | priceInfo.minPriceForVariant"


class WalmartSpider(StandardSpider):
    name = "walmart"
    base_url = "https://www.walmart.com"
    currency = "USD"
    pace = 5.0
    routes = {"search": "/search?q={query}&page={page}", "category": "/browse/{category}?page={page}"}
    product_url = re.compile(r"/ip/(?:[^/?]+/)?(?P<sku>\d{5,13})(?:[/?]|$)")
    listing_url = re.compile(r"^/(?:search|browse|cp)\b")

    def kind(self, doc: Document) -> Kind:
        if not doc.is_json:
            return super().kind(doc)
        return "product" if dig(doc.data, "data", "product") else "listing" if self._found(doc) else "other"

    def product(self, doc: Document) -> list[Facts]:
        """The state first: it has the pictures in full size."""
        readers = sorted(super().product(doc), key=lambda facts: facts.reader != "state")
        return delivery.placed(readers, delivery.zip_code(doc), self.location)

    def state_product(self, doc: Document) -> list[Facts]:
        data = dig(doc.data, "data") if doc.is_json else shapes.value(doc.states, f"{DATA}.data")
        place = shapes.value(doc.states, "item.item.location")
        old = next(iter(shapes.values(doc.states, "item.item.product.buyBox.products.*")), None)
        good = dig(data, "product") or (old | (place or {}) if isinstance(old, dict) else None)
        if not isinstance(good, dict):
            return []
        good = good | {"idml": dig(data, "idml")}
        found = self._facts(good, self.location)
        return [shapes.with_variants(found, self._variants(good, found.problems))]

    def _variants(self, good: dict[str, Any], problems: list[str]) -> list[tuple[Offer, bool]]:
        names = {dig(v, "id"): dig(v, "name") for v in shapes.values(good, "variantCriteria.*.variantList.*")}
        priced = [v for v in shapes.values(good, "variantsMap.*") if shapes.value(v, GOOD.price)]
        return [
            (
                shapes.offer(v, GOOD, self.currency, problems, " / ".join(names.get(x) or x for x in v["variants"])),
                v.get("usItemId") == good.get("usItemId"),
            )
            for v in priced
        ]

    def state_listing(self, doc: Document) -> list[Facts]:
        stacks = shapes.values(self._found(doc), "itemStacks.*")
        results = [s for s in stacks if dig(s, "meta", "stackType", default="DEFAULT") == "DEFAULT"]
        goods = [good for stack in results for good in shapes.values(stack, "items.*") if dig(good, "usItemId")]
        return [self._facts(good) for good in goods]

    def next_page(self, doc: Document, page: int) -> str | None:
        pages = dig(self._found(doc), "paginationV2", "maxPage", default=0)
        more = not doc.is_json and isinstance(pages, int) and page < pages
        return add_or_replace_parameter(doc.url, "page", str(page + 1)) if more else None

    def _facts(self, good: dict[str, Any], asked: str = "") -> Facts:
        """With an address that says nothing of where it was found; "from $20" is no price."""
        found = shapes.facts(good, GOOD, self.base_url, self.currency, asked)
        if shapes.value(good, FROM):
            found.price = found.list_price = found.currency = None
        found.url = (found.url or "").partition("?")[0] or None
        return found

    def _found(self, doc: Document) -> Any:
        """The results as the page's state or the search service's answer tells them."""
        return shapes.value(doc.data if doc.is_json else doc.states, FOUND)
