"""What changed, what waits, what the store keeps, and the page that carries readings to it."""

from typing import Any, Literal

import msgspec

from crawler.core.models.designs import Design
from crawler.core.models.products import Product

ChangeField = Literal["price", "list_price", "availability", "new"]


class Change(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One field of one offer went from `old` to `new`. Prices are decimal strings; `position` is set by the stream.
    `location` is a place that was asked for."""

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
    condition: str = "new"
    position: str | None = None

    @property
    def retailer(self) -> str:
        return self.product_id.partition(":")[0]


class Candidate(msgspec.Struct, omit_defaults=True, gc=False):
    """A value seen but not yet believed. `seen_at`, `way` (`Page.way`) and `depth` are those of the look that told it
    first; `weight` is that of the best look since (crawler.core.belief)."""

    value: str | None
    seen_at: float
    reason: str
    way: str = ""
    depth: Literal["page", "list"] = "page"
    weight: int = 1


class Belief(msgspec.Struct, omit_defaults=True, gc=False):
    """Who told a published value: the readers that said it, and whether another one said otherwise."""

    readers: list[str] = []
    disputed: bool = False


class Move(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A published value was left at `at`; `back` when for one that had been left a little before."""

    value: str | None
    at: float
    back: bool = False


class Absence(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A product's own page was `not_found`: so many times, from `since` to `last`, by these ways."""

    since: float
    last: float
    times: int = 1
    ways: list[str] = []


class Record(msgspec.Struct, omit_defaults=True, gc=False):
    """A product as the store keeps it, written whole by one compare-and-set on `rev`.

    `offers` on the product hold published values only. `candidates` maps `<offer key>#<field>`, a slot, to what waits
    for a second reading. `outbox` holds changes decided and not yet relayed. `digest` tells an unchanged reading at a
    glance; it is empty while a candidate waits or the page is missing, so that the next reading is looked at in full.
    `believed` says by field who told the default offer's published value, `moves` by slot which values were left
    lately; `vanished` are the slots of list prices that were published as gone.
    """

    product: Product
    rev: int
    first_seen: float
    last_seen: float
    last_changed: float
    digest: str = ""
    candidates: dict[str, Candidate] = {}
    outbox: list[Change] = []
    believed: dict[str, Belief] = {}
    moves: dict[str, list[Move]] = {}
    vanished: list[str] = []
    absent: Absence | None = None


class Seen(msgspec.Struct, frozen=True, gc=False):
    """The least a stage needs to know that nothing changed."""

    rev: int
    digest: str


class Page(msgspec.Struct):
    """One page of readings: the unit that travels through the pipelines.

    `verdict` is a crawler.core.verdicts.Verdict value; only "ok" pages carry readings. `complete` says the page was
    seen whole (a listing cut short must never delist). `dropped` counts odd data by reason. `way` says how it was
    fetched: direct, proxy:<host>:<port> or browser, then # and the session where it was not the crawl's own. `asked` is
    where it was looked for, `url` where it was found in the end.
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
    way: str = ""
    asked: str = ""
    dropped: dict[str, int] = {}
    written: list[Record] = []  # set by the store stage: what it wrote, with changes still to relay
    candidates: list[str] = []  # set by the store stage: product ids that wait for a second fetch

    def __len__(self) -> int:
        return len(self.products) + len(self.designs)

    @property
    def address(self) -> str:
        """By which it can be asked for again."""
        return self.asked or self.url


_encode = msgspec.json.Encoder().encode


def encode(thing: Any) -> bytes:
    """Compact JSON of any struct."""
    return _encode(thing)
