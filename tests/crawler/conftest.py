"""A real Valkey for the tests that need one, started once and emptied before each; an empty store for each."""

import pytest
from redis import Redis

from crawler.core.config import Config
from crawler.core.store import open_store
from crawler.core.valkey import acquire


@pytest.fixture(scope="session")
def valkey_server_url(tmp_path_factory):
    lease = acquire(Config(data_dir=tmp_path_factory.mktemp("bus")))
    yield lease.url
    lease.release()


@pytest.fixture
def valkey(valkey_server_url):
    with Redis.from_url(valkey_server_url) as redis:
        redis.flushall()
    return valkey_server_url


@pytest.fixture
async def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'homefeed.db'}")
    await store.open()
    yield store
    await store.close()
