"""The worker as a process: it searches, is cancelled, recycled and drained; killed, its jobs run again elsewhere and
nothing is told or changed twice."""

import asyncio
import json
import os
import signal
import time
import urllib.request
from collections import Counter

import pytest
from redis.asyncio import Redis

from crawler.core.bus import Bus
from crawler.core.models.jobs import JobEvent
from crawler.core.queue import tokens
from crawler.core.searches import last_search
from crawler.core.store import ProductQuery, open_store
from crawler.core.store.sqlite import SqliteStore
from tests.crawler.jobs.workers import SHOPS, told, until, workers
from tests.demo_world import control

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def store_of(folder) -> SqliteStore:
    return open_store(f"sqlite:///{folder / 'homefeed.db'}")


async def changes_in(url):
    bus = Bus(url)
    found = (await bus.read("0-0", 10_000)).changes
    await bus.close()
    return found


async def test_a_search_runs_over_all_its_shops_and_is_told_as_it_goes(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()
        job, events = await running.search(sources=[], args={"pages": "2"})
        assert job.state == "done"
        assert {p.name: p.status for p in job.progress.values()} == dict.fromkeys(SHOPS, "ok")
        assert job.count == sum(p.count for p in job.progress.values()) == len(told(events)) >= 30
        assert len(told(events)) == len(set(told(events)))
        assert await running.queue.found(job.id, 0, 1000) == told(events)
        first = next(event for event in events if event.type == "item").items[0]
        assert first["price"]
        assert "description" not in first
        assert [e.type for e in events].index("item") < len(events) - 2  # told while it goes, not at its end
        assert events[-1] == JobEvent("done", position=events[-1].position, state="done")

        store = store_of(tmp_path)
        await store.open()
        _, total = await store.find_products(ProductQuery(terms=["sofa"]))
        assert total >= 30
        kept = await last_search(store, "products", "Sofa", args={"pages": "2"})
        assert (kept.job_id, {p.name for p in kept.sources}) == (job.id, set(SHOPS))
        await store.close()

        async with Redis.from_url(running.url) as redis:
            mark, told_at = await redis.get("homefeed:cache:mark:query:sofa"), int(events[-1].position.split("-")[0])
            assert int(mark) / 1000 < told_at + 1  # whoever hears of the end gets the lists of after it
            assert not await redis.exists("homefeed:cache:mark:designs")

        designs, events = await running.search("designs", sources=[])
        async with Redis.from_url(running.url) as redis:
            assert await redis.exists("homefeed:cache:mark:designs")
        assert designs.count == len(set(told(events))) > 0
        assert {s.name for s in await running.queue.sources()} == {*SHOPS, "attic", "lumen"}


async def test_what_a_shop_does_wrong_is_its_own_affair(demo, tmp_path):
    async with workers(demo, tmp_path, HOMEFEED_BIRCH_BASE_URL="http://127.0.0.1:9") as running:
        await running.start()
        control(demo["cedar"], fault="block", times=1)
        job, events = await running.search()
        assert job.state == "done"
        assert {p.name: p.status for p in job.progress.values()} == {
            "alder": "ok",
            "birch": "error",
            "cedar": "blocked",
        }
        assert all(p.reason for p in job.progress.values() if p.status != "ok")
        assert {i.split(":")[0] for i in told(events)} == {"alder"}
        none, _ = await running.search(sources=["birch"])
        assert none.state == "failed"
        assert "birch" in none.reason


async def test_a_slow_shop_ends_as_timeout_and_the_rest_is_kept(demo, tmp_path):
    async with workers(demo, tmp_path, HOMEFEED_SEARCH_S="2") as running:
        await running.start()
        control(demo["cedar"], fault="slow", times=1)
        started = time.monotonic()
        job, events = await running.search()
        assert time.monotonic() - started < 6
        assert (job.state, job.progress["cedar"].status) == ("done", "timeout")
        assert {i.split(":")[0] for i in told(events)} == {"alder", "birch"}


async def test_a_wrong_job_fails_with_a_reason(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()
        for sources, args, word in ((["oak"], {}, "oak"), (["alder"], {"base_url": "x"}, "base_url"),
                                    (["alder"], {"pages": "x"}, "pages")):  # fmt: skip
            job, _ = await running.search(sources=sources, args=args)
            assert job.state == "failed"
            assert word in job.reason


async def test_a_recheck_reads_several_pages_of_one_shop(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()
        _, events = await running.search(sources=["alder"])
        urls = [item["url"] for event in events for item in event.items][:3]
        control(demo["alder"], tick=40)
        job, again = await running.search("recheck", "", ["alder"], args={"url": " ".join(urls)}, priority="recheck")
        assert job.state == "done"
        assert job.progress["alder"].pages >= 3  # what is hard to believe is fetched a second time
        assert sorted(told(again)) == sorted(told(events)[:3])


async def test_a_cancelled_job_is_let_go_at_once(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        process = await running.start()
        control(demo["alder"], fault="slow", times=1)
        job, _ = await running.queue.submit("products", "sofa", sources=["alder"])
        await until(lambda: _asked(demo["alder"]))
        await running.queue.cancel(job.id)
        await until(lambda: _idle(running), 2)  # the page still has some seconds to come
        ended, events = await running.ended(job.id)
        assert (ended.state, ended.progress["alder"].status, told(events)) == ("cancelled", "cancelled", [])
        assert process.poll() is None


async def _state(running, job, state):
    return (await running.queue.job(job.id)).state == state


async def _asked(port):
    """Has the site served every page that was to be spoiled?"""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/control", b"{}", method="POST")
    answer = await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=5).read())
    return not json.loads(answer)["faults"]


async def _idle(running):
    """Is every slot free, so that streaq has no token left?"""
    async with Redis.from_url(running.url) as redis:
        return await redis.xlen(tokens.STREAM) == 0


async def test_a_killed_workers_job_runs_again_elsewhere_and_nothing_is_told_twice(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        first = await running.start()
        control(demo["cedar"], fault="slow", times=1)  # keeps the job from ending before its worker dies
        job, _ = await running.queue.submit("products", "sofa", sources=SHOPS)
        await until(lambda: _over(running, job, "alder", "birch"))
        first.kill()
        await running.start()
        ended, events = await running.ended(job.id)
        assert (ended.state, ended.attempts) == ("done", 2)
        assert {p.status for p in ended.progress.values()} == {"ok"}
        assert Counter(told(events)).most_common(1)[0][1] == 1
        assert {i.split(":")[0] for i in told(events)} == set(SHOPS)
        assert ended.count == len(told(events))
        changes = await changes_in(running.url)
        assert Counter((c.product_id, c.field) for c in changes).most_common(1)[0][1] == 1
        assert {c.product_id for c in changes} == set(told(events))
        runs = [e.source.name for e in events if e.source and e.source.status == "running" and not e.source.pages]
        assert Counter(runs) == {"alder": 1, "birch": 1, "cedar": 2}  # what was heard to the end is not asked again


async def _over(running, job, *names):
    progress = (await running.queue.job(job.id)).progress
    return all(name in progress and progress[name].over for name in names)


@pytest.mark.long
async def test_sigterm_lets_a_job_end_and_takes_no_other(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        process = await running.start()
        control(demo["alder"], fault="slow", times=1)
        job, _ = await running.queue.submit("products", "sofa", sources=SHOPS)
        await until(lambda: _over(running, job, "birch", "cedar"))
        process.send_signal(signal.SIGTERM)
        ended, _ = await running.ended(job.id)
        assert ended.state == "done"
        later, _ = await running.queue.submit("products", "lamp", sources=SHOPS)
        assert await asyncio.to_thread(process.wait, 20) == 0
        assert (await running.queue.job(later.id)).state == "waiting"
        assert await running.queue.workers() == []
        await running.start()
        assert (await running.ended(later.id))[0].state == "done"


@pytest.mark.long
async def test_what_can_not_end_in_time_goes_on_elsewhere(demo, tmp_path):
    """A worker that drains gives its jobs 15 s."""
    async with workers(demo, tmp_path, HOMEFEED_CONCURRENCY="1") as running:
        first = await running.start()
        _, events = await running.search(sources=["alder"])
        urls = [item["url"] for event in events for item in event.items][:5]
        control(demo["alder"], fault="slow", times=5)
        job, _ = await running.queue.submit("recheck", sources=["alder"], args={"url": " ".join(urls)})
        await until(lambda: _is(running, job, "running"))
        first.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(first.wait, 25) == 0
        assert await _is(running, job, "running")
        await running.start()
        ended, again = await running.ended(job.id)
        assert (ended.state, ended.attempts) == ("done", 2)
        assert sorted(told(again)) == sorted(told(events)[:5])


async def _is(running, job, state: str) -> bool:
    return (await running.queue.job(job.id)).state == state


async def test_a_worker_ends_with_its_parents_pipe(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        process = await running.start()
        process.stdin.close()
        assert await asyncio.to_thread(process.wait, 10) == 0


@pytest.mark.long
async def test_a_worker_that_made_enough_crawls_makes_room_for_a_fresh_one(demo, tmp_path):
    async with workers(demo, tmp_path, HOMEFEED_WORKER_CRAWLS="5") as running:
        process = await running.start()
        for query in ("sofa", "lamp"):
            job, _ = await running.search(query=query)
            assert job.state == "done"
        assert await asyncio.to_thread(process.wait, 20) == 0


@pytest.mark.long
async def test_a_killed_valkey_costs_a_search_nothing_but_time(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        process = await running.start()
        for port in (demo[name] for name in SHOPS):
            control(port, fault="slow", times=1)
        job, _ = await running.queue.submit("products", "sofa", sources=SHOPS)
        await until(lambda: _state(running, job, "running"))
        await asyncio.sleep(1.1)  # the AOF is written once a second
        async with Redis.from_url(running.url) as redis:
            os.kill(int((await redis.info("server"))["process_id"]), signal.SIGKILL)
        await until(lambda: _reachable(running), 20)
        ended, events = await running.ended(job.id)
        assert ended.state == "done"
        assert len(told(events)) == len(set(told(events))) == ended.count > 0
        again, _ = await running.search(query="lamp")
        assert again.state == "done"
        assert process.poll() is None


async def _reachable(running):
    try:
        return await running.queue.waiting() >= 0
    except Exception:
        return False


async def test_a_wiped_redis_is_served_again_by_itself(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        process = await running.start()
        async with Redis.from_url(running.url) as redis:
            await redis.flushall()
        job, _ = await running.search()
        assert job.state == "done"
        assert process.poll() is None
