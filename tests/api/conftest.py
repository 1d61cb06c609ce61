"""`api`: (client, house) on a store and a Valkey of the test's own."""

import pytest

from tests.crawler.conftest import valkey, valkey_server_url

from .served import served

__all__ = ["api", "valkey", "valkey_server_url"]


@pytest.fixture
async def api(tmp_path, valkey):
    async with served(tmp_path, valkey) as (client, house):
        yield client, house
