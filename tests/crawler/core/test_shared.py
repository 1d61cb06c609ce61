"""What the stages of one crawl share is closed by the last one out, whatever goes wrong meanwhile."""

import pytest

from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.errors import BusAway, StoreAway
from crawler.core.shared import Shared
from crawler.core.valkey.server import alive


async def test_one_that_cannot_be_closed_leaves_no_other_open(monkeypatch, tmp_path):
    real = Bus.close

    async def close(bus):
        await real(bus)
        raise BusAway("gone")

    monkeypatch.setattr(Bus, "close", close)
    crawl = Shared(Config(data_dir=tmp_path))
    await crawl.enter()
    store, _ = await crawl.store(), await crawl.bus()
    with pytest.raises(BusAway):
        await crawl.leave()
    with pytest.raises(StoreAway):
        await store.counts()
    assert not alive(tmp_path / "valkey")


async def test_only_the_last_one_out_closes(tmp_path):
    crawl = Shared(Config(data_dir=tmp_path))
    await crawl.enter()
    await crawl.enter()
    store = await crawl.store()
    await crawl.leave()
    assert (await store.counts())["products"] == 0
    await crawl.leave()
    with pytest.raises(StoreAway):
        await store.counts()
