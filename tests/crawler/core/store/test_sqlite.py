"""What only the file can get wrong: where it lies, who else holds it, and processes that die while they write."""

import asyncio
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from crawler.core.errors import ConfigError, SchemaError, StoreAway, StoreError
from crawler.core.store import ProductQuery, open_store, sqlite_db, sqlite_schema

from .making import record
from .writer import PAGE, page

ROOT = Path(__file__).parents[4]
NAMES = "HOMEFEED_STORE_URL and HOMEFEED_DATA_DIR"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "homefeed.db"


@pytest.fixture
async def store(path):
    store = open_store(f"sqlite:///{path}")
    await store.open()
    yield store
    await store.close()


async def writer(*arguments):
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.crawler.core.store.writer", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def refused(path):
    with pytest.raises(StoreError, match=NAMES) as caught:
        await open_store(f"sqlite:///{path}").open()
    return caught.value


class TestPlace:
    async def test_a_folder_that_is_a_file(self, tmp_path):
        (tmp_path / "file").write_text("")
        assert isinstance(await refused(tmp_path / "file" / "homefeed.db"), StoreAway)

    async def test_a_file_that_is_a_folder(self, tmp_path):
        assert isinstance(await refused(tmp_path), StoreAway)

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
    async def test_a_folder_that_may_not_be_written(self, tmp_path):
        tmp_path.chmod(0o500)
        assert isinstance(await refused(tmp_path / "homefeed.db"), StoreAway)

    async def test_a_file_that_is_no_database(self, path):
        path.write_bytes(b"notes " * 1000)
        assert "not a homefeed store" in str(await refused(path))
        assert path.read_bytes() == b"notes " * 1000

    async def test_another_program_s_database(self, path):
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE notes (text)")
        assert isinstance(await refused(path), SchemaError)

    async def test_a_store_of_before_addresses_were_looked_up(self, path, store):
        await store.write([record(1), record(2)])
        await store.close()
        with sqlite3.connect(path) as db:
            db.execute("DROP TABLE product_urls")
        again = open_store(f"sqlite:///{path}")
        await again.open()
        assert await again.by_url([record(2).product.url]) == {record(2).product.url: "oak:2"}
        await again.close()

    async def test_a_relative_path(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        store = open_store("sqlite:///.homefeed/homefeed.db")
        await store.open()
        await store.close()
        assert (tmp_path / ".homefeed" / "homefeed.db").exists()

    @pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:", "sqlite://x.db", "postgres://x", "x.db", ""])
    def test_an_address_of_no_store(self, url):
        with pytest.raises(ConfigError, match="HOMEFEED_STORE_URL"):
            open_store(url)

    async def test_after_close_it_says_so(self, store):
        await store.close()
        with pytest.raises(StoreAway, match="not open"):
            await store.seen(["oak:1"])

    async def test_closing_twice_or_unopened_is_no_error(self, store, tmp_path):
        await store.close()
        await open_store(f"sqlite:///{tmp_path}/never.db").close()


class TestOthers:
    @pytest.fixture
    def holder(self, store, path):
        """Another connection that holds the write lock."""
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.close()

    async def test_reads_do_not_wait_for_a_writer(self, store, holder):
        async with asyncio.timeout(1):
            assert await store.seen(["oak:1"]) == {}
            assert await store.find_products(ProductQuery()) == ([], 0)

    async def test_a_write_waits_for_the_other_writer(self, store, holder):
        write = asyncio.create_task(store.write([record()]))
        await asyncio.sleep(0.05)
        assert not write.done()
        holder.execute("COMMIT")
        assert await write == set()

    async def test_a_lock_held_for_too_long_is_told(self, path, monkeypatch):
        monkeypatch.setattr(sqlite_db, "BUSY", 0.05)
        store = open_store(f"sqlite:///{path}")
        await store.open()
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreAway, match=NAMES):
            await store.write([record()])
        holder.close()
        assert await store.write([record()]) == set()
        await store.close()

    async def test_all_who_wait_for_a_lock_wait_at_the_same_time(self, store, holder, monkeypatch):
        monkeypatch.setattr(sqlite_db, "BUSY", 0.5)
        started = time.monotonic()
        told = await asyncio.gather(*(store.put("kind", f"{n}", {}) for n in range(10)), return_exceptions=True)
        assert [type(error) for error in told] == [StoreAway] * 10
        assert time.monotonic() - started < 2.5  # not ten times 0.5 s
        assert await store.get("kind", "0") is None  # who reads does not wait at all
        holder.execute("COMMIT")
        await store.put("kind", "0", {})

    async def test_a_failure_in_mid_write_leaves_nothing(self, store, path, monkeypatch):
        monkeypatch.setattr("crawler.core.store.sqlite_write._add_documents", _full)
        with pytest.raises(StoreAway, match="disk is full"):
            await store.write([record()])
        monkeypatch.undo()
        assert await store.counts() == dict.fromkeys(["products", "price_points", "designs", "runs", "small"], 0)
        assert await store.write([record()]) == set()


def _full(*_):
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.slow
class TestProcesses:
    async def test_several_create_and_count_at_once(self, path):
        url = f"sqlite:///{path}"
        processes = [await writer("count", url, str(k), "25") for k in range(3)]
        assert [await p.wait() for p in processes] == [0, 0, 0]
        store = open_store(url)
        await store.open()
        final = (await store.records(["oak:1"]))["oak:1"]
        assert (final.product.quality, final.rev) == (75.0, 76)
        await store.close()

    async def test_kill_9_in_mid_write_loses_no_acknowledged_page(self, path):
        acknowledged = {}
        for name in ("a", "b", "c"):
            acknowledged[name] = await self._killed(path, name)
            store = open_store(f"sqlite:///{path}")
            await store.open()
            for known, number in acknowledged.items():
                await self._whole(store, known, number)
            await store.close()
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            db.execute("INSERT INTO product_terms (product_terms) VALUES ('integrity-check')")

    async def _killed(self, path, name):
        """Number of the last page that was acknowledged before the writer was killed."""
        process = await writer("pages", f"sqlite:///{path}", name, "100000")
        last, until = -1, time.monotonic() + 0.25
        while last < 3 or time.monotonic() < until:
            last = int(await process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = (await process.stdout.read()).split(b"\n")[:-1]
        assert await process.wait() == -signal.SIGKILL
        return int(rest[-1]) if rest else last

    async def _whole(self, store, name, last):
        """Every acknowledged page is there; the one after it is there whole or not at all."""
        for number in (0, last // 2, last):
            expected = {r.product.id: r for r in page(name, number)}
            assert await store.records(list(expected)) == expected
        next_ = await store.records([r.product.id for r in page(name, last + 1)])
        assert len(next_) in (0, PAGE)
        _, total = await store.find_products(ProductQuery(terms=[name, str(last)]))
        assert total >= PAGE


class Connection:
    """Answers as SQLite does while another connection switches the same new file to WAL."""

    def __init__(self, *answers: str):
        self.answers = list(answers)

    def execute(self, _statement: str) -> "Connection":
        if self.answers[0] != "wal":
            raise sqlite3.OperationalError(self.answers.pop(0))
        return self

    def fetchone(self) -> tuple[str]:
        return (self.answers.pop(0),)


class TestSwitchToWal:
    def test_waits_while_another_connection_does_it(self):
        sqlite_schema._use_wal(Connection("database is locked", "database is locked", "wal"))

    def test_gives_up_in_time(self, monkeypatch):
        monkeypatch.setattr(sqlite_schema, "BUSY", 0.1)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            sqlite_schema._use_wal(Connection(*["database is locked"] * 99))

    def test_another_error_is_told_at_once(self):
        with pytest.raises(sqlite3.OperationalError, match="disk"):
            sqlite_schema._use_wal(Connection("disk I/O error", "wal"))
