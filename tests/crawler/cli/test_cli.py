"""`homefeed doctor` and `homefeed sources`."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.cli.checks import serving
from crawler.cli.checks.machine import without_secrets
from crawler.cli.doctor import bounded
from crawler.core.config import Config, load
from crawler.core.models.jobs import WorkerInfo
from crawler.core.queue import Queue
from crawler.core.shared import Shared
from crawler.core.valkey import embedded
from tests.demo_world import ROOT, environ

pytestmark = pytest.mark.slow
NO_FILE = Path("/dev/null")


def homefeed(*args, env):
    command = [sys.executable, "-c", "from crawler.cli import app; app()", *args]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def test_doctor_finds_the_defaults_well(tmp_path):
    done = homefeed("doctor", "--json", env=environ({}, tmp_path))
    states = {f["name"]: f["state"] for f in json.loads(done.stdout)}
    assert done.returncode == 0
    assert (states["store"], states["redis"], states["python"]) == ("ok", "ok", "ok")


@pytest.mark.parametrize(
    ("settings", "state", "says"),
    [
        ({}, "ok", "127.0.0.1:8000, no keys"),
        ({"HOMEFEED_API_KEYS": "page:read:s3cret, ops:admin:s4cret"}, "ok", "keys of page, ops"),
        ({"HOMEFEED_API_KEYS": "page:read:s3cret", "HOMEFEED_HOST": "0.0.0.0"}, "ok", "0.0.0.0:8000"),
        ({"HOMEFEED_HOSTS": "feed.test"}, "ok", "also for feed.test"),
        ({"HOMEFEED_HOST": "0.0.0.0"}, "broken", "HOMEFEED_API_KEYS"),
        ({"HOMEFEED_API_KEYS": "page:fly:s3cret"}, "broken", "HOMEFEED_API_KEYS"),
    ],
)
async def test_doctor_says_who_may_come_in(settings, state, says):
    found = await bounded("access", serving.access, load(settings, NO_FILE))
    assert found.state == state
    assert says in found.says
    assert "s3cret" not in found.says


async def test_doctor_counts_the_living_workers(tmp_path):
    settings = Config(data_dir=tmp_path)
    assert (await serving.workers(settings)).state == "missing"
    async with embedded(settings) as url:
        queue = Queue(url)
        await queue.open()
        await queue.tell_worker(WorkerInfo(id="w1"))
        found = await serving.workers(settings)
        await queue.close()
    assert (found.state, found.says) == ("ok", "1 alive, 0 jobs wait")


async def test_doctor_looks_at_the_page():
    async def ready(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(ready, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        assert (await serving.page(Config(port=port))).state == "ok"
    found = await serving.page(Config(port=port))
    assert found.state == "missing"
    assert f":{port}/ is not served" in found.says


def test_doctor_names_what_is_broken(tmp_path):
    env = environ({}, tmp_path, HOMEFEED_REDIS_URL="redis://:secret@127.0.0.1:1/0")
    done = homefeed("doctor", "--json", env=env)
    assert done.returncode == 1
    assert {f["name"]: f["state"] for f in json.loads(done.stdout)}["redis"] == "broken"
    assert "secret" not in done.stdout + done.stderr


def test_a_bad_setting_is_one_line(tmp_path):
    done = homefeed("doctor", env=environ({}, tmp_path, HOMEFEED_PORT="much"))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "HOMEFEED_PORT" in done.stderr


def test_sources_lists_routes_and_robots(tmp_path):
    done = homefeed("sources", "--json", env=environ({}, tmp_path, HOMEFEED_ROBOTS_IGNORE="flipkart"))
    found = {s["name"]: s for s in json.loads(done.stdout)}
    assert found["flipkart"]["robots"] == "ignored"
    assert found["ikea"]["robots"] == "obeyed"
    assert (found["openverse"]["kind"], found["ikea"]["kind"]) == ("designs", "products")
    assert found["ikea"]["status"] == "never run"


async def test_sources_tells_fees_and_who_is_left_alone(tmp_path, valkey):
    shared = Shared(Config(redis_url=valkey))
    await shared.enter()
    breaker = await shared.breaker()
    for n in range(5):
        await breaker.failed("www.flipkart.com", f"r{n}", "status [503]")
    await shared.leave()
    env = environ({}, tmp_path, HOMEFEED_REDIS_URL=valkey, COLUMNS="160")
    found = {s["name"]: s for s in json.loads(homefeed("sources", "--json", env=env).stdout)}
    assert (found["ikea"]["circuits"], found["ikea"]["fees"]) == ({}, {})
    assert found["flipkart"]["circuits"]["www.flipkart.com"]["state"] == "open"
    assert found["stockx"]["fees"]["currency"] == "USD"
    said = homefeed("sources", env=env).stdout
    alone = r"^flipkart: www.flipkart.com is not asked for \d\d s after 5 failures: status \[503\]$"
    assert re.search(alone, said, re.M)
    assert "stockx takes fees, as read on 2026-11-21" in said


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mongodb://u:p@h:1/d", "mongodb://***@h:1/d"),
        ("redis://:p@h:1", "redis://***@h:1"),
        ("sqlite:///x", "sqlite:///x"),
    ],
)
def test_secrets_are_not_shown(url, shown):
    assert without_secrets(url) == shown
