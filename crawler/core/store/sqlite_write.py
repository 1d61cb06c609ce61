"""What one write transaction does. Every function here runs inside `sqlite_db.transaction`."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from crawler.core.models import Change, Design, Record
from crawler.core.store import PricePoint
from crawler.core.store.facets import design_facets, design_terms, product_facets, product_terms

Row = tuple[Any, ...]
ENCODE = msgspec.json.Encoder().encode
CHANGES = msgspec.json.Decoder(list[Change])

INSERT = "INSERT INTO products VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
SET_URL = """INSERT INTO product_urls VALUES (?,?)
    ON CONFLICT (n) DO UPDATE SET url = excluded.url WHERE url <> excluded.url"""
UPDATE = """UPDATE products SET rev=?, digest=?, last_seen=max(last_seen, ?), last_changed=?, retailer=?, currency=?,
    price=?, discount=?, stock=?, verified=?, quality=?, pending=?, outbox=? WHERE n=?"""
INSERT_DESIGN = "INSERT INTO designs VALUES (?,?,?,?,?,?,?,?,?)"
UPDATE_DESIGN = """UPDATE designs SET source=?, license=?, orientation=?, canonical=?, quality=?, fetched_at=?, phash=?
    WHERE n=?"""
ADD_POINT = "INSERT OR IGNORE INTO price_points (id, product_id, offer, price, list_price, currency, availability, at) \
    VALUES (?,?,?,?,?,?,?,?)"
TOUCH = "UPDATE products SET last_seen = ? WHERE id IN (SELECT value FROM json_each(?)) AND last_seen < ?"


def text(ids: Iterable[str | int]) -> str:
    """Ids as the JSON list that `json_each` reads: one statement whatever their number."""
    return ENCODE(list(ids)).decode()


def write(db: sqlite3.Connection, records: list[Record]) -> set[str]:
    """Ids whose stored rev was not the one before the record's; all others are written."""
    stored = {id_: (n, rev) for id_, n, rev in _stored(db, "id, n, rev", (r.product.id for r in records))}
    fresh = [r for r in records if r.rev == 1 and r.product.id not in stored]
    newer = [r for r in records if stored.get(r.product.id, (0, 0))[1] == r.rev - 1 > 0]
    if fresh:
        first = _next(db, "products")
        db.executemany(INSERT, [(n, r.product.id, *_columns(r)) for n, r in enumerate(fresh, first)])
        db.executemany(SET_URL, [(n, r.product.url) for n, r in enumerate(fresh, first)])
        _add_documents(db, "product", [(n, _words(r), _document(r)) for n, r in enumerate(fresh, first)])
    if newer:
        numbers = [stored[r.product.id][0] for r in newer]
        db.executemany(UPDATE, [(*_columns(r), n) for n, r in zip(numbers, newer, strict=True)])
        db.executemany(SET_URL, [(n, r.product.url) for n, r in zip(numbers, newer, strict=True)])
        _replace_documents(db, "product", [(n, _words(r), _document(r)) for n, r in zip(numbers, newer, strict=True)])
    return {r.product.id for r in records} - {r.product.id for r in fresh} - {r.product.id for r in newer}


def touch(db: sqlite3.Connection, ids: list[str], at: float) -> None:
    db.execute(TOUCH, [at, text(ids), at])


def clear_outbox(db: sqlite3.Connection, relayed: dict[str, list[str]], points: Sequence[PricePoint]) -> None:
    """The rev moves too: a writer that still holds the relayed changes must read again."""
    db.executemany(ADD_POINT, map(msgspec.structs.astuple, points))
    rows = []
    for id_, n, outbox in _stored(db, "id, n, outbox", relayed):
        known = CHANGES.decode(outbox) if outbox else []
        left = [change for change in known if change.id not in relayed[id_]]
        if len(left) < len(known):
            rows.append((left[0].observed_at if left else None, ENCODE(left) if left else None, n))
    db.executemany("UPDATE products SET rev = rev + 1, pending = ?, outbox = ? WHERE n = ?", rows)


def write_designs(db: sqlite3.Connection, designs: list[Design]) -> None:
    newest = {design.id: design for design in designs}
    stored: dict[str, int] = dict(_stored(db, "id, n", newest, "designs"))
    fresh = [d for d in newest.values() if d.id not in stored]
    first = _next(db, "designs")
    db.executemany(INSERT_DESIGN, [(n, d.id, *design_facets(d)) for n, d in enumerate(fresh, first)])
    _add_documents(db, "design", [(n, " ".join(design_terms(d)), ENCODE(d)) for n, d in enumerate(fresh, first)])
    known = [(stored[d.id], d) for d in newest.values() if d.id in stored]
    db.executemany(UPDATE_DESIGN, [(*design_facets(d), n) for n, d in known])
    _replace_documents(db, "design", [(n, " ".join(design_terms(d)), ENCODE(d)) for n, d in known])


def _stored(db: sqlite3.Connection, columns: str, ids: Iterable[str], table: str = "products") -> list[Row]:
    query = f"SELECT {columns} FROM {table} WHERE id IN (SELECT value FROM json_each(?))"
    return db.execute(query, [text(ids)]).fetchall()


def _next(db: sqlite3.Connection, table: str) -> int:
    number: int = db.execute(f"SELECT coalesce(max(n), 0) + 1 FROM {table}").fetchone()[0]
    return number


def _columns(record: Record) -> Row:
    outbox = ENCODE(record.outbox) if record.outbox else None
    return (record.rev, record.digest, record.last_seen, record.last_changed, *product_facets(record), outbox)


def _words(record: Record) -> str:
    return " ".join(product_terms(record.product))


def _document(record: Record) -> bytes:
    """Without the outbox, which has its own column so that clearing it leaves the document alone."""
    return ENCODE(msgspec.structs.replace(record, outbox=[]) if record.outbox else record)


def _add_documents(db: sqlite3.Connection, kind: str, rows: list[Row]) -> None:
    """`rows`: (n, words, document)."""
    db.executemany(f"INSERT INTO {kind}_documents VALUES (?,?,?)", rows)
    db.executemany(f"INSERT INTO {kind}_terms (rowid, words) VALUES (?,?)", [row[:2] for row in rows])


def _replace_documents(db: sqlite3.Connection, kind: str, rows: list[Row]) -> None:
    """The index of words is written only where they changed; it must be told the old ones to forget them."""
    numbers = text(row[0] for row in rows)
    query = f"SELECT n, words FROM {kind}_documents WHERE n IN (SELECT value FROM json_each(?))"
    old = dict(db.execute(query, [numbers]).fetchall())
    moved = [row[:2] for row in rows if old[row[0]] != row[1]]
    forget = f"INSERT INTO {kind}_terms ({kind}_terms, rowid, words) VALUES ('delete',?,?)"
    db.executemany(forget, [(n, old[n]) for n, _ in moved])
    db.executemany(f"INSERT INTO {kind}_terms (rowid, words) VALUES (?,?)", moved)
    db.executemany(f"UPDATE {kind}_documents SET words=?, document=? WHERE n=?", [(w, d, n) for n, w, d in rows])
