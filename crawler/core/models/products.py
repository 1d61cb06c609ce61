"""What a shop sells, as one page showed it or as the store knows it."""

from enum import StrEnum
from typing import Literal

import msgspec


class Availability(StrEnum):
    """schema.org's words; `unknown` means the page did not say."""

    in_stock = "in_stock"
    out_of_stock = "out_of_stock"
    preorder = "preorder"
    backorder = "backorder"
    discontinued = "discontinued"
    unknown = "unknown"


GONE = (Availability.out_of_stock, Availability.discontinued)  # not to be had, now or ever again


class Offer(msgspec.Struct, omit_defaults=True, gc=False):
    """One price for one variant from one seller at one place. Prices in minor units of `currency`. On a market of asks
    and bids `price` is the lowest ask; `bid` (the highest) and `last_sale` are told, never events."""

    price: int | None = None
    list_price: int | None = None
    currency: str | None = None
    availability: Availability = Availability.unknown
    variant: str | None = None
    seller: str | None = None
    condition: str = "new"
    location_asked: str | None = None
    location: str | None = None  # the place the page answered for
    bid: int | None = None
    last_sale: int | None = None
    unseen_since: float | None = None  # the page that shows all offers has not shown this one since

    @property
    def place(self) -> str | None:
        """The location, where one was asked for; a place the site guessed from our address tells no offers apart."""
        return self.location if self.location_asked else None

    @property
    def key(self) -> str:
        """What makes two readings the same offer."""
        return f"{self.variant or ''}|{self.seller or ''}|{self.condition}|{self.place or ''}"


class Rating(msgspec.Struct, omit_defaults=True, gc=False):
    value: float
    count: int | None = None


class Verified(msgspec.Struct, omit_defaults=True, gc=False):
    """What the verify stage checked; None where it did not look."""

    url: bool | None = None
    image: bool | None = None
    price: bool | None = None
    at: float | None = None

    def over(self, known: "Verified | None") -> "Verified":
        """What was looked at now, and what an earlier look `known` found where this one did not look."""
        parts = {part: getattr(known, part, None) for part in ("url", "image", "price") if getattr(self, part) is None}
        return msgspec.structs.replace(self, **parts)


class Evidence(msgspec.Struct, omit_defaults=True, gc=False):
    """Which reader gave each field, and how far the reading is to be believed.

    `depth`: "page" is the product's own page, "list" a tile that must not erase what the page said.
    `disputed`: fields on which readers disagreed; a change of such a field waits for a second reading.
    `witnesses`: compared fields of which several readers told the believed value, and which readers those are.
    """

    fields: dict[str, str] = {}
    depth: Literal["page", "list"] = "page"
    confidence: float = 1.0
    disputed: list[str] = []
    witnesses: dict[str, list[str]] = {}
    fetched_at: float = 0.0


class Product(msgspec.Struct, omit_defaults=True, gc=False):
    """One product as one page showed it (a reading), or as the store knows it. id is `<retailer>:<sku>`."""

    id: str
    retailer: str
    sku: str
    url: str
    title: str | None = None
    brand: str | None = None
    gtin: str | None = None
    mpn: str | None = None
    category: list[str] = []
    images: list[str] = []
    description: str | None = None
    specs: dict[str, str] = {}
    offers: list[Offer] = []
    rating: Rating | None = None
    verified: Verified | None = None
    evidence: Evidence = msgspec.field(default_factory=Evidence)
    quality: float | None = None
    phash: str | None = None  # of its first picture, where that was looked at

    @property
    def offer(self) -> Offer | None:
        """The default offer: the one a shopper is shown first."""
        return self.offers[0] if self.offers else None
