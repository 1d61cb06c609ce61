"""Small JSON documents by kind and key, and the runs of each source, in SQLite."""

import sqlite3
from typing import Any

import msgspec

from crawler.core.store import RUNS_KEPT

Row = tuple[Any, ...]
ALIVE = "kind = ? AND key >= ? AND key < ? AND (expires IS NULL OR expires > ?)"
LAST = "\U0010ffff"  # comes after every character of a key


def page(
    db: sqlite3.Connection, kind: str, prefix: str, after: str, limit: int, now: float
) -> list[tuple[str, Any]]:  # fmt: skip
    query = f"SELECT key, document FROM small WHERE {ALIVE} AND key > ? ORDER BY key LIMIT ?"
    rows = db.execute(query, [kind, prefix, prefix + LAST, now, after, limit])
    return [(key, msgspec.json.decode(document)) for key, document in rows]


def count(db: sqlite3.Connection, kind: str, prefix: str, now: float) -> int:
    query = f"SELECT count(*) FROM small WHERE {ALIVE}"
    found: int = db.execute(query, [kind, prefix, prefix + LAST, now]).fetchone()[0]
    return found


def put(db: sqlite3.Connection, row: Row, now: float) -> None:
    db.execute("DELETE FROM small WHERE expires <= ?", [now])
    db.execute("INSERT OR REPLACE INTO small VALUES (?,?,?,?)", row)


def delete(db: sqlite3.Connection, kind: str, key: str, now: float) -> bool:
    db.execute("DELETE FROM small WHERE expires <= ?", [now])
    return db.execute("DELETE FROM small WHERE kind = ? AND key = ?", [kind, key]).rowcount > 0


def add_run(db: sqlite3.Connection, source: str, finished_at: float, document: bytes) -> None:
    db.execute("INSERT INTO runs (source, finished_at, document) VALUES (?,?,?)", [source, finished_at, document])
    old = "SELECT n FROM runs WHERE source = ? ORDER BY finished_at DESC, n DESC LIMIT -1 OFFSET ?"
    db.execute(f"DELETE FROM runs WHERE n IN ({old})", [source, RUNS_KEPT])
