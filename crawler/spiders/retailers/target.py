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
from typing import Any

from crawler.bases import delivery, loose_js, read, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig, walk
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind
from crawler.bases.standard import StandardSpider
from crawler.core.models import Availability, Offer
from crawler.core.verdicts import Verdict

GOOD = shapes.Shape(
    sku="tcin", url="item.enrichment.buy_url", title="item.product_description.title", brand="item.primary_brand.name",
    gtin="item.primary_barcode", mpn="item.manufacturer_part_number", category="category.breadcrumbs.*.name",
    images="item.enrichment.images.primary_image_url | item.enrichment.image_info.primary_image.url",
    description="item.product_description.downstream_description",
    rating="ratings_and_reviews.statistics.rating.average", votes="ratings_and_reviews.statistics.rating.count",
    price="price.current_retail", list_price="price.reg_retail",
    availability="fulfillment.shipping_options.availability_status",
    words={"PRE_ORDER_SELLABLE": Availability.preorder, "LIMITED_STOCK": Availability.in_stock,
           "OUT_OF_STOCK": Availability.unknown},
    image=lambda url: f"{url.partition('?')[0]}?wid=1200&hei=1200&fmt=pjpeg",
)  # fmt: skip
MORE_IMAGES = "item.enrichment.images.alternate_image_urls.*"
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

    def kind(self, doc: Document) -> Kind:
        if not doc.is_json:
            return super().kind(doc)
        return (
            "product" if dig(doc.data, "data", "product") else "listing" if dig(doc.data, "data", "search") else "other"
        )

    def product(self, doc: Document) -> list[Facts]:
        """The state first: it knows the variants."""
        readers = sorted(super().product(doc), key=lambda facts: facts.reader != "state")
        return delivery.placed(readers, delivery.zip_code(doc), self.location)

    def state_product(self, doc: Document) -> list[Facts]:
        sku = self.sku_of(doc.url) or dig(doc.data, "data", "product", "tcin")
        good = next((told for told in walk(_data(doc)) if told.get("tcin") == sku and "item" in told), None)
        if good is None:
            return []
        found = self._facts(good)
        return [shapes.with_variants(found, self._variants(good, doc.url, found.problems))]

    def state_listing(self, doc: Document) -> list[Facts]:
        lists = (dig(told, "search", "products") for told in walk(_data(doc)))
        goods = next((goods for goods in lists if isinstance(goods, list)), [])
        return [self._facts(good) for good in goods if dig(good, "item")]

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if kind == "listing" and not doc.is_json and not NOTHING.search(doc.tree.body.text() if doc.tree.body else ""):
            return Verdict.partial, "no tiles in the markup"
        return super().nothing_read(doc, kind)

    def _facts(self, good: Any) -> Facts:
        found = shapes.facts(good, GOOD, self.base_url, self.currency)
        found.images += read.images(self.base_url, [GOOD.image(url) for url in shapes.values(good, MORE_IMAGES)])
        if dig(good, "price", "is_current_price_range"):
            found.price = found.list_price = found.currency = None
        found.availability = _stock(good, found.availability)
        if dig(good, "item", "fulfillment", "is_marketplace"):
            found.seller = read.clean(shapes.value(good, "item.product_vendors.*.vendor_name"))
        return found

    def _variants(self, good: dict[str, Any], url: str, problems: list[str]) -> list[tuple[Offer, bool]]:
        names = dict(_names(good.get("variation_hierarchy"), ""))
        asked = re.search(r"[?&]preselect=(\d+)", url)
        offers = []
        for child in shapes.values(good, "children.*"):
            offer = shapes.offer(child, GOOD, self.currency, problems, names.get(child.get("tcin"), child.get("tcin")))
            offer.availability = _stock(child, offer.availability)
            offers.append((offer, bool(asked) and asked[1] == child.get("tcin")))
        return offers


def _stock(good: Any, said: Availability) -> Availability:
    """Sold out only where neither a parcel nor a store has it."""
    sent = dig(good, "fulfillment", "shipping_options", "availability_status")
    gone = sent == "OUT_OF_STOCK" and dig(good, "fulfillment", "is_out_of_stock_in_all_store_locations") is True
    return Availability.out_of_stock if gone or dig(good, "fulfillment", "sold_out") is True else said


def _names(levels: Any, before: str) -> Any:
    """(TCIN, "Grey / Queen") of every variant in a hierarchy of options."""
    for level in levels if isinstance(levels, list) else []:
        name = " / ".join(part for part in (before, str(dig(level, "value", default=""))) if part)
        if dig(level, "tcin"):
            yield level["tcin"], name
        yield from _names(dig(level, "variation_hierarchy"), name)


def _data(doc: Document) -> Any:
    """The service's answer, or the one that the page holds as a text of JSON beside `__TGT_DATA__`."""
    if doc.is_json:
        return doc.data
    held = doc.text.find("JSON.parse(", max(doc.text.find("__TGT_DATA__"), 0))
    return loose_js.value_at(doc.text, held, [0])[0] if held > 0 else None
