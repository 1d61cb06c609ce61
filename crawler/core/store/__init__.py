"""The Store protocol: what homefeed needs of a database, and `open_store` that picks one by its URL.

Two backends, one contract-test suite (`tests/crawler/core/store/test_contract.py`): `sqlite.py` (default) and
`mongo.py`. Bulk in, bulk out: a page of readings is one call.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from crawler.core.errors import ConfigError
from crawler.core.models import Change, Design, Product, Record, Seen
from crawler.core.store.words import terms

SCHEMA_VERSION = 1
RUNS_KEPT = 500  # of each source


class ProductQuery(msgspec.Struct):
    """Filters of one product search. Prices in minor units of `currency`; `terms` must all be present, and every one
    of `labels`, which are terms as `words.label` makes them."""

    terms: list[str] = []
    labels: list[str] = []
    retailer: str | None = None
    category: str | None = None
    currency: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    in_stock: bool | None = None
    verified: bool | None = None
    sort: str = "relevance"  # relevance, price, -price, -discount, -quality, -updated
    offset: int = 0
    limit: int = 50


class DesignQuery(msgspec.Struct):
    terms: list[str] = []
    source: str | None = None
    license: str | None = None
    orientation: str | None = None  # landscape, portrait, square
    color: str | None = None
    min_quality: float | None = None
    canonical: bool = True  # leave out duplicates of a better copy
    sort: str = "relevance"  # relevance, -quality, -updated
    offset: int = 0
    limit: int = 50


class PricePoint(msgspec.Struct, frozen=True, gc=False):
    """One published value of one offer; `id` is the id of the change that published it."""

    id: str
    product_id: str
    offer: str
    price: int | None
    list_price: int | None
    currency: str | None
    availability: str
    at: float


class SourceRun(msgspec.Struct):
    """What one crawl of one source did: the ground on which health is judged. `withheld` pages were read and not
    stored; `state` and `reasons` say how drift judged the source at its end. Measured on what was read, also where it
    was withheld: `coverage`, the share of products that told each field; `shapes`, by depth of page (list, page) the
    counts and shares of `crawler.core.drift.report`; `prices`, by currency the tenth, the half and nine tenths of all
    prices, in minor units."""

    source: str
    started_at: float
    finished_at: float
    status: str
    reason: str = ""
    query: str = ""
    pages: int = 0
    items: int = 0
    verdicts: dict[str, int] = {}
    coverage: dict[str, float] = {}
    withheld: int = 0
    state: str = "healthy"
    reasons: list[str] = []
    shapes: dict[str, dict[str, float]] = {}
    prices: dict[str, list[int]] = {}


class Store(Protocol):
    async def open(self) -> None:
        """Create what is missing, check the schema version (SchemaError), fail clearly when away (StoreAway)."""

    async def close(self) -> None: ...

    # products
    async def seen(self, ids: list[str]) -> dict[str, Seen]: ...
    async def records(self, ids: list[str]) -> dict[str, Record]: ...
    async def by_url(self, urls: list[str]) -> dict[str, str]:
        """Product id by the address of its own page as the record has it now; of several at one address, one."""

    async def write(self, records: list[Record]) -> set[str]:
        """Each record whole, if the stored rev is still `record.rev - 1` (absent for rev 1). Returns the ids that
        moved meanwhile and were not written."""

    async def touch(self, ids: list[str], at: float) -> None:
        """Only `last_seen`, only forward; rev stays."""

    async def outbox(self, limit: int = 500) -> list[Record]:
        """Records that still hold changes to relay, oldest first."""

    async def clear_outbox(self, relayed: dict[str, list[str]], points: Sequence[PricePoint] = ()) -> None:
        """Keep what was relayed as price history (idempotent by product and id), then take these change ids, by
        product id, out of the outbox; changes decided meanwhile stay."""

    async def price_points(self, product_id: str, since: float = 0.0) -> list[PricePoint]: ...
    async def find_products(self, query: ProductQuery) -> tuple[list[Record], int]:
        """(one page, total)."""

    # designs
    async def designs(self, ids: list[str]) -> dict[str, Design]: ...
    async def write_designs(self, designs: list[Design]) -> None:
        """Insert or replace by id."""

    async def find_designs(self, query: DesignQuery) -> tuple[list[Design], int]: ...
    async def hashes(self) -> list[tuple[str, str]]:
        """(design id, perceptual hash) of every stored design that has one."""

    # sources and small things
    async def add_run(self, run: SourceRun) -> None:
        """The newest RUNS_KEPT of each source are kept."""

    async def runs(self, source: str | None = None, limit: int = 20) -> list[SourceRun]:
        """Newest first."""

    async def get(self, kind: str, key: str, of: Any = Any) -> Any | None:
        """A small JSON document, or None when absent or past its time. `of`: the type it is read as."""

    async def put(self, kind: str, key: str, value: Any, ttl: float | None = None) -> None: ...
    async def delete(self, kind: str, key: str) -> bool:
        """Whether it was there."""

    async def count(self, kind: str, prefix: str = "") -> int:
        """How many small documents have a key that starts so."""

    async def counts(self) -> dict[str, int]:
        """Documents per collection."""

    async def list(self, kind: str, prefix: str = "", after: str = "", limit: int = 100) -> list[tuple[str, Any]]:
        """(key, small document), by key, of those whose key starts with `prefix` and comes after `after`."""


def open_store(url: str) -> Store:
    """`sqlite:///path` or `mongodb://…`; not yet opened. Raises ConfigError for any other address."""
    if url.startswith(("mongodb://", "mongodb+srv://")):
        from crawler.core.store.mongo import MongoStore

        return MongoStore(url)
    path = url.removeprefix("sqlite:///")
    if path in ("", ":memory:", url):
        raise ConfigError("HOMEFEED_STORE_URL", "use sqlite:///<path> or mongodb://…")
    from crawler.core.store.sqlite import SqliteStore

    return SqliteStore(Path(path))


__all__ = [
    "SCHEMA_VERSION",
    "Change",
    "Design",
    "DesignQuery",
    "PricePoint",
    "Product",
    "ProductQuery",
    "Record",
    "Seen",
    "SourceRun",
    "Store",
    "open_store",
    "terms",
]
