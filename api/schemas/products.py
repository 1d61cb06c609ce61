"""Products and what is told about them."""

from typing import Literal

from pydantic import Field

from api.schemas.common import Listing, Shape

Price = str | None
Time = str | None
Stock = Literal["in_stock", "out_of_stock", "preorder", "backorder", "discontinued", "unknown"]


class OfferShape(Shape):
    price: Price = Field(examples=["4999.00"])
    list_price: Price
    currency: str | None
    availability: Stock
    variant: str | None
    seller: str | None
    condition: str
    location_asked: str | None
    location: str | None
    bid: Price
    last_sale: Price
    unseen_since: Time = Field(description="Since when its page shows it no more; what it says is from before")


class RatingShape(Shape):
    value: float
    count: int | None


class ChecksShape(Shape):
    url: bool | None = None
    image: bool | None = None
    price: bool | None = None
    at: Time = None


class EvidenceShape(Shape):
    fields: dict[str, str] = Field(description="Which reader gave each field")
    depth: Literal["page", "list"]
    confidence: float
    disputed: list[str]
    verdict: Literal["ok"]
    fetched_at: Time


class ProductShape(Shape):
    """A product with its default offer flat; prices are decimal strings in `currency`."""

    id: str = Field(examples=["ikea:80522189"])
    retailer: str
    sku: str
    url: str
    title: str | None
    brand: str | None
    gtin: str | None
    mpn: str | None
    category: list[str]
    image: str | None
    images: list[str]
    description: str | None
    specs: dict[str, str]
    price: Price = Field(examples=["4999.00"])
    list_price: Price
    currency: str | None
    availability: Stock
    rating: RatingShape | None
    offers: list[OfferShape]
    verified: ChecksShape | None
    evidence: EvidenceShape
    quality: float | None
    phash: str | None = Field(description="Perceptual hash of its picture, where that was looked at")
    first_seen: Time = Field(examples=["2026-11-21T09:30:00.000Z"])
    last_seen: Time
    last_changed: Time
    stale: bool = Field(description="Its source is held: this is the last of it that was believed")


class SimilarProduct(ProductShape):
    similarity: float = Field(ge=0, le=1)


class PointShape(Shape):
    at: Time
    price: Price
    list_price: Price
    availability: Stock


class HistoryShape(Shape):
    """One offer in one currency. `low_30d`: the lowest price that held at any time in the last 30 days."""

    variant: str | None
    seller: str | None
    condition: str
    location: str | None
    currency: str | None
    min: Price
    max: Price
    median: Price
    low_30d: Price
    points: list[PointShape]


class PricesShape(Shape):
    """The figures on top are those of the default offer in its present currency."""

    product_id: str
    currency: str | None
    price: Price
    min: Price
    max: Price
    median: Price
    low_30d: Price
    offers: list[HistoryShape]


class ShopOffer(OfferShape):
    product_id: str
    retailer: str
    url: str
    title: str | None
    matched_by: Literal["id", "gtin", "brand+mpn", "similarity"]
    confidence: float = Field(ge=0, le=1, description="That it is the same product")
    last_seen: Time


class OffersShape(Shape):
    """`results`: the same product by its numbers. `suggestions`: alike by title and picture, for a person to judge."""

    product_id: str
    results: list[ShopOffer]
    suggestions: list[ShopOffer]


class ProductList(Listing[ProductShape]): ...


class SimilarProducts(Listing[SimilarProduct]): ...
