import pytest

from .live import serving


@pytest.fixture
async def live(tmp_path, valkey):
    async with serving(tmp_path, valkey) as live:
        yield live
