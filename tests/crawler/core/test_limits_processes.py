"""Three workers, each a process of its own, before one site that writes down who came when."""

import asyncio
import itertools
import os
import random
import sys
import time
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from crawler.core.limits import STRICTER
from crawler.core.optional_redis import CALL_S
from tests.crawler.core.pacing import RETRY_S
from tests.demo_world import ROOT
from tests.faulty import Wire

DELAY, LEASE, ANSWER_S = 0.1, 1.5, (0.2, 0.45)  # so slow an answer that three places are taken most of the time
LATE = 0.04  # how much later than its turn a request may arrive on a busy machine


class Site:
    """`came` are arrivals by worker, `most` how many requests it had at once."""

    def __init__(self):
        self.came, self.now, self.most = [], 0, 0

    async def page(self, request: web.Request) -> web.Response:
        self.came.append((time.monotonic(), request.match_info["worker"]))
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(random.uniform(*ANSWER_S))
        finally:
            self.now -= 1
        return web.Response()

    def since(self, start, worker=None):
        return [at for at, who in self.came if at >= start and worker in (None, who)]


@asynccontextmanager
async def served():
    site, app = Site(), web.Application()
    app.router.add_get("/{worker}", site.page)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield site, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def workers(redis, url):
    command = (sys.executable, "-m", "tests.crawler.core.pacing", redis)
    found = [
        await asyncio.create_subprocess_exec(*command, f"{url}/{n}", str(DELAY), str(LEASE), cwd=ROOT) for n in range(3)
    ]
    try:
        yield found
    finally:
        for worker in found:
            if worker.returncode is None:
                worker.kill()
            await worker.wait()


def over(wire, url):
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{wire.port}").geturl()


def too_close(came):
    return [gap for gap in (b - a for a, b in itertools.pairwise(came)) if gap < DELAY - LATE]


@pytest.mark.slow
@pytest.mark.long
async def test_many_workers_are_as_polite_as_one_also_when_one_is_killed(valkey):
    async with served() as (site, url), workers(valkey, url) as running:
        while len({who for _, who in site.came}) < 3:
            await asyncio.sleep(0.05)
        start = time.monotonic()
        await asyncio.sleep(1.5)
        assert all(len(site.since(start, str(n))) >= 2 for n in range(3))  # each gets its share
        os.kill(running[0].pid, 9)
        killed = time.monotonic()
        await asyncio.sleep(LEASE + 2)
        assert site.most <= 3
        assert not too_close(site.since(0))
        assert len(site.since(killed + LEASE + 1)) >= 4  # its places and its turns in line came free


@pytest.mark.slow
@pytest.mark.long
async def test_without_redis_for_a_while_workers_are_slower_not_faster(valkey):
    wire = Wire(urlsplit(valkey).port)
    try:
        async with served() as (site, url), workers(over(wire, valkey), url):
            while len({who for _, who in site.came}) < 3:
                await asyncio.sleep(0.05)
            before = len(site.came)
            wire.cut()
            await asyncio.sleep(0.6)  # what was under way is back
            site.most, away = 0, time.monotonic()
            await asyncio.sleep(2)
            mended = time.monotonic()
            wire.mend()
            allowed = 3 * ((mended - away) / (DELAY * STRICTER) + 1)
            assert before < len(site.came)
            assert 3 <= len([at for at in site.since(away) if at < mended]) <= allowed
            assert site.most <= 3
            await asyncio.sleep(2 * RETRY_S + CALL_S + 0.5)  # until all know that all have asked Redis again
            agreed = time.monotonic()
            await asyncio.sleep(1)
            assert len(site.since(agreed)) >= 4
            assert not too_close(site.since(agreed))
            assert site.most <= 3
    finally:
        wire.close()
