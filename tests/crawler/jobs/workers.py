"""Real worker processes against the demo sites, and a queue to ask them by."""

import asyncio
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

from crawler.core.config import load
from crawler.core.queue import Queue
from crawler.core.valkey import embedded
from tests.demo_world import ROOT, environ

SHOPS = ["alder", "birch", "cedar"]
SITES = [*SHOPS, "attic", "lumen"]


class Workers:
    """`start` one more; all end with the block."""

    def __init__(self, env: dict[str, str], queue: Queue, url: str):
        self.env, self.queue, self.url = env, queue, url
        self.processes: list[subprocess.Popen[bytes]] = []

    async def start(self, **more: str) -> subprocess.Popen[bytes]:
        """Returns when it takes jobs."""
        known = {worker.id for worker in await self.queue.workers()}
        command = [sys.executable, "-m", "crawler.cli", "worker", "--attached"]
        process = subprocess.Popen(command, cwd=ROOT, env=self.env | more, stdin=subprocess.PIPE)
        self.processes.append(process)
        await until(lambda: self._is_new(known), 30)
        return process

    async def _is_new(self, known: set[str]) -> bool:
        return bool({worker.id for worker in await self.queue.workers()} - known)

    async def search(self, kind: str = "products", query: str = "sofa", sources=SHOPS, **more):
        """(job as it ended, its events)"""
        job, _ = await self.queue.submit(kind, query, sources=sources, **more)
        return await self.ended(job.id)

    async def ended(self, job_id: str, within: float = 45):
        async with asyncio.timeout(within):
            events = [event async for batch in self.queue.follow(job_id) for event in batch]
        return await self.queue.job(job_id), events


@asynccontextmanager
async def workers(ports: dict[str, int], folder: Path, **more: str):
    only = {"HOMEFEED_SPIDERS": "crawler.demo.spiders", "HOMEFEED_EXTRA_SPIDERS": "", "HOMEFEED_VERIFY": "false"}
    env = environ(ports, folder, **{**only, **more})
    async with embedded(load(env)) as url:
        queue = Queue(url)
        running = Workers(env, queue, url)
        try:
            yield running
        finally:
            for process in running.processes:
                process.kill()
                await asyncio.to_thread(process.wait)
            await queue.close()


async def until(condition, within: float = 10) -> None:
    end = time.monotonic() + within
    while not await condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.05)


def told(events) -> list[str]:
    return [item["id"] for event in events for item in event.items]
