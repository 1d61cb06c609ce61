"""Jobs on a real Valkey: asked once, cancelled in any state, told once, fenced, and gone after an hour."""

import asyncio
import os
import signal
import time

import pytest

from crawler.core.config import Config
from crawler.core.errors import BusAway, InputError, JobLost
from crawler.core.models.jobs import JobEvent, SourceInfo, SourceProgress, WorkerInfo
from crawler.core.queue import Queue, lua, search_key
from crawler.core.redis_client import connect
from crawler.core.valkey import acquire


def items(*ids):
    return JobEvent("item", items=[{"id": i, "title": f"a {i}"} for i in ids])


def going(name, status="running", **more):
    return JobEvent("progress", source=SourceProgress(name, status, **more))


DONE = JobEvent("done", state="done")


async def running(queue, query="sofa", slot="slot", **more):
    await queue.submit("products", query, **more)
    return await queue.take(slot)


async def told(queue, job):
    return [item["id"] for event in await queue.events(job.id) for item in event.items]


# asked once


async def test_ten_that_ask_the_same_at_once_share_one_job(queue, tokens):
    asked = await asyncio.gather(*(queue.submit("products", q) for q in ["Blue  Sofa", "blue sofa"] * 5))
    assert len({job.id for job, _ in asked}) == 1
    assert sorted(joined for _, joined in asked) == [False] + [True] * 9
    assert await queue.waiting() == len(await tokens()) == 1


async def test_what_differs_in_kind_words_arguments_or_sources_is_another_job(queue):
    asked = [
        await queue.submit("products", "sofa"),
        await queue.submit("designs", "sofa"),
        await queue.submit("products", "bed"),
        await queue.submit("products", "sofa", args={"pages": "2"}),
        await queue.submit("products", "sofa", sources=["ikea"]),
    ]
    assert not any(joined for _, joined in asked)
    again, joined = await queue.submit("products", "sofa", args={"pages": "2"})
    assert (again.id, joined) == (asked[3][0].id, True)


def test_the_key_of_a_search_folds_words_and_order():
    assert search_key("products", "Söfa") == search_key("products", "sofa ")
    assert search_key("crawl", "", {"a": "1", "b": "2"}, ["x", "y"]) == search_key("crawl", "", {"b": "2", "a": "1"}, ["y", "x"])  # fmt: skip  # noqa: E501
    assert search_key("products", "?!") != search_key("products", "??")


async def test_a_search_that_is_over_is_asked_anew(queue):
    first = await running(queue)
    assert (await queue.submit("products", "sofa"))[1]
    await queue.report(first, [DONE])
    second, joined = await queue.submit("products", "sofa")
    assert not joined
    assert second.id > first.id


async def test_a_person_who_joins_a_scheduled_crawl_lifts_it(queue):
    await queue.submit("products", "bed", priority="recheck")
    await queue.submit("products", "sofa", priority="scheduled", client="scheduler")
    job, joined = await queue.submit("products", "sofa", client="person")
    assert joined
    assert job.priority == "person"
    assert await queue.position(job.id) == 0
    await queue.submit("products", "sofa", priority="scheduled", client="scheduler")
    assert await queue.position(job.id) == 0


# how it goes


async def test_the_record_says_how_a_job_goes(queue):
    asked, _ = await queue.submit("products", "sofa", args={"pages": "2"}, client="app")
    assert (asked.state, asked.attempts, asked.started_at) == ("waiting", 0, None)
    assert abs(asked.created_at - time.time()) < 5
    job = await queue.take("slot")
    assert (job.id, job.state, job.attempts, job.args, job.client) == (asked.id, "running", 1, {"pages": "2"}, "app")
    await queue.report(job, [going("ikea", count=2, pages=1, ms=7), items("ikea:1", "ikea:2")])
    now = await queue.job(job.id)
    assert now.progress == {"ikea": SourceProgress("ikea", "running", 2, 1, 7)}
    assert now.count == 2
    await queue.report(job, [JobEvent("done", state="failed", reason="no shop answers")])
    now = await queue.job(job.id)
    assert (now.state, now.reason) == ("failed", "no shop answers")
    assert now.finished_at >= now.started_at >= now.created_at
    assert now.progress["ikea"].status == "error"
    assert await queue.job("unknown") is None


async def test_each_id_is_told_once_also_over_attempts(queue, tokens):
    job = await running(queue)
    await queue.report(job, [items("a", "b"), items("b", "c")])
    again = await queue.take("slot")
    await queue.report(again, [items("c", "a"), items("d", "d")])
    assert await told(queue, job) == ["a", "b", "c", "d"]
    assert await queue.found(job.id) == ["a", "b", "c", "d"]
    assert (await queue.job(job.id)).count == 4
    assert [len(e.items) for e in await queue.events(job.id)] == [2, 1, 1]  # one entry per page, none when nothing new


async def test_what_was_stored_is_the_start_of_what_is_found_and_still_told(queue):
    job, _ = await queue.submit("designs", "sofa", known=["a", "b"])
    await queue.submit("designs", "sofa", known=["b", "c"])
    await queue.report(await queue.take("slot"), [items("b", "x")])
    assert await queue.found(job.id) == ["a", "b", "c", "x"]
    assert await queue.found(job.id, 1, 2) == ["b", "c"]
    assert await queue.found(job.id, 0, 0) == []
    assert await told(queue, job) == ["b", "x"]


async def test_followers_get_everything_once_and_end_with_done(queue):
    job = await running(queue)
    await queue.report(job, [items("a")])

    async def follow(after=None):
        return [event async for batch in queue.follow(job.id, after) for event in batch]

    early = asyncio.create_task(follow())
    await queue.report(job, [going("ikea"), items("b")])
    await queue.report(job, [going("ikea", "ok"), DONE])
    events = await asyncio.wait_for(early, 5)
    assert [e.type for e in events] == ["item", "progress", "item", "progress", "done"]
    assert await follow() == events
    assert await follow(events[1].position) == events[2:]
    assert await follow(events[-1].position) == []


async def test_five_hundred_follow_at_once_over_one_connection(queue, redis, monkeypatch):
    monkeypatch.setattr("crawler.core.queue.following.WAKE_S", 30)  # all are woken by what is told
    job = await running(queue)

    async def follow():
        return [event.type async for batch in queue.follow(job.id) for event in batch]

    followers = [asyncio.create_task(follow()) for _ in range(500)]
    await asyncio.sleep(0.5)
    clients = await redis.info("clients")
    await queue.report(job, [items("a")])
    await queue.report(job, [DONE])
    assert await asyncio.wait_for(asyncio.gather(*followers), 20) == [["item", "done"]] * 500
    assert clients["connected_clients"] < 100


async def test_a_lost_connection_costs_a_follower_nothing(queue, redis, monkeypatch):
    monkeypatch.setattr("crawler.core.queue.following.WAKE_S", 30)
    job = await running(queue)
    waiting = asyncio.create_task(anext(queue.follow(job.id)))
    await asyncio.sleep(0.1)
    await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    await asyncio.sleep(0.1)
    await queue.report(job, [items("a")])
    [event] = await asyncio.wait_for(waiting, 10)
    assert event.items[0]["id"] == "a"


async def test_whoever_follows_an_unknown_job_is_told_so(queue):
    [[event]] = [batch async for batch in queue.follow("unknown")]
    assert (event.type, event.state) == ("done", "failed")


async def test_whoever_follows_a_job_whose_record_is_lost_is_told_so(queue, redis, monkeypatch):
    monkeypatch.setattr("crawler.core.queue.following.WAKE_S", 0.05)
    job = await running(queue)
    await queue.report(job, [items("a")])
    batches = queue.follow(job.id)
    assert (await anext(batches))[0].items
    await redis.flushall()
    [event] = await asyncio.wait_for(anext(batches), 5)
    assert (event.type, event.state) == ("done", "failed")


@pytest.mark.parametrize("after", ["", "x", "1", "1-", f"{2**63}-0", "1-1; DEL"])
async def test_no_position_is_named(queue, after):
    with pytest.raises(InputError, match="after"):
        await queue.events("any", after)


# cancel


async def test_cancelled_while_waiting_it_leaves_the_line(queue):
    job, _ = await queue.submit("products", "sofa")
    assert await queue.cancel(job.id)
    assert await queue.take("slot") is None
    assert (await queue.job(job.id)).state == "cancelled"
    assert [e.type for e in await queue.events(job.id)] == ["done"]
    assert not await queue.cancel(job.id)


async def test_cancelled_while_running_its_worker_is_refused(queue):
    job = await running(queue)
    await queue.report(job, [going("ikea"), items("a")])
    assert await queue.cancel(job.id)
    assert await queue.renew([job]) == {job.id}
    with pytest.raises(JobLost):
        await queue.report(job, [items("b")])
    assert await told(queue, job) == ["a"]
    now = await queue.job(job.id)
    assert (now.state, now.progress["ikea"].status) == ("cancelled", "cancelled")
    assert await queue.take("slot") is None  # the token comes again: nothing is left of it


async def test_it_goes_on_while_somebody_wants_it(queue):
    job, _ = await queue.submit("products", "sofa", client="a")
    await queue.submit("products", "sofa", client="b")
    assert await queue.cancel(job.id, "a")
    assert await queue.cancel(job.id, "stranger")
    assert (await queue.job(job.id)).state == "waiting"
    assert await queue.cancel(job.id, "b")
    assert (await queue.job(job.id)).state == "cancelled"


async def test_what_is_over_or_unknown_can_not_be_cancelled(queue):
    job = await running(queue)
    await queue.report(job, [DONE])
    assert not await queue.cancel(job.id)
    assert not await queue.cancel("unknown")


# attempts


async def test_a_token_that_comes_again_goes_on_with_its_job(queue):
    job = await running(queue)
    await queue.submit("products", "other")
    again = await queue.take("slot")
    assert (again.id, again.attempts) == (job.id, 2)
    assert again.started_at == job.started_at


async def test_an_outdated_attempt_tells_nothing(queue):
    first = await running(queue)
    second = await queue.take("slot")
    with pytest.raises(JobLost):
        await queue.report(first, [items("a"), DONE])
    assert await queue.events(first.id) == []
    assert await queue.renew([first]) == {first.id}
    assert await queue.renew([second]) == set()
    await queue.report(second, [items("a"), DONE])
    assert await told(queue, second) == ["a"]


async def test_a_job_that_kills_its_workers_fails_with_a_reason(queue):
    job = await running(queue)
    for _ in range(lua.ATTEMPTS - 1):
        assert (await queue.take("slot")).id == job.id
    assert await queue.take("slot") is None
    now = await queue.job(job.id)
    assert (now.state, now.reason) == ("failed", "its worker died 3 times")
    assert (await queue.events(job.id))[-1].type == "done"


async def test_a_token_whose_job_is_over_takes_the_next(queue):
    await queue.report(await running(queue), [DONE])
    other, _ = await queue.submit("products", "other")
    assert (await queue.take("slot")).id == other.id


async def test_a_job_whose_record_vanished_ends_cleanly(queue, redis):
    job = await running(queue)
    await redis.delete(f"homefeed:jobs:{job.id}")
    assert await queue.renew([job]) == {job.id}
    with pytest.raises(JobLost):
        await queue.report(job, [DONE])
    assert await queue.take("slot") is None
    lost, _ = await queue.submit("products", "lost in line")
    kept, _ = await queue.submit("products", "kept in line")
    await redis.delete(f"homefeed:jobs:{lost.id}")
    assert (await queue.take("next")).id == kept.id


async def test_a_silent_job_goes_back_to_the_head_of_the_line(queue, redis, tokens):
    job = await running(queue)
    await queue.submit("products", "later")
    await redis.zadd("homefeed:running", {job.id: time.time() - lua.SILENT_S - 1})
    assert await queue.tend() == 2
    assert await queue.position(job.id) == 0
    with pytest.raises(JobLost):
        await queue.report(job, [DONE])
    again = await queue.take("other slot")
    assert (again.id, again.attempts) == (job.id, 2)
    assert (await queue.take("slot")).query == "later"


async def test_a_sign_of_life_keeps_a_job(queue, redis):
    job = await running(queue)
    await redis.zadd("homefeed:running", {job.id: time.time() - lua.SILENT_S - 1})
    await queue.renew([job])
    assert await queue.tend() == 0
    assert (await queue.job(job.id)).state == "running"


async def test_lost_tokens_are_made_good(queue, redis, tokens):
    for n in range(3):
        await queue.submit("products", str(n))
    await redis.delete("streaq:homefeed:queues:normal")
    await queue.tend()
    assert len(await tokens()) == 3
    await queue.tend()
    assert len(await tokens()) == 3


async def test_tokens_of_cancelled_jobs_do_not_pile_up(queue, tokens, monkeypatch):
    for n in range(lua.SPARE + 20):
        job, _ = await queue.submit("products", str(n))
        await queue.cancel(job.id)
    assert len(await tokens()) <= lua.SPARE + 1


async def test_what_is_over_goes_after_an_hour(queue, redis):
    job = await running(queue, known=["a"])
    await queue.report(job, [going("ikea"), items("b")])
    await queue.report(job, [DONE])
    keys = [key async for key in redis.scan_iter(f"homefeed:*{job.id}")]
    assert {key.split(":")[1] for key in keys} == {"jobs", "job", "found", "told", "clients"}
    assert all([0 < await redis.ttl(key) <= 3600 for key in keys])
    assert await redis.hlen("homefeed:tokens") == await redis.zcard("homefeed:running") == 0
    assert not [key async for key in redis.scan_iter("homefeed:flight:*")]


async def test_when_very_many_are_over_the_oldest_go_soon(queue, redis):
    recently = time.time()
    await redis.zadd("homefeed:over", {"ancient": recently - lua.KEEP_S - 1})
    first = await running(queue, "first")
    await queue.report(first, [items("a"), DONE])
    assert await redis.zrange("homefeed:over", 0, -1) == [first.id]
    await redis.zadd("homefeed:over", {f"job{n}": recently + 1 for n in range(lua.KEPT - 1)})
    assert await redis.ttl(f"homefeed:job:{first.id}") > lua.LAST_S
    last = await running(queue, "last")
    await queue.report(last, [items("a"), DONE])
    for part in ("jobs", "job", "found", "told", "clients"):
        assert 0 < await redis.ttl(f"homefeed:{part}:{first.id}") <= lua.LAST_S
        assert await redis.ttl(f"homefeed:{part}:{last.id}") > lua.LAST_S
    assert await redis.zcard("homefeed:over") == lua.KEPT


async def test_what_waits_or_runs_goes_one_day_too(queue, redis):
    await queue.submit("products", "waits", known=["a"])
    await running(queue, "runs")
    for key in [key async for key in redis.scan_iter("homefeed:*") if key.count(":") == 2]:
        if not key.startswith("homefeed:line:"):
            assert 0 < await redis.ttl(key) <= 86_400, key


# who works


async def test_sources_are_known_while_workers_tell_of_them(queue, redis):
    await queue.tell_sources([SourceInfo("oak", "products", "https://oak.example"), SourceInfo("ash", "designs", "x")])
    assert [s.name for s in await queue.sources()] == ["ash", "oak"]
    await redis.zadd("homefeed:sources:told", {"oak": time.time() - 4_000})
    assert [s.name for s in await queue.sources()] == ["ash"]
    await queue.tell_sources([SourceInfo("ash", "designs", "y")])
    assert await redis.hkeys("homefeed:sources") == ["ash"]


async def test_workers_are_known_while_they_live(queue, redis):
    await queue.tell_worker(WorkerInfo("w2", started_at=2.0))
    await queue.tell_worker(WorkerInfo("w1", jobs=3, started_at=1.0))
    assert [(w.id, w.jobs) for w in await queue.workers()] == [("w1", 3), ("w2", 0)]
    await queue.forget_worker("w1")
    await redis.zadd("homefeed:workers:told", {"w2": time.time() - 40})
    assert await queue.workers() == []


# without Redis


async def test_a_dead_redis_is_away_within_its_time_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.core.queue.connection.connect", lambda url: connect(url, call_s=0.5))
    lease = await asyncio.to_thread(acquire, Config(data_dir=tmp_path))
    queue = Queue(lease.url)
    await queue.submit("products", "sofa")
    pid = int((await queue._redis.info("server"))["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        for call in (queue.submit("products", "bed"), queue.job("x"), queue.events("x"), queue.take("slot")):
            with pytest.raises(BusAway):
                await call
        assert time.monotonic() - started < 5
    finally:
        os.kill(pid, signal.SIGCONT)
    assert (await queue.submit("products", "sofa"))[1]
    await queue.close()
    await asyncio.to_thread(lease.release)
