"""Waiting for a job's end on behalf of a caller."""

import asyncio

from crawler.core.queue import Queue
from crawler.core.tasks import cancelled


async def wait_for_end(queue: Queue, job_id: str, seconds: float, closing: asyncio.Event) -> None:
    """Until the job is over, the time has passed or the server stops."""
    if not seconds:
        return
    ending, stopping = asyncio.create_task(_end(queue, job_id)), asyncio.create_task(closing.wait())
    try:
        await asyncio.wait({ending, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if ending.done():
            ending.result()
    finally:
        await cancelled(ending, stopping)


async def _end(queue: Queue, job_id: str) -> None:
    async for _ in queue.follow(job_id):
        pass
