import asyncio

from crawler.core.tasks import cancelled


async def test_it_returns_when_all_are_over():
    ended = []

    async def work(name):
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(name)

    tasks = [asyncio.create_task(work(name)) for name in "ab"]
    await asyncio.sleep(0)
    await asyncio.wait_for(cancelled(*tasks, None), 2)
    assert sorted(ended) == ["a", "b"]


async def test_a_cancellation_that_gets_lost_is_repeated():
    async def deaf():
        for _ in range(2):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue
        await asyncio.Event().wait()

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await asyncio.wait_for(cancelled(task), 2)
    assert task.cancelled()


async def test_how_they_ended_is_not_raised():
    async def broken():
        raise OSError

    task = asyncio.create_task(broken())
    await asyncio.wait({task})
    await cancelled(task)
    assert isinstance(task.exception(), OSError)


async def test_whoever_is_cancelled_while_waiting_still_sees_them_over():
    inner_over, steps = [], []

    async def inner():
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(5):  # a cleanup that each new cancellation cuts short
                try:
                    await asyncio.sleep(0.15)
                    break
                except asyncio.CancelledError:
                    continue
            inner_over.append(True)

    async def outer():
        task = asyncio.create_task(inner())
        try:
            await asyncio.Event().wait()
        finally:
            try:
                await cancelled(task)
            finally:
                steps.append(list(inner_over))

    task = asyncio.create_task(outer())
    await asyncio.sleep(0.01)
    await asyncio.wait_for(cancelled(task), 5)
    assert steps == [[True]]
    assert task.cancelled()
