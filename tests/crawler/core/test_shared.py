"""What the stages of one crawl share is closed by the last one out, whatever goes wrong meanwhile."""

import asyncio
import time

import pytest

from crawler.core import redis_client, valkey
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


async def test_all_who_ask_for_a_silent_redis_hear_of_it_at_the_same_time(tmp_path, monkeypatch):
    monkeypatch.setattr(redis_client.connect, "__defaults__", (0.5, 0.5))
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(30), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    shared = Shared(Config(data_dir=tmp_path, redis_url=f"redis://127.0.0.1:{port}/0"))
    await shared.enter()
    started = time.monotonic()
    asked = [shared.queue() for _ in range(10)] + [shared.bus() for _ in range(10)]
    told = asyncio.gather(*asked, return_exceptions=True)
    await asyncio.wait_for(shared.store(), 0.4)  # nor does the store wait for Redis
    assert [type(error) for error in await told] == [BusAway] * 20
    assert time.monotonic() - started < 2
    with pytest.raises(BusAway):  # it is tried again
        await shared.queue()
    await shared.leave()
    silent.close()


async def test_ten_that_ask_at_once_share_one_of_each_on_one_lease(tmp_path, monkeypatch):
    leases = []

    async def lease_in_thread(settings):
        leases.append(await valkey.lease_in_thread(settings))
        return leases[-1]

    monkeypatch.setattr("crawler.core.shared.lease_in_thread", lease_in_thread)
    crawl = Shared(Config(data_dir=tmp_path))
    await crawl.enter()
    opened = await asyncio.gather(*(ask() for ask in (crawl.queue, crawl.bus, crawl.pace) * 10))
    assert len(set(map(id, opened))) == 3
    assert len(leases) == 1
    await crawl.leave()
    assert not alive(tmp_path / "valkey")


async def test_the_last_one_out_ends_what_is_still_being_opened(tmp_path):
    shared = Shared(Config(data_dir=tmp_path))
    await shared.enter()
    asking = asyncio.create_task(shared.queue())
    await asyncio.sleep(0.01)
    await shared.leave()
    with pytest.raises(asyncio.CancelledError):
        await asking
    async with asyncio.timeout(10):
        while alive(tmp_path / "valkey"):
            await asyncio.sleep(0.05)
