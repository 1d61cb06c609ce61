"""What a worker does beside its jobs, without any."""

import asyncio
import json
import os
import signal

import pytest

from crawler.core.config import Config
from crawler.core.shared import Shared
from crawler.core.valkey import acquire
from crawler.jobs import chores
from crawler.jobs.chores import Chores
from crawler.jobs.job_run import House


@pytest.fixture
def lease(tmp_path):
    lease = acquire(Config(data_dir=tmp_path / "redis"))
    yield lease
    lease.release()


@pytest.fixture
async def shared(tmp_path, lease):
    shared = Shared(Config(data_dir=tmp_path, redis_url=lease.url), warm=True)
    await shared.enter()
    yield shared
    await shared.leave()


async def test_an_absent_redis_is_said_once_each_time_it_goes(tmp_path, lease, shared, monkeypatch, caplog):
    for name in ("RENEW_S", "TELL_S", "RETRY_S"):
        monkeypatch.setattr(chores, name, 0.05)
    house = House(Config(data_dir=tmp_path), shared, None, {}, {}, crawls=1)
    queue = await shared.queue()
    running = asyncio.create_task(Chores(house, {}).run())
    for times in (1, 2):
        async with asyncio.timeout(10):
            while not await queue.workers():
                await asyncio.sleep(0.02)
        os.kill(json.loads((tmp_path / "redis/valkey/server.json").read_text())["pid"], signal.SIGKILL)
        async with asyncio.timeout(10):
            while caplog.text.count("no jobs come") < times:
                await asyncio.sleep(0.02)
        house.crawls += 1
        await asyncio.sleep(0.3)
        assert caplog.text.count("no jobs come") == times
        await asyncio.to_thread(lease.revive)
        await queue.forget_worker((await queue.workers())[0].id)
    running.cancel()
    await asyncio.wait([running])
