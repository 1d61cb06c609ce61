"""A whole homefeed under searches: an API process and workers against local shops, asked as people would ask."""

import asyncio
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.common import PY, ROOT, Child, free_port, log, percentiles, resident_mb, wait_port

PERSONS = 25  # clients of the API; each has its own turns and limits
SOURCES = ["bench_new", "bench_search"]
LIMIT_S = 100.0


@dataclass
class Ended:
    """One search: `how` is its state, the slug of the problem that refused it, or "hung"."""

    how: str
    reason: str = ""
    items: int = 0
    first_s: float | None = None
    end_s: float = 0.0


@dataclass
class System:
    """The processes under load, by name, and where the API and the shops are."""

    url: str
    folder: Path
    workers: int
    shops: list[int]
    pids: dict[str, int] = field(default_factory=dict)

    def rss_mb(self) -> dict[str, float]:
        return {name: resident_mb(pid) for name, pid in self.pids.items()}


@contextmanager
def running(folder: Path, workers: int, pace_s: float, pages: int, **more: str) -> Iterator[System]:
    """Two shops with so many pages of new goods each; `more` goes into the environment of homefeed."""
    shops, port = [free_port() for _ in range(2)], free_port()
    environ = {
        **os.environ, "HOMEFEED_DATA_DIR": str(folder), "HOMEFEED_PORT": str(port), "PYTHONPATH": str(ROOT),
        "HOMEFEED_SPIDERS": "bench.spiders", "HOMEFEED_PACE": str(pace_s), "HOMEFEED_VERIFY": "false",
        "HOMEFEED_LOG_LEVEL": "WARNING", "HOMEFEED_WORKER_CRAWLS": "100000",
        "HOMEFEED_GUARD_ALLOW": ",".join(f"127.0.0.1:{shop}" for shop in shops),
        "HOMEFEED_BENCH_SEARCH_BASE_URL": f"http://127.0.0.1:{shops[0]}",
        "HOMEFEED_BENCH_NEW_BASE_URL": f"http://127.0.0.1:{shops[1]}", **more,
    }  # fmt: skip
    with ExitStack() as stack:
        for shop in shops:
            stack.enter_context(Child([PY, "-m", "bench.shop", "--port", shop, "--pages", pages], cwd=ROOT))
        system = System(f"http://127.0.0.1:{port}", folder, workers, shops)
        commands = {"api": "api"} | {f"worker {n + 1}": "worker" for n in range(workers)}
        for name, command in commands.items():
            argv = [PY, "-m", "crawler.cli", command]
            child = stack.enter_context(Child(argv, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL))
            system.pids[name] = child.process.pid
        for place in (*shops, port):
            wait_port(place, 60)
        yield system


async def ready(session: aiohttp.ClientSession, system: System) -> None:
    """All workers can be seen, and the embedded Valkey stands."""
    async with asyncio.timeout(60):
        while len((await read(session, "/v1/stats")).get("workers", [])) < system.workers:
            await asyncio.sleep(0.1)
    system.pids["valkey"] = json.loads((system.folder / "valkey/server.json").read_text())["pid"]


async def read(session: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    async with session.get(path) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def search(session: aiohttp.ClientSession, number: int) -> Ended:
    started = time.monotonic()
    ended = Ended("hung")
    try:
        async with asyncio.timeout(LIMIT_S):
            await _search(session, number, started, ended)
    except TimeoutError:
        log(f"search {number} did not end within {LIMIT_S:.0f} s")
    ended.end_s = time.monotonic() - started
    return ended


async def _search(session: aiohttp.ClientSession, number: int, started: float, ended: Ended) -> None:
    person = {"X-Homefeed-Client": f"person-{number % PERSONS}"}
    ask = {"kind": "products", "query": str(number), "sources": SOURCES}
    async with session.post("/v1/searches", json=ask, headers=person) as answer:
        said = await answer.json()
        if answer.status not in (200, 202):
            after = answer.headers.get("Retry-After")
            ended.how, ended.reason = said["type"].rsplit(":", 1)[-1], f"Retry-After: {after}"
            return
    async with session.get(f"/v1/searches/{said['id']}/events", headers=person) as events:
        async for kind, data in parsed(events.content):
            if kind == "item":
                ended.items += len(data["items"])
                ended.first_s = ended.first_s or time.monotonic() - started
            elif kind == "done":
                ended.how, ended.reason = data["state"], data["reason"]


async def parsed(lines: aiohttp.StreamReader) -> Any:
    """(event name, its data) of a stream of Server-Sent Events."""
    kind = ""
    while line := await lines.readline():
        if line.startswith(b"event: "):
            kind = line[7:].strip().decode()
        elif line.startswith(b"data: "):
            yield kind, json.loads(line[6:])


def summary(ended: list[Ended]) -> dict[str, Any]:
    how = Counter(one.how for one in ended)
    over = [one for one in ended if one.how in ("done", "failed", "cancelled")]
    good = sum(1 for one in over if one.how == "done" and one.items)
    refused = Counter(f"{one.how} ({one.reason})" for one in ended if one not in over and one.how != "hung")
    return {
        "searches": len(ended), "ended": len(over), "with_results": good, "share": round(good / len(ended), 4),
        "failed": Counter(one.reason[:80] for one in over if one.how != "done"), "refused": refused,
        "hung": how["hung"], "first_item_s": percentiles([one.first_s for one in over if one.first_s]),
        "end_s": percentiles([one.end_s for one in over]),
    }  # fmt: skip
