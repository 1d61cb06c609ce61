"""`homefeed search` and `homefeed stats` as a user runs them, against a real worker and the demo shops."""

import asyncio
import json
import signal
import subprocess
import sys

import pytest
from redis.asyncio import Redis

from tests.crawler.jobs.workers import until, workers
from tests.demo_world import ROOT, control, environ

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def started(*args, env):
    command = [sys.executable, "-m", "crawler.cli", *args]
    return subprocess.Popen(
        command, cwd=ROOT, env=env | {"COLUMNS": "160"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


async def homefeed(*args, env):
    """(exit code, stdout, stderr)"""
    process = started(*args, env=env)
    out, err = await asyncio.to_thread(process.communicate, timeout=60)
    return process.returncode, out, err


async def test_without_a_worker_it_says_how_to_start_one(tmp_path):
    code, out, err = await homefeed("search", "products", "sofa", env=environ({}, tmp_path))
    assert (code, out) == (1, "")
    assert "homefeed worker" in err
    assert "homefeed up" in err


@pytest.mark.parametrize(("args", "says"), [
    (("products", " -- "), "query"), (("chairs", "sofa"), "chairs"), (("products", "sofa", "--pages", "0"), "--pages"),
])  # fmt: skip
async def test_bad_arguments(tmp_path, args, says):
    code, _, err = await homefeed("search", *args, env=environ({}, tmp_path))
    assert code == 2
    assert says in err


async def test_searches_of_a_real_worker(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()

        code, out, _ = await homefeed("search", "products", "sofa", "--pages", "1", "--json", env=running.env)
        found = json.loads(out)
        assert (code, found["state"]) == (0, "done")
        assert len(found["results"]) >= 30
        assert {p["retailer"] for p in found["results"]} == {"alder", "birch", "cedar"}
        assert {s["name"]: s["status"] for s in found["sources"]} == dict.fromkeys(("alder", "birch", "cedar"), "ok")

        code, out, _ = await homefeed("search", "products", "sofa", "--source", "alder", env=running.env)
        assert code == 0
        assert all(word in out for word in ("list price", "stock", "INR", "alder"))
        assert "birch" not in out

        code, out, _ = await homefeed("search", "designs", "sofa", env=running.env)
        assert code == 0
        assert all(word in out for word in ("author", "licence", "lumen"))

        code, out, _ = await homefeed("search", "products", "zzzyx", "--json", env=running.env)
        assert (code, json.loads(out)["results"]) == (1, [])

        code, _, err = await homefeed("search", "products", "sofa", "--source", "lumen", env=running.env)
        assert code == 2
        assert "use alder, birch, cedar" in err

        code, out, _ = await homefeed("stats", "--json", env=running.env)
        stats = json.loads(out)
        assert (code, stats["waiting"], len(stats["workers"])) == (0, 0, 1)
        assert stats["store"]["products"] >= 30
        assert {s["name"]: s["status"] for s in stats["sources"]}["alder"] == "ok"
        code, out, _ = await homefeed("stats", env=running.env)
        assert code == 0
        assert "1 workers live" in out
        assert "lumen" in out


async def test_ctrl_c_takes_the_search_back(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()
        for name in ("alder", "birch", "cedar"):
            control(demo[name], fault="slow", times=3)
        try:
            process = started("search", "products", "table", env=running.env)
            await until(lambda: _runs(running.url), 20)
            process.send_signal(signal.SIGINT)
            out, err = await asyncio.to_thread(process.communicate, timeout=20)
        finally:
            for name in ("alder", "birch", "cedar"):
                control(demo[name], fault="slow", times=0)
        assert (process.returncode, out) == (130, "")
        assert "cancelled" in err
        assert "Traceback" not in err
        job, joined = await running.queue.submit("products", "table")
        assert not joined
        await running.queue.cancel(job.id)


async def _runs(url):
    async with Redis.from_url(url) as redis:
        return await redis.zcard("homefeed:running") > 0
