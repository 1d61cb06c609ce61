"""Many callers, one call; a lone caller never waits for company."""

import asyncio

import pytest

from crawler.core.batches import Batches


@pytest.fixture
def gate():
    return asyncio.Event()


async def test_what_comes_meanwhile_goes_together(gate):
    calls = []

    async def work(things):
        calls.append(list(things))
        await gate.wait()
        return [thing * 10 for thing in things]

    batches = Batches(work, most=3)
    answers = [asyncio.create_task(batches.add(n)) for n in range(6)]
    await asyncio.sleep(0.01)
    gate.set()
    assert await asyncio.gather(*answers) == [0, 10, 20, 30, 40, 50]
    assert [len(c) for c in calls] == [3, 3]
    assert await batches.add(7) == 70


async def test_an_error_reaches_every_caller_of_its_batch_only():
    async def work(things):
        if 1 in things:
            raise ValueError("no")
        return things

    batches = Batches(work, most=2)
    results = await asyncio.gather(*(batches.add(n) for n in range(4)), return_exceptions=True)
    assert [type(r) for r in results] == [ValueError, ValueError, int, int]


async def test_a_caller_that_gives_up_does_not_stop_the_others(gate):
    async def work(things):
        await gate.wait()
        return things

    batches = Batches(work)
    first = asyncio.create_task(batches.add(1))
    second = asyncio.create_task(batches.add(2))
    await asyncio.sleep(0.01)
    first.cancel()
    gate.set()
    assert await second == 2


async def test_close_waits_for_what_was_added(gate):
    done = []

    async def work(things):
        await gate.wait()
        done.extend(things)
        return things

    batches = Batches(work)
    task = asyncio.create_task(batches.add(1))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.01, gate.set)
    await batches.close()
    assert done == [1]
    await task


async def test_too_few_answers_are_an_error_not_a_wait_without_end():
    async def work(things):
        return [] if 1 in things else things

    batches = Batches(work)
    with pytest.raises(ValueError, match="shorter"):
        await asyncio.wait_for(batches.add(1), 1)
    assert await asyncio.wait_for(batches.add(2), 1) == 2


async def test_work_that_is_cancelled_leaves_no_caller_waiting(gate):
    async def work(things):
        await gate.wait()
        return things

    batches = Batches(work)
    first = asyncio.create_task(batches.add(1))
    await asyncio.sleep(0.01)
    batches._running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(first, 1)
    gate.set()
    assert await asyncio.wait_for(batches.add(2), 1) == 2
