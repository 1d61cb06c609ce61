"""`homefeed scheduler` as a process: wrong lines, its ends, and a killed Valkey."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest
from redis.asyncio import Redis

from crawler.core.config import load
from crawler.core.queue import Queue
from crawler.core.valkey import acquire
from tests.crawler.jobs.workers import until
from tests.demo_world import ROOT, environ

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]
EVERY_MINUTE = "* * * * * ikea query=sofa"


def scheduler(env, *args, stderr=subprocess.PIPE):
    command = [sys.executable, "-m", "crawler.cli", "scheduler", *args]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stderr=stderr, text=True)


@pytest.fixture
def env(tmp_path):
    return environ({}, tmp_path, HOMEFEED_CRONS=EVERY_MINUTE, HOMEFEED_RECHECK_S="1", HOMEFEED_EXTRA_SPIDERS="")


@pytest.mark.parametrize(("line", "says"), [
    ("0 6 * * * nope query=sofa", "there is no spider 'nope'"), ("0 25 * * * ikea query=sofa", "25 out of range"),
    ("0 6 * * * ikea colour=red", "'colour=red' is no argument"),
])  # fmt: skip
async def test_a_wrong_line_ends_it_at_once_and_is_named(env, line, says):
    process = scheduler(env | {"HOMEFEED_CRONS": line})
    _, err = await asyncio.to_thread(process.communicate, timeout=20)
    assert process.returncode == 2
    assert err.startswith("homefeed: HOMEFEED_CRONS: ")
    assert repr(line) in err
    assert says in err


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, None])
async def test_it_ends_cleanly_by_signal_or_with_its_parent(env, end):
    lease = acquire(load(env))
    queue = Queue(lease.url)
    process = scheduler(env, "--attached")
    try:
        await until(lambda: _waits(queue, 1), 20)
        if end:
            process.send_signal(end)
            _, err = await asyncio.to_thread(process.communicate, timeout=10)
        else:
            _, err = await asyncio.to_thread(process.communicate, "", timeout=10)
        assert (process.returncode, err) == (0, "")
    finally:
        process.kill()
        await queue.close()
        lease.release()


async def test_a_valkey_that_is_killed_is_started_again_and_the_schedule_goes_on(env, tmp_path):
    log, lease = tmp_path / "log", acquire(load(env))
    with log.open("w") as file:
        process = scheduler(env, stderr=file)
    queue = Queue(lease.url)
    try:
        await until(lambda: _waits(queue, 1), 20)
        async with Redis.from_url(lease.url) as redis:
            os.kill((await redis.info("server"))["process_id"], signal.SIGKILL)
        await until(lambda: _said(log, "the schedule goes on"), 20)
        assert log.read_text().count("the schedule waits: Redis does not answer") == 1
        assert await queue.waiting() == 1
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
        await queue.close()
        lease.release()


async def _waits(queue, many):
    return await queue.waiting() == many


async def _said(log, words):
    return words in log.read_text()
