"""What schedulers submit, on a real Valkey and store, by a clock the test sets."""

import asyncio
import logging
from itertools import count

import msgspec
import pytest

from crawler.core.config import Config
from crawler.core.errors import QueueFull
from crawler.core.models.jobs import JobEvent, SourceProgress
from crawler.core.shared import Shared
from crawler.core.watches import KIND, Rules, Watch
from crawler.jobs.crons import parse
from crawler.jobs.rechecks import turn
from crawler.jobs.schedule import Scheduler
from tests.crawler.core.store.making import record

EVERY = 300.0
NOON = 1_767_268_800.0


class World:
    """Any number of schedulers over one store and one Valkey, at one `now`."""

    def __init__(self, settings):
        self.settings, self.now, self._shared, self._made, self._slots = settings, NOON, [], [], count()

    async def scheduler(self, crons=""):
        shared = Shared(self.settings)
        await shared.enter()
        self._shared.append(shared)
        planned = parse(crons, ["oak", "elm"], ["pages"])
        self._made.append(Scheduler(shared, planned, EVERY, lambda: self.now))
        return self._made[-1]

    async def store(self):
        return await self._shared[0].store()

    async def submitted(self):
        """What waits in line, by a worker that takes it all."""
        queue, found = await self._shared[0].queue(), []
        while job := await queue.take(f"slot{next(self._slots)}"):
            found.append(job)
        return found

    async def ended(self, job, *found, status="ok"):
        queue = await self._shared[0].queue()
        items = [JobEvent("item", items=[{"id": id_} for id_ in found])] if found else []
        progress = JobEvent("progress", source=SourceProgress(job.sources[0], status))
        await queue.report(job, [progress, *items, JobEvent("done", state="done")])

    async def watch(self, *numbers, client="ann", retailer="oak", url=None, product=True):
        store = await self.store()
        for n in numbers:
            id_ = f"{retailer}:{n}"
            if product:
                await store.write([record(n, retailer=retailer, url=f"https://{retailer}.test/{n}")])
            made = Watch(f"w{n}", client, retailer, Rules(any=True), NOON, id_ if product else None, url)
            await store.put(KIND, f"{client}/{retailer}{n}", msgspec.to_builtins(made))

    async def close(self):
        for scheduler in self._made:
            await scheduler.close()
        for shared in self._shared:
            await shared.leave()


@pytest.fixture
async def world(tmp_path, valkey):
    world = World(Config(data_dir=tmp_path, redis_url=valkey, line=50))
    yield world
    await world.close()


def urls(jobs):
    return [url for job in jobs for url in job.args["url"].split()]


class TestCrons:
    LINE = "*/10 * * * * oak query='blue sofa' pages=2"

    async def test_a_crawl_is_submitted_as_scheduled(self, world):
        await (await world.scheduler(self.LINE)).tick()
        [job] = await world.submitted()
        assert (job.kind, job.query, job.sources, job.args) == ("crawl", "blue sofa", ["oak"], {"pages": "2"})
        assert (job.priority, job.client) == ("scheduled", "scheduler")

    async def test_once_per_minute_that_is_due_over_two_schedulers_at_once(self, world):
        pair = [await world.scheduler(self.LINE) for _ in range(2)]
        total = 0
        for _ in range(30):
            await asyncio.gather(*(scheduler.tick() for scheduler in pair))
            done = await world.submitted()
            for job in done:
                await world.ended(job)
            total += len(done)
            world.now += 60
        assert total == 3

    async def test_lines_do_not_stand_for_each_other(self, world):
        scheduler = await world.scheduler(f"{self.LINE}; */10 * * * * elm query=bed")
        await scheduler.tick()
        assert [job.sources for job in await world.submitted()] == [["oak"], ["elm"]]

    async def test_after_a_long_pause_only_the_latest_is_made_up_for(self, world):
        await (await world.scheduler(self.LINE)).tick()
        [job] = await world.submitted()
        await world.ended(job)
        world.now += 3_000
        restarted = await world.scheduler(self.LINE)
        for _ in range(3):
            await restarted.tick()
        assert len(await world.submitted()) == 1

    async def test_what_found_no_place_in_line_stays_due(self, world):
        scheduler = await world.scheduler(self.LINE)
        queue = await scheduler._shared.queue()
        for n in range(50):
            await queue.submit("products", f"sofa {n}", client=str(n))
        with pytest.raises(QueueFull):
            await scheduler.tick()
        await world.submitted()
        await scheduler.tick()
        assert len(await world.submitted()) == 1


class TestRechecks:
    async def turns(self, world, schedulers, steps, step=EVERY / 10):
        done = []
        for _ in range(steps):
            world.now += step
            await asyncio.gather(*(scheduler.tick() for scheduler in schedulers))
            jobs = await world.submitted()
            for job in jobs:
                await world.ended(job)
            done += [(world.now, job) for job in jobs]
        return done

    async def test_each_page_once_a_turn_over_two_schedulers_and_all_clients(self, world):
        pair = [await world.scheduler() for _ in range(2)]
        await world.watch(1, 2, 3)
        await world.watch(2, 3, client="bob")
        done = [job for _, job in await self.turns(world, pair, 40)]
        found = urls(done)
        assert {found.count(f"https://oak.test/{n}") for n in (1, 2, 3)} <= {3, 4}
        assert {(job.kind, job.priority, tuple(job.sources)) for job in done} == {("recheck", "recheck", ("oak",))}

    async def test_shops_have_turns_of_their_own(self, world):
        scheduler = await world.scheduler()
        await world.watch(1)
        await world.watch(1, retailer="elm")
        done = await self.turns(world, [scheduler], 80, EVERY / 40)
        times = {name: [at for at, job in done if job.sources == [name]] for name in ("oak", "elm")}
        assert all(len(found) in (1, 2) for found in times.values())
        assert not set(times["oak"]) & set(times["elm"])
        for name, found in times.items():
            assert all(0 <= at - turn(name, at, EVERY) <= EVERY / 40 for at in found)

    async def test_twenty_pages_a_job(self, world):
        scheduler = await world.scheduler()
        await world.watch(*range(45))
        await scheduler.tick()
        world.now += EVERY
        await scheduler.tick()
        done = await world.submitted()
        assert sorted(len(job.args["url"].split()) for job in done) == [5, 20, 20]
        assert len(set(urls(done))) == 45

    async def test_a_restart_misses_no_turn_and_repeats_none(self, world):
        first = await world.scheduler()
        await world.watch(1)
        await first.tick()
        world.now += EVERY
        again = await world.scheduler()
        await again.tick()
        await again.tick()
        assert urls(await world.submitted()) == ["https://oak.test/1"]

    async def test_a_page_without_product_is_read_alone_until_it_gives_one(self, world):
        scheduler = await world.scheduler()
        await world.watch(1)
        await world.watch(9, url="https://oak.test/new", product=False)
        await scheduler.tick()
        world.now += EVERY
        await scheduler.tick()
        jobs = {job.args["url"]: job for job in await world.submitted()}
        assert set(jobs) == {"https://oak.test/1", "https://oak.test/new"}
        await world.ended(jobs["https://oak.test/1"])
        await world.ended(jobs["https://oak.test/new"], "oak:1")
        world.now += EVERY
        await scheduler.tick()
        assert urls(await world.submitted()) == ["https://oak.test/1"]
        assert (await (await world.store()).get(KIND, "ann/oak9"))["product_id"] == "oak:1"

    async def test_a_full_line_leaves_it_due(self, world):
        scheduler = await world.scheduler()
        await world.watch(1)
        await scheduler.tick()
        queue = await scheduler._shared.queue()
        for n in range(50):
            await queue.submit("products", f"sofa {n}", client=str(n))
        world.now += EVERY
        with pytest.raises(QueueFull):
            await scheduler.tick()
        await world.submitted()
        await scheduler.tick()
        assert urls(await world.submitted()) == ["https://oak.test/1"]

    async def test_what_is_no_longer_watched_is_no_longer_read(self, world):
        scheduler = await world.scheduler()
        await world.watch(1)
        await scheduler.tick()
        await (await world.store()).delete(KIND, "ann/oak1")
        world.now += EVERY
        await scheduler.tick()
        assert await world.submitted() == []


async def test_redis_away_is_said_once(tmp_path, caplog):
    shared, stop = Shared(Config(data_dir=tmp_path, redis_url="redis://127.0.0.1:1/0")), asyncio.Event()
    await shared.enter()
    scheduler = Scheduler(shared, [], 0.05)
    with caplog.at_level(logging.WARNING):
        running = asyncio.create_task(scheduler.run(stop))
        await asyncio.sleep(0.5)
        stop.set()
        await asyncio.wait_for(running, 5)
    await shared.leave()
    assert [r.message for r in caplog.records if r.name == "crawler.jobs.schedule"] == [
        "the schedule waits: Redis does not answer: Error 111 connecting to 127.0.0.1:1. Connect call failed "
        "('127.0.0.1', 1)."
    ]
