"""A job followed from the terminal: live per source, ended by Ctrl-C."""

import asyncio
import signal
from contextlib import aclosing

from rich.console import Console
from rich.live import Live

from crawler.cli._tables import sources_table
from crawler.core.errors import HomefeedError, InputError
from crawler.core.models import Job
from crawler.core.queue import Queue
from crawler.core.tasks import cancelled

CLIENT = "cli"
NOBODY = "no worker is alive: start one with `homefeed worker`, or everything with `homefeed up`"


class Interrupted(Exception):
    """By Ctrl-C, while the job ran."""


async def check(queue: Queue, kind: str, sources: list[str]) -> None:
    """Raises HomefeedError when nobody works, InputError for a source that can't be searched for this kind."""
    if not await queue.workers():
        raise HomefeedError(NOBODY)
    known = [s.name for s in await queue.sources() if s.kind == kind and s.searchable]
    for name in sources:
        if name not in known:
            raise InputError("source", f"{name!r} can't be searched for {kind}; use {', '.join(known)}")


async def followed(queue: Queue, job_id: str, quiet: bool) -> Job:
    """The job once it is over; who interrupts it wants it no longer. Raises Interrupted."""
    shown, stop, loop = asyncio.create_task(_show(queue, job_id, quiet)), asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)  # asyncio's own way asks once, which redis-py may not hear
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({shown, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not shown.done():
            await queue.cancel(job_id, CLIENT)
            raise Interrupted
        await shown
    finally:
        await cancelled(shown, stopped)
        loop.remove_signal_handler(signal.SIGINT)
    job = await queue.job(job_id)
    if job is None:
        raise HomefeedError("the search was lost: Redis forgot it")
    return job


async def _show(queue: Queue, job_id: str, quiet: bool) -> None:
    """Until the job is over."""
    with Live(console=Console(stderr=True, quiet=quiet), refresh_per_second=8, transient=True) as live:
        async with aclosing(queue.follow(job_id)) as batches:  # type: ignore[type-var]
            async for _ in batches:
                if job := await queue.job(job_id):
                    live.update(sources_table(job))
