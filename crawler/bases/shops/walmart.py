"""Walmart: what `__NEXT_DATA__` (since 2021 and before) and the answers of its services say of goods and their
variants."""

import re
from typing import Any

from crawler.bases import shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.core.models import Offer

Thing = dict[str, Any]

GOOD = shapes.Shape(
    sku="usItemId", url="canonicalUrl", title="name | productName", brand="brand | brandName", gtin="upc",
    mpn="model | manufacturerProductId", category="category.path.*.name | path.*.name", description="shortDescription",
    images="imageInfo.allImages.*.url | imageInfo.thumbnailUrl | images.*.url | image",
    specs="idml.specifications.*", rating="averageRating | rating.averageRating",
    votes="numberOfReviews | rating.numberOfReviews | reviewsCount",
    price="priceInfo.currentPrice.price | price | priceInfo.linePrice | priceMap.price",
    ranges="priceInfo.priceRangeString | priceInfo.minPriceForVariant",
    list_price="priceInfo.wasPrice.price | priceInfo.listPrice.price | priceInfo.wasPrice | priceMap.listPrice",
    currency="priceInfo.currentPrice.currencyUnit | currencyCode",
    availability="availabilityStatusV2.value | availabilityStatus", seller="sellerDisplayName | sellerName",
    condition="conditionType", location="location.postalCode", image=lambda url: re.sub(r"\?odn.*", "", url),
)  # fmt: skip
DATA = "__NEXT_DATA__.props.pageProps.initialData"
FOUND = f"{DATA}.searchResult | data.search.searchResult | search.searchResult | searchResult"


def product(doc: Document, base: str, currency: str, asked: str) -> list[Facts]:
    data = dig(doc.data, "data") if doc.is_json else shapes.value(doc.states, f"{DATA}.data")
    good = dig(data, "product") or _former(doc)
    if not isinstance(good, dict):
        return []
    good = good | {"idml": dig(data, "idml")}
    facts = _facts(good, base, currency, asked)
    return [shapes.with_variants(facts, _variants(good, currency, facts.problems))]


def tiles(doc: Document, base: str, currency: str) -> list[Facts]:
    stacks = shapes.values(_found(doc), "itemStacks.*")
    results = [s for s in stacks if dig(s, "meta", "stackType", default="DEFAULT") == "DEFAULT"]
    goods = [good for stack in results for good in shapes.values(stack, "items.*") if dig(good, "usItemId")]
    return [_facts(good, base, currency) for good in goods]


def more(doc: Document, page: int) -> bool | None:
    pages = dig(_found(doc), "paginationV2", "maxPage")
    return page < pages if isinstance(pages, int) else None


def _former(doc: Document) -> Thing | None:
    """The good of a page of 2021."""
    good = shapes.value(doc.states, "item.item.product.buyBox.products.*")
    place = shapes.value(doc.states, "item.item.location")
    return good | (place or {}) if isinstance(good, dict) else None


def _facts(good: Thing, base: str, currency: str, asked: str = "") -> Facts:
    """With an address that says nothing of where it was found."""
    facts = shapes.facts(good, GOOD, base, currency, asked)
    facts.url = (facts.url or "").partition("?")[0] or None
    return facts


def _variants(good: Thing, currency: str, problems: list[str]) -> list[tuple[Offer, bool]]:
    names = {dig(v, "id"): dig(v, "name") for v in shapes.values(good, "variantCriteria.*.variantList.*")}
    priced = [v for v in shapes.values(good, "variantsMap.*") if shapes.value(v, GOOD.price)]
    return [
        (
            shapes.offer(v, GOOD, currency, problems, " / ".join(names.get(x) or x for x in v["variants"])),
            v.get("usItemId") == good.get("usItemId"),
        )
        for v in priced
    ]


def _found(doc: Document) -> Any:
    """The results as the page's state or the search service's answer tells them."""
    return shapes.value(doc.data if doc.is_json else doc.states, FOUND)
