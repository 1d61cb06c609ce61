"""`store`: an empty, open store of each backend. `reopen` opens the same one once more."""

import os
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from crawler.core.store import open_store

from . import servers

FERRETDB = "HOMEFEED_TEST_FERRETDB"
MONGODB = "HOMEFEED_TEST_MONGODB_URL"
BACKENDS = ["sqlite", "nx-27017", pytest.param("ferretdb", marks=pytest.mark.mongo),
            pytest.param("mongodb", marks=pytest.mark.mongo)]  # fmt: skip
RACED = [backend for backend in BACKENDS if getattr(backend, "values", [None])[0] != "ferretdb"]


@pytest.fixture(scope="session")
def nx_url(tmp_path_factory):
    with servers.running(servers.nx_27017, tmp_path_factory.mktemp("nx")) as url:
        yield url


@pytest.fixture(scope="session")
def ferretdb_url(tmp_path_factory):
    if not os.environ.get(FERRETDB):
        pytest.skip(f"{FERRETDB} names no FerretDB 1.24 binary")
    with servers.running(servers.ferretdb(os.environ[FERRETDB]), tmp_path_factory.mktemp("ferretdb")) as url:
        yield url


@pytest.fixture(scope="session")
def mongodb_url():
    if not os.environ.get(MONGODB):
        pytest.skip(f"{MONGODB} names no MongoDB")
    return os.environ[MONGODB]


@pytest.fixture
def url(backend, request, tmp_path):
    """Address of a store that does not exist yet."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path}/new/homefeed.db"
    server = request.getfixturevalue({"nx-27017": "nx_url"}.get(backend, f"{backend}_url"))
    head, _, options = server.partition("?")
    return f"{head.rstrip('/')}/t{uuid4().hex[:12]}" + (f"?{options}" if options else "")


@pytest.fixture
async def reopen(url):
    """Opens one more store at the same address; all are closed at the end."""
    async with AsyncExitStack() as stack:

        async def again():
            opened = open_store(url)
            await opened.open()
            stack.push_async_callback(opened.close)
            return opened

        yield again


@pytest.fixture
async def store(reopen):
    return await reopen()
