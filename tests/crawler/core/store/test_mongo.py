"""What only a server can get wrong: not being there, and telling more than it should."""

import subprocess
import sys
import time

import pytest

from crawler.core.errors import StoreAway, StoreError
from crawler.core.store import mongo_db, open_store

from . import servers


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(mongo_db, "AWAY", 300)


async def test_no_server_is_told_in_time_and_without_the_password(impatient):
    store = open_store(f"mongodb://shop:hunter2@127.0.0.1:{servers.free_port()}/")
    started = time.monotonic()
    with pytest.raises(StoreAway, match="HOMEFEED_STORE_URL") as caught:
        await store.open()
    assert time.monotonic() - started < 3
    assert "hunter2" not in str(caught.value)


async def test_a_server_that_goes_is_told_in_time(impatient, tmp_path):
    with servers.running(servers.nx_27017, tmp_path) as url:
        store = open_store(url)
        await store.open()
        assert await store.seen(["oak:1"]) == {}
    started = time.monotonic()
    with pytest.raises(StoreAway):
        await store.seen(["oak:1"])
    assert time.monotonic() - started < 3
    await store.close()


async def test_an_address_that_can_not_be_read():
    with pytest.raises(StoreError, match="HOMEFEED_STORE_URL"):
        await open_store("mongodb://127.0.0.1:port/").open()


async def test_before_open_it_says_so():
    with pytest.raises(StoreAway, match="not open"):
        await open_store("mongodb://127.0.0.1/").seen(["oak:1"])


def test_the_driver_is_loaded_only_by_those_who_use_it():
    code = "import sys, crawler.core.store as s; s.open_store('sqlite:///x.db'); print('pymongo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
