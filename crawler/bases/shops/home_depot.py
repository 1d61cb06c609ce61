"""The Home Depot: what `__APOLLO_STATE__` and the answers of its GraphQL service say of goods and their stock."""

from typing import Any

from crawler.bases import shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
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


def product(doc: Document, sku: str | None, base: str, currency: str) -> list[Facts]:
    good = dig(doc.data, "data", "product") if doc.is_json else _state(doc, f"base-catalog-{sku}")
    return [_facts(good, base, currency)] if dig(good, "identifiers") else []


def tiles(doc: Document, base: str, currency: str) -> list[Facts]:
    goods = [_state(doc, good["__ref"]) if "__ref" in good else good
             for good in shapes.values(_results(doc), "products.*")]  # fmt: skip
    return [_facts(good, base, currency) for good in goods if dig(good, "identifiers")]


def total(doc: Document) -> int | None:
    """How many goods the list has over all its pages."""
    told = dig(_results(doc), "searchReport", "totalProducts")
    return told if isinstance(told, int) else None


def _facts(good: Any, base: str, currency: str) -> Facts:
    facts = shapes.facts(good, GOOD, base, currency)
    facts.availability = _stock(good)
    return facts


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
