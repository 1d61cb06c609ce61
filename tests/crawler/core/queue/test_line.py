"""Who is next: a person before a recheck before a scheduled crawl; clients take turns; nobody is shut out."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from crawler.core.errors import QueueFull
from crawler.core.queue import Queue
from crawler.core.queue.records import CLASSES


async def taken(queue, most=100):
    """Every job in the order slots take them."""
    jobs = []
    while (job := await queue.take(f"slot{len(jobs)}")) and len(jobs) < most:
        jobs.append(job)
    return jobs


async def test_a_person_comes_before_a_recheck_before_a_scheduled_crawl(queue):
    for priority in reversed(CLASSES):
        await queue.submit("products", priority, priority=priority)
    assert [job.priority for job in await taken(queue)] == list(CLASSES)


async def test_clients_take_turns_whoever_asked_more(queue):
    for n in range(4):
        await queue.submit("products", f"greedy {n}", client="greedy")
    await queue.submit("products", "modest", client="modest")
    assert [job.client for job in await taken(queue)] == ["greedy", "modest", "greedy", "greedy", "greedy"]


async def test_a_client_that_was_idle_has_saved_no_turns(queue):
    for n in range(3):
        await queue.submit("products", f"a {n}", client="a")
        await queue.take(f"early{n}")
    for n in range(2):
        await queue.submit("products", f"a late {n}", client="a")
        await queue.submit("products", f"b late {n}", client="b")
    assert [job.client for job in await taken(queue)] == ["a", "b", "a", "b"]


async def test_position_is_the_place_in_line(queue):
    jobs = [(await queue.submit("products", str(n)))[0] for n in range(3)]
    assert [await queue.position(job.id) for job in jobs] == [0, 1, 2]
    assert await queue.waiting() == 3
    await queue.take("slot")
    assert [await queue.position(job.id) for job in jobs] == [None, 0, 1]
    assert await queue.position("unknown") is None


async def test_a_full_line_refuses_and_takes_again_once_there_is_room(valkey):
    queue = Queue(valkey, most=4)
    for n in range(4):
        await queue.submit("products", str(n), client=f"c{n}")
    with pytest.raises(QueueFull):
        await queue.submit("products", "one too many", client="new")
    _, joined = await queue.submit("products", "2", client="new")  # joining needs no place
    assert joined
    await queue.take("slot")
    assert not (await queue.submit("products", "now", client="new"))[1]
    await queue.close()


async def test_one_client_leaves_places_for_others(valkey):
    queue = Queue(valkey, most=10)
    for n in range(9):
        await queue.submit("products", str(n), client="greedy")
    with pytest.raises(QueueFull):
        await queue.submit("products", "last", client="greedy")
    await queue.submit("products", "last", client="other")
    await queue.take("slot")
    await queue.submit("products", "again", client="greedy")
    await queue.close()


async def test_a_place_given_up_costs_no_turn(queue, redis):
    for n in range(25):  # more than the line has places, one after the other
        job, _ = await queue.submit("products", f"type {n}", client="typing")
        await queue.cancel(job.id, "typing")
    await queue.submit("products", "at last", client="typing")
    for n in range(2):
        await queue.submit("products", f"b {n}", client="b")
    assert [job.client for job in await taken(queue)] == ["typing", "b", "b"]
    assert not await redis.exists("homefeed:line:held")


async def test_what_taking_turns_needs_is_forgotten_with_the_turns(queue, redis):
    for n in range(20):
        await queue.submit("products", str(n), client=f"client {n}")
    await taken(queue)
    assert await redis.zcard("homefeed:line:turns") == 0


async def test_two_slots_never_take_the_same_job(queue):
    for n in range(10):
        await queue.submit("products", str(n), client=f"c{n}")
    jobs = await asyncio.gather(*(queue.take(f"slot{n}") for n in range(12)))
    assert len({job.id for job in jobs if job}) == 10
    assert sum(job is None for job in jobs) == 2


STEP = st.one_of(
    st.tuples(st.just("submit"), st.sampled_from("abc"), st.sampled_from(CLASSES)), st.tuples(st.just("take"))
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=30))
async def test_fair_whatever_comes(valkey, steps):
    """Of the best class in line, the client served is never two turns ahead of another that waits in it all along."""
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    queue = Queue(valkey, most=1000)
    line, served = [], {}  # served: turns a client got, since another began to wait
    for n, (what, *who) in enumerate(steps):
        if what == "submit":
            client, priority = who
            job, _ = await queue.submit("products", str(n), client=client, priority=priority)
            line.append(job)
            continue
        job = await queue.take(f"slot{n}")
        assert (job is None) == (not line)
        if not job:
            continue
        best = min(CLASSES.index(j.priority) for j in line)
        assert CLASSES.index(job.priority) == best
        rivals = {j.client for j in line if CLASSES.index(j.priority) == best} - {job.client}
        mine = [j for j in line if (j.client, j.priority) == (job.client, job.priority)]
        assert job.id == mine[0].id  # one client's own jobs keep their order
        served = {pair: count for pair, count in served.items() if pair[0] in rivals or pair[0] == job.client}
        served = {pair: count for pair, count in served.items() if pair[0] != job.client}
        for rival in rivals:
            served[rival, job.client] = served.get((rival, job.client), 0) + 1
            assert served[rival, job.client] <= 2
        line = [j for j in line if j.id != job.id]
    await queue.close()
