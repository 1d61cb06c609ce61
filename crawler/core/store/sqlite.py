"""The store in one SQLite file (WAL): the default, nothing to install. Documents are JSON beside narrow columns."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from crawler.core.models import Change, Design, Record, Seen, encode
from crawler.core.store import SCHEMA_VERSION, DesignQuery, PricePoint, ProductQuery, SourceRun
from crawler.core.store import sqlite_find as sql
from crawler.core.store import sqlite_small as small
from crawler.core.store.facets import firsts
from crawler.core.store.sqlite_db import Lane, read_only, transaction
from crawler.core.store.sqlite_schema import schema
from crawler.core.store.sqlite_write import clear_outbox, text, touch, write, write_designs

Row = tuple[Any, ...]
COLUMNS = "id, rev, last_seen, outbox"
ANY = "(SELECT value FROM json_each(?))"
KEPT = ("products", "price_points", "designs", "runs", "small")
RECORD = msgspec.json.Decoder(Record)
CHANGES = msgspec.json.Decoder(list[Change])
DESIGN = msgspec.json.Decoder(Design)
RUN = msgspec.json.Decoder(SourceRun)


class SqliteStore:
    """`crawler.core.store.Store` on one file, which several processes may share."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time):
        self.path, self._clock = path, clock
        self._writer, self._reader, self._searcher = (Lane(path, name) for name in ("write", "read", "search"))

    async def open(self) -> None:
        try:
            await self._writer.open(schema(SCHEMA_VERSION))
            await asyncio.gather(self._reader.open(read_only), self._searcher.open(read_only))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        for lane in (self._searcher, self._reader, self._writer):
            await lane.close()

    async def seen(self, ids: list[str]) -> dict[str, Seen]:
        rows = await self._reader.run(_rows, f"SELECT id, rev, digest FROM products WHERE id IN {ANY}", text(ids))
        return {id_: Seen(rev, digest) for id_, rev, digest in rows}

    async def records(self, ids: list[str]) -> dict[str, Record]:
        return await self._reader.run(_records, ids)

    async def by_url(self, urls: list[str]) -> dict[str, str]:
        query = f"SELECT url, id FROM product_urls JOIN products USING (n) WHERE url IN {ANY} ORDER BY n"
        return dict(await self._reader.run(_rows, query, text(urls)))

    async def write(self, records: list[Record]) -> set[str]:
        unique, again = firsts(records)
        return again | await self._writer.run(transaction, write, unique) if unique else again

    async def touch(self, ids: list[str], at: float) -> None:
        await self._writer.run(transaction, touch, ids, at)

    async def outbox(self, limit: int = 500) -> list[Record]:
        return await self._reader.run(_outbox, limit)

    async def clear_outbox(self, relayed: dict[str, list[str]], points: Sequence[PricePoint] = ()) -> None:
        await self._writer.run(transaction, clear_outbox, relayed, points)

    async def price_points(self, product_id: str, since: float = 0.0) -> list[PricePoint]:
        query = "SELECT * FROM price_points WHERE product_id = ? AND at >= ? ORDER BY at, id"
        return [PricePoint(*row) for row in await self._reader.run(_rows, query, product_id, since)]

    async def find_products(self, query: ProductQuery) -> tuple[list[Record], int]:
        return await self._searcher.run(_find_products, query)

    async def designs(self, ids: list[str]) -> dict[str, Design]:
        return await self._reader.run(_designs, ids)

    async def write_designs(self, designs: list[Design]) -> None:
        await self._writer.run(transaction, write_designs, designs)

    async def find_designs(self, query: DesignQuery) -> tuple[list[Design], int]:
        return await self._searcher.run(_find_designs, query)

    async def hashes(self) -> list[tuple[str, str]]:
        return await self._searcher.run(_rows, "SELECT id, phash FROM designs WHERE phash IS NOT NULL ORDER BY n")

    async def add_run(self, run: SourceRun) -> None:
        await self._writer.run(transaction, small.add_run, run.source, run.finished_at, encode(run))

    async def runs(self, source: str | None = None, limit: int = 20) -> list[SourceRun]:
        where, values = ("source = ?", [source]) if source is not None else ("1", [])
        query = f"SELECT document FROM runs WHERE {where} ORDER BY finished_at DESC, n DESC LIMIT ?"
        return [RUN.decode(row[0]) for row in await self._reader.run(_rows, query, *values, limit)]

    async def get(self, kind: str, key: str, of: Any = Any) -> Any | None:
        query = "SELECT document FROM small WHERE kind = ? AND key = ? AND (expires IS NULL OR expires > ?)"
        rows = await self._reader.run(_rows, query, kind, key, self._clock())
        return msgspec.json.decode(rows[0][0], type=of) if rows else None

    async def put(self, kind: str, key: str, value: Any, ttl: float | None = None) -> None:
        now = self._clock()
        row = (kind, key, None if ttl is None else now + ttl, encode(value))
        await self._writer.run(transaction, small.put, row, now)

    async def delete(self, kind: str, key: str) -> bool:
        return await self._writer.run(transaction, small.delete, kind, key, self._clock())

    async def count(self, kind: str, prefix: str = "") -> int:
        return await self._reader.run(small.count, kind, prefix, self._clock())

    async def counts(self) -> dict[str, int]:
        return await self._searcher.run(_counts)

    async def list(self, kind: str, prefix: str = "", after: str = "", limit: int = 100) -> list[tuple[str, Any]]:
        return await self._reader.run(small.page, kind, prefix, after, limit, self._clock())


def _rows(db: sqlite3.Connection, query: str, *values: Any) -> list[Row]:
    return db.execute(query, values).fetchall()


def _records(db: sqlite3.Connection, ids: list[str]) -> dict[str, Record]:
    query = f"SELECT {COLUMNS}, document FROM products JOIN product_documents USING (n) WHERE id IN {ANY}"
    return {row[0]: _record(row) for row in db.execute(query, [text(ids)])}


def _record(row: Row) -> Record:
    """The document under the columns that move without it."""
    _, rev, last_seen, outbox, document = row
    record = RECORD.decode(document)
    record.rev, record.last_seen = rev, last_seen
    record.outbox = CHANGES.decode(outbox) if outbox else []
    return record


def _outbox(db: sqlite3.Connection, limit: int) -> list[Record]:
    query = (f"SELECT {COLUMNS}, document FROM products JOIN product_documents USING (n) WHERE pending IS NOT NULL "
             "ORDER BY pending, n LIMIT ?")  # fmt: skip
    return [_record(row) for row in db.execute(query, [limit])]


def _find_products(db: sqlite3.Connection, query: ProductQuery) -> tuple[list[Record], int]:
    filters, order = sql.product_filters(query), sql.PRODUCT_ORDER[query.sort]
    rows, total = sql.find(db, "product", COLUMNS, filters, order, query.offset, query.limit)
    return [_record(row) for row in rows], total


def _find_designs(db: sqlite3.Connection, query: DesignQuery) -> tuple[list[Design], int]:
    filters, order = sql.design_filters(query), sql.DESIGN_ORDER[query.sort]
    rows, total = sql.find(db, "design", "id", filters, order, query.offset, query.limit)
    return [DESIGN.decode(row[-1]) for row in rows], total


def _designs(db: sqlite3.Connection, ids: list[str]) -> dict[str, Design]:
    query = f"SELECT id, document FROM designs JOIN design_documents USING (n) WHERE id IN {ANY}"
    return {row[0]: DESIGN.decode(row[1]) for row in db.execute(query, [text(ids)])}


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in KEPT}
