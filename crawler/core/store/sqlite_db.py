"""One SQLite file, its schema and its threads: a lane is one thread with one connection, so that a write never makes a
look-up wait, nor a long search either of them."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from crawler.core.errors import InputError, SchemaError, StoreAway, StoreError

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[sqlite3.Connection, P], T]

BUSY = 10.0  # seconds a call waits for other processes, the time in its own lane included
LEAST = 0.05  # seconds of that for who stood in its lane for so long already
SOON = 0.02  # seconds before the next try where SQLite itself does not wait
WHERE = "; see HOMEFEED_STORE_URL and HOMEFEED_DATA_DIR"
PRAGMAS = (
    "PRAGMA synchronous=NORMAL", "PRAGMA cache_size=-32000", "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA journal_size_limit=67108864",
)  # fmt: skip

SCHEMA = """
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


class Lane:
    """One thread, one connection. Raises StoreAway, StoreError and InputError, never sqlite3's own errors."""

    def __init__(self, path: Path, name: str):
        self.path, self._name = path, f"homefeed-store-{name}"
        self._pool: ThreadPoolExecutor | None = None
        self._db: sqlite3.Connection | None = None

    async def open(self, prepare: Callable[[sqlite3.Connection, Path], None]) -> None:
        self._pool = ThreadPoolExecutor(1, self._name)
        await self._submit(self._open, prepare)

    async def run(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Raises StoreAway when another process has kept the file locked for BUSY seconds since the call: those behind
        each other in this lane wait at the same time."""
        return await self._submit(self._run, time.monotonic() + BUSY, work, *args, **kwargs)

    async def close(self) -> None:
        if self._pool is not None:
            await self._submit(self._close)
            self._pool.shutdown(wait=False)
            self._pool = None

    async def _submit(self, call: Callable[..., T], *args: object, **kwargs: object) -> T:
        def guarded() -> T:
            try:
                return call(*args, **kwargs)
            except (sqlite3.Error, OSError) as error:
                raise translated(error, self.path) from error
            except (UnicodeEncodeError, OverflowError) as error:
                raise InputError("document", f"can't be kept: {error}") from error

        if self._pool is None:
            raise StoreAway(f"the store {self.path} is not open")
        return await asyncio.get_running_loop().run_in_executor(self._pool, guarded)

    def _open(self, prepare: Callable[[sqlite3.Connection, Path], None]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None)
        prepare(self._db, self.path)

    def _run(self, until: float, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        assert self._db is not None, "open comes first"
        self._db.execute(f"PRAGMA busy_timeout={max(LEAST, until - time.monotonic()) * 1000:.0f}")
        return work(self._db, *args, **kwargs)

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def transaction(db: sqlite3.Connection, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """All of `work` or nothing; the write lock is taken first, so what it reads can't move under it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        result = work(db, *args, **kwargs)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return result


def translated(error: Exception, path: Path) -> StoreError:
    """What a user can act on, in place of what SQLite or the system said."""
    if isinstance(error, OSError | sqlite3.OperationalError):
        return StoreAway(f"the store {path} can't be used: {error}{WHERE}")
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return StoreError(f"{path} is not a homefeed store: {error}{WHERE}")
    return StoreError(f"the store {path} failed: {error}{WHERE}")


def read_only(db: sqlite3.Connection, _path: Path) -> None:
    db.execute("PRAGMA query_only=1")
    db.execute("PRAGMA cache_size=-32000")


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
    if found == version:
        return
    if found:
        raise SchemaError(f"{path} has schema {found}, this homefeed speaks {version}: run the homefeed that wrote it, "
                          f"or move the file away to start afresh{WHERE}")  # fmt: skip
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise SchemaError(f"{path} is another program's database{WHERE}")
    for statement in SCHEMA.split(";")[:-1]:
        db.execute(statement)
    db.execute(f"PRAGMA user_version={version}")
