"""Wayfair and its sister shops: what `WEBPACK_ENTRY_DATA` says of goods."""

from typing import Any

from crawler.bases import shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
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


def product(doc: Document, currency: str, asked: str) -> list[Facts]:
    said = _props(doc)
    return [shapes.facts(said, PAGE, doc.url, currency, asked)] if dig(said, "price") else []


def tiles(doc: Document, currency: str) -> list[Facts]:
    goods = dig(_props(doc), "browse", "browse_grid_objects", default=[])
    return [shapes.facts(good, TILE, doc.url, currency) for good in goods if dig(good, "sku")]


def more(doc: Document, page: int) -> bool | None:
    pages = dig(_props(doc), "browse", "pagination", "total_number_of_pages")
    return page < pages if isinstance(pages, int) else None


def _props(doc: Document) -> Any:
    return dig(doc.states, "WEBPACK_ENTRY_DATA", "application", "props", default={})
