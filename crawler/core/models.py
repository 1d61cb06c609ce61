"""The things homefeed speaks about. Money is an integer in minor units beside an ISO 4217 code; times are Unix
seconds in UTC; a value that was not seen is None, never 0 or a guess. Structs, because a page carries forty of them
(`docs/decisions/0002-structs.md`)."""

from enum import StrEnum
from typing import Any, Literal

import msgspec


class Availability(StrEnum):
    """schema.org's words; `unknown` means the page did not say."""

    in_stock = "in_stock"
    out_of_stock = "out_of_stock"
    preorder = "preorder"
    backorder = "backorder"
    discontinued = "discontinued"
    unknown = "unknown"


class Offer(msgspec.Struct, omit_defaults=True, gc=False):
    """One price for one variant from one seller at one place. Prices in minor units of `currency`."""

    price: int | None = None
    list_price: int | None = None
    currency: str | None = None
    availability: Availability = Availability.unknown
    variant: str | None = None
    seller: str | None = None
    condition: str = "new"
    location_asked: str | None = None
    location: str | None = None  # the place the page answered for

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


class Evidence(msgspec.Struct, omit_defaults=True, gc=False):
    """Which reader gave each field, and how far the reading is to be believed.

    `depth`: "page" is the product's own page, "list" a tile that must not erase what the page said.
    `disputed`: fields on which readers disagreed; a change of such a field waits for a second reading.
    """

    fields: dict[str, str] = {}
    depth: Literal["page", "list"] = "page"
    confidence: float = 1.0
    disputed: list[str] = []
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

    @property
    def offer(self) -> Offer | None:
        """The default offer: the one a shopper is shown first."""
        return self.offers[0] if self.offers else None


class Rendition(msgspec.Struct, omit_defaults=True, gc=False):
    url: str
    width: int | None = None
    height: int | None = None


class License(msgspec.Struct, omit_defaults=True, gc=False):
    """`code` is SPDX-like and lower case: cc0-1.0, cc-by-4.0, pdm-1.0."""

    code: str
    url: str | None = None
    version: str | None = None


class Design(msgspec.Struct, omit_defaults=True, gc=False):
    """One interior picture. id is `<source>:<id>`; `phash` is 64 hex digits (256 bits)."""

    id: str
    source: str
    url: str
    renditions: list[Rendition]
    license: License
    title: str | None = None
    author: str | None = None
    author_url: str | None = None
    attribution: str = ""
    attribution_html: str = ""
    width: int | None = None
    height: int | None = None
    tags: list[str] = []
    thumbnail: str | None = None
    colors: list[str] = []
    placeholder: str | None = None
    phash: str | None = None
    group: str | None = None  # id of the design that stands for its duplicates
    verified: Verified | None = None
    quality: float | None = None
    quality_parts: dict[str, float] = {}
    fetched_at: float = 0.0


ChangeField = Literal["price", "list_price", "availability", "new"]


class Change(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One field of one offer went from `old` to `new`. Prices are decimal strings; `position` is set by the stream."""

    id: str
    product_id: str
    field: ChangeField
    old: str | None
    new: str | None
    currency: str | None
    observed_at: float
    confirmed: Literal["repeat", "high_confidence"]
    variant: str | None = None
    seller: str | None = None
    location: str | None = None
    position: str | None = None

    @property
    def retailer(self) -> str:
        return self.product_id.partition(":")[0]


class Candidate(msgspec.Struct, omit_defaults=True, gc=False):
    """A value seen but not yet believed: it is published only if a later fetch repeats it."""

    value: str | None
    seen_at: float
    reason: str


class Record(msgspec.Struct, omit_defaults=True, gc=False):
    """A product as the store keeps it, written whole by one compare-and-set on `rev`.

    `offers` on the product hold published values only. `candidates` maps `<offer key>#<field>` to what waits for a
    second reading. `outbox` holds changes decided and not yet relayed. `digest` tells an unchanged reading at a
    glance; it is empty while a candidate waits, so that the next reading is looked at in full.
    """

    product: Product
    rev: int
    first_seen: float
    last_seen: float
    last_changed: float
    digest: str = ""
    candidates: dict[str, Candidate] = {}
    outbox: list[Change] = []


class Seen(msgspec.Struct, frozen=True, gc=False):
    """The least a stage needs to know that nothing changed."""

    rev: int
    digest: str


class Page(msgspec.Struct):
    """One page of readings: the unit that travels through the pipelines.

    `verdict` is a crawler.core.verdicts.Verdict value; only "ok" pages carry readings. `complete` says the page was
    seen whole (a listing cut short must never delist). `dropped` counts odd data by reason.
    """

    source: str
    url: str
    verdict: str
    reason: str = ""
    products: list[Product] = []
    designs: list[Design] = []
    regrouped: list[Design] = []  # set by the dedupe stage: stored designs whose group moved, written with the page
    complete: bool = True
    fetched_at: float = 0.0
    dropped: dict[str, int] = {}
    written: list[Record] = []  # set by the store stage: what it wrote, with changes still to relay
    candidates: list[str] = []  # set by the store stage: product ids that wait for a second fetch

    def __len__(self) -> int:
        return len(self.products) + len(self.designs)


_encode = msgspec.json.Encoder().encode


def encode(thing: Any) -> bytes:
    """Compact JSON of any struct."""
    return _encode(thing)
