"""Target: what `__TGT_DATA__` and the answers of its service (redsky) say of a good, its variants and its stock."""

import re
from collections.abc import Iterator
from typing import Any

from crawler.bases import loose_js, read, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig, walk
from crawler.bases.facts import Facts
from crawler.core.models import Availability, Offer

Thing = dict[str, Any]

GOOD = shapes.Shape(
    sku="tcin", url="item.enrichment.buy_url", title="item.product_description.title", brand="item.primary_brand.name",
    gtin="item.primary_barcode", mpn="item.manufacturer_part_number", category="category.breadcrumbs.*.name",
    images="item.enrichment.images.primary_image_url | item.enrichment.image_info.primary_image.url",
    description="item.product_description.downstream_description",
    rating="ratings_and_reviews.statistics.rating.average", votes="ratings_and_reviews.statistics.rating.count",
    price="price.current_retail", ranges="price.is_current_price_range", list_price="price.reg_retail",
    availability="fulfillment.shipping_options.availability_status",
    words={"PRE_ORDER_SELLABLE": Availability.preorder, "LIMITED_STOCK": Availability.in_stock,
           "OUT_OF_STOCK": Availability.unknown},
    image=lambda url: f"{url.partition('?')[0]}?wid=1200&hei=1200&fmt=pjpeg",
)  # fmt: skip
MORE_IMAGES = "item.enrichment.images.alternate_image_urls.*"


def product(doc: Document, sku: str | None, base: str, currency: str) -> list[Facts]:
    """The good with this number, or the one that the service was asked for; its variants as offers."""
    sku = sku or dig(doc.data, "data", "product", "tcin")
    good = next((told for told in walk(_data(doc)) if told.get("tcin") == sku and "item" in told), None)
    if good is None:
        return []
    facts = _facts(good, base, currency)
    return [shapes.with_variants(facts, _variants(good, doc.url, currency, facts.problems))]


def tiles(doc: Document, base: str, currency: str) -> list[Facts]:
    lists = (dig(told, "search", "products") for told in walk(_data(doc)))
    goods = next((goods for goods in lists if isinstance(goods, list)), [])
    return [_facts(good, base, currency) for good in goods if dig(good, "item")]


def _facts(good: Thing, base: str, currency: str) -> Facts:
    facts = shapes.facts(good, GOOD, base, currency)
    facts.images += read.images(base, [GOOD.image(url) for url in shapes.values(good, MORE_IMAGES)])
    facts.availability = _stock(good, facts.availability)
    if dig(good, "item", "fulfillment", "is_marketplace"):
        facts.seller = read.clean(shapes.value(good, "item.product_vendors.*.vendor_name"))
    return facts


def _variants(good: Thing, url: str, currency: str, problems: list[str]) -> list[tuple[Offer, bool]]:
    names = dict(_names(good.get("variation_hierarchy"), ""))
    asked = re.search(r"[?&]preselect=(\d+)", url)
    offers = []
    for child in shapes.values(good, "children.*"):
        offer = shapes.offer(child, GOOD, currency, problems, names.get(child.get("tcin"), child.get("tcin")))
        offer.availability = _stock(child, offer.availability)
        offers.append((offer, bool(asked) and asked[1] == child.get("tcin")))
    return offers


def _stock(good: Thing, said: Availability) -> Availability:
    """Sold out only where neither a parcel nor a store has it."""
    sent = dig(good, "fulfillment", "shipping_options", "availability_status")
    gone = sent == "OUT_OF_STOCK" and dig(good, "fulfillment", "is_out_of_stock_in_all_store_locations") is True
    return Availability.out_of_stock if gone or dig(good, "fulfillment", "sold_out") is True else said


def _names(levels: Any, before: str) -> Iterator[tuple[str, str]]:
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
