"""The tables of a SQLite store, made when it is opened: all of them in a new file, in an older one those that came
since then without making another schema of it."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from crawler.core.errors import SchemaError
from crawler.core.store.sqlite_db import BUSY, WHERE, transaction

SOON = 0.02  # seconds before the next try where SQLite itself does not wait
PRAGMAS = (
    "PRAGMA synchronous=NORMAL", "PRAGMA cache_size=-32000", "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA journal_size_limit=67108864",
)  # fmt: skip

FIRST = """
CREATE TABLE products (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL, digest TEXT NOT NULL, last_seen REAL NOT NULL,
    last_changed REAL NOT NULL, retailer TEXT NOT NULL, currency TEXT, price INTEGER, discount REAL, stock INTEGER,
    verified INTEGER, quality REAL, pending REAL, outbox BLOB
);
CREATE INDEX products_pending ON products (pending, n) WHERE pending IS NOT NULL;
CREATE INDEX products_quality ON products (quality DESC, last_changed DESC);
CREATE TABLE product_documents (n INTEGER PRIMARY KEY, words TEXT NOT NULL, document BLOB NOT NULL);
CREATE VIRTUAL TABLE product_terms
    USING fts5(words, content='', detail=none, columnsize=0, tokenize="ascii tokenchars ':_'");
CREATE TABLE price_points (
    id TEXT NOT NULL, product_id TEXT NOT NULL, offer TEXT NOT NULL, price INTEGER, list_price INTEGER,
    currency TEXT, availability TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (product_id, id)
) WITHOUT ROWID;
CREATE TABLE designs (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, license TEXT NOT NULL, orientation TEXT,
    canonical INTEGER NOT NULL, quality REAL, fetched_at REAL NOT NULL, phash TEXT
);
CREATE INDEX designs_quality ON designs (quality DESC, id);
CREATE TABLE design_documents (n INTEGER PRIMARY KEY, words TEXT NOT NULL, document BLOB NOT NULL);
CREATE VIRTUAL TABLE design_terms
    USING fts5(words, content='', detail=none, columnsize=0, tokenize="ascii tokenchars ':_'");
CREATE TABLE runs (n INTEGER PRIMARY KEY, source TEXT NOT NULL, finished_at REAL NOT NULL, document BLOB NOT NULL);
CREATE INDEX runs_source ON runs (source, finished_at);
CREATE TABLE small (
    kind TEXT NOT NULL, key TEXT NOT NULL, expires REAL, document BLOB NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX small_expires ON small (expires) WHERE expires IS NOT NULL;
"""
URLS = """
CREATE TABLE product_urls (n INTEGER PRIMARY KEY, url TEXT NOT NULL);
CREATE INDEX product_urls_url ON product_urls (url);
INSERT INTO product_urls SELECT n, json_extract(CAST(document AS TEXT), '$.product.url') FROM product_documents;
"""
TABLES = {"products": FIRST, "product_urls": URLS}  # by the table that says whether they were made


def schema(version: int) -> Callable[[sqlite3.Connection, Path], None]:
    """What makes a connection the writer of a store of schema `version`. Raises SchemaError."""

    def prepare(db: sqlite3.Connection, path: Path) -> None:
        _use_wal(db)
        for pragma in PRAGMAS:
            db.execute(pragma)
        transaction(db, _create, version, path)

    return prepare


def _use_wal(db: sqlite3.Connection) -> None:
    """The one statement that SQLite's own busy time-out does not cover: a new file opened by several at once."""
    for _ in range(int(BUSY / SOON)):
        try:
            if db.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal":
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
        time.sleep(SOON)
    raise sqlite3.OperationalError("database is locked")


def _create(db: sqlite3.Connection, version: int, path: Path) -> None:
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found and found != version:
        raise SchemaError(f"{path} has schema {found}, this homefeed speaks {version}: run the homefeed that wrote it, "
                          f"or move the file away to start afresh{WHERE}")  # fmt: skip
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if tables and not found:
        raise SchemaError(f"{path} is another program's database{WHERE}")
    for table, statements in TABLES.items():
        if table not in tables:
            for statement in statements.split(";")[:-1]:
                db.execute(statement)
    db.execute(f"PRAGMA user_version={version}")
