"""One SQLite file and its threads: a lane is one thread with one connection, so that a write never makes a
look-up wait, nor a long search either of them."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from crawler.core.errors import InputError, StoreAway, StoreError

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[sqlite3.Connection, P], T]

BUSY = 10.0  # seconds a call waits for other processes, the time in its own lane included
LEAST = 0.05  # seconds of that for who stood in its lane for so long already
WHERE = "; see HOMEFEED_STORE_URL and HOMEFEED_DATA_DIR"


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
