"""What a job says arrives in order, once, also when Redis was away; a lost job says nothing more."""

import asyncio
import os
import signal

import pytest

from crawler.core import metrics
from crawler.core.config import Config
from crawler.core.errors import BusAway
from crawler.core.models.jobs import JobEvent, SourceProgress
from crawler.core.shared import Shared
from crawler.jobs import telling
from crawler.jobs.telling import Teller


@pytest.fixture
async def shared(tmp_path, monkeypatch):
    monkeypatch.setattr(telling, "RETRY_S", 0.05)
    shared = Shared(Config(data_dir=tmp_path))
    await shared.enter()
    yield shared
    await shared.leave()


async def taken(shared):
    queue = await shared.queue()
    await queue.submit("products", "sofa")
    return queue, await queue.take("slot")


def items(*ids):
    return JobEvent("item", items=[{"id": str(i)} for i in ids])


async def told(queue, job):
    return [item["id"] for event in await queue.events(job.id, limit=1000) for item in event.items]


async def test_what_is_said_while_redis_is_busy_goes_together_and_in_order(shared):
    queue, job = await taken(shared)
    teller = Teller(job, shared, 5)
    for n in range(telling.MOST + 50):
        await teller.tell(items(n), JobEvent("progress", source=SourceProgress("oak", "running", n)))
    await teller.all_told()
    assert await told(queue, job) == [str(n) for n in range(telling.MOST + 50)]
    assert (await queue.job(job.id)).progress["oak"].count == telling.MOST + 49


async def test_whoever_says_too_much_waits(shared):
    _, job = await taken(shared)
    teller = Teller(job, shared, 5)
    await teller.tell(*(items(n) for n in range(telling.MOST)))
    assert teller._waiting  # there was room
    await teller.tell(items("one too many"))
    assert not teller._waiting


async def test_a_lost_job_says_nothing_more(shared):
    queue, job = await taken(shared)
    teller = Teller(job, shared, 5)
    await queue.cancel(job.id)
    await teller.tell(items(1))
    await teller.all_told()
    assert teller.lost.is_set()
    await teller.tell(items(2))
    await teller.all_told()
    assert await told(queue, job) == []


async def test_what_was_said_while_redis_was_away_is_told_when_it_is_back(shared, caplog):
    queue, job = await taken(shared)
    teller = Teller(job, shared, 20)
    await teller.tell(items(1))
    await teller.all_told()
    await asyncio.sleep(1.2)  # the AOF is written once a second
    os.kill(int((await queue._redis.info("server"))["process_id"]), signal.SIGKILL)
    await teller.tell(items(2))
    await teller.tell(items(3))
    await asyncio.sleep(0.2)
    await shared.revive()
    await teller.all_told()
    assert await told(queue, job) == ["1", "2", "3"]
    assert caplog.text.count("waits to be told of") == 1


async def test_it_gives_up_when_its_time_is_over(shared):
    queue, job = await taken(shared)
    os.kill(int((await queue._redis.info("server"))["process_id"]), signal.SIGKILL)
    teller = Teller(job, shared, 0.1)
    await teller.tell(items(1))
    with pytest.raises(BusAway):
        await teller.all_told()


async def test_the_time_to_the_first_item_is_counted_once(shared):
    _, job = await taken(shared)
    count = 'homefeed_first_item_seconds_count{kind="products"}'

    def counted():
        lines = metrics.exposition().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(count))

    before = counted()
    teller = Teller(job, shared, 5)
    for event in (JobEvent("progress", source=SourceProgress("oak")), items(1), items(2)):
        await teller.tell(event)
        await teller.all_told()
    assert counted() == before + 1
