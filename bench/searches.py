"""Fifty different searches at once, and five hundred more while they run, wave after wave.

    python bench/searches.py [--waves 4]

A real API process and two workers with the full pipeline (URL and picture checks off) against two local shops, each
asked every 50 ms by all workers together: the pace alone makes a wave last 550 x 50 ms. Every search is started by
`POST /v1/searches`, followed by its event stream and has `LIMIT_S`. `with_results` ended as `done` with at least one
item; `refused` counts the problems that started nothing, `hung` those that did not end in time. The same words come
in every wave, so that what the first one stored explains no growth after it. `rss_mb` is taken before the first and
after each wave, `slope_mb` is what the last wave added: Valkey keeps a thousand searches that are over, two waves.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import PY, ROOT, Child, emit, free_port, header, log, percentiles, resident_mb, wait_port

FIRST, MORE = 50, 500
PERSONS = 25  # clients of the API; each has its own turns and limits
WORKERS = 2
SOURCES = ["bench_new", "bench_search"]
PACE_S = 0.05
LIMIT_S = 100.0
BUDGET_S = 150.0  # no new wave begins after that
SETTLE_S = 2.0


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
    """The processes under load, by name, and where the API is."""

    url: str
    folder: Path
    pids: dict[str, int] = field(default_factory=dict)

    def rss_mb(self) -> dict[str, float]:
        return {name: resident_mb(pid) for name, pid in self.pids.items()}


@contextmanager
def running(folder: Path) -> Iterator[System]:
    shops, port = [free_port() for _ in range(2)], free_port()
    environ = {
        **os.environ, "HOMEFEED_DATA_DIR": str(folder), "HOMEFEED_PORT": str(port), "PYTHONPATH": str(ROOT),
        "HOMEFEED_SPIDERS": "bench.spiders", "HOMEFEED_PACE": str(PACE_S), "HOMEFEED_VERIFY": "false",
        "HOMEFEED_LOG_LEVEL": "WARNING", "HOMEFEED_WORKER_CRAWLS": "100000",
        "HOMEFEED_GUARD_ALLOW": ",".join(f"127.0.0.1:{shop}" for shop in shops),
        "HOMEFEED_BENCH_SEARCH_BASE_URL": f"http://127.0.0.1:{shops[0]}",
        "HOMEFEED_BENCH_NEW_BASE_URL": f"http://127.0.0.1:{shops[1]}",
    }  # fmt: skip
    with ExitStack() as stack:
        for shop in shops:
            stack.enter_context(Child([PY, "-m", "bench.shop", "--port", shop, "--pages", FIRST + MORE], cwd=ROOT))
        system = System(f"http://127.0.0.1:{port}", folder)
        commands = {"api": "api"} | {f"worker {n + 1}": "worker" for n in range(WORKERS)}
        for name, command in commands.items():
            argv = [PY, "-m", "crawler.cli", command]
            child = stack.enter_context(Child(argv, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL))
            system.pids[name] = child.process.pid
        for place in (*shops, port):
            wait_port(place, 60)
        yield system


async def ready(session: aiohttp.ClientSession, system: System) -> None:
    """Both workers can be seen, and the embedded Valkey stands."""
    async with asyncio.timeout(60):
        while len((await read(session, "/v1/stats")).get("workers", [])) < WORKERS:
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


async def wave(session: aiohttp.ClientSession) -> tuple[list[Ended], list[Ended]]:
    """How the fifty ended, and the five hundred that came as soon as one of them had begun."""
    first = [asyncio.create_task(search(session, n)) for n in range(FIRST)]
    await asyncio.sleep(PACE_S * 4)
    more = [asyncio.create_task(search(session, n)) for n in range(FIRST, FIRST + MORE)]
    return list(await asyncio.gather(*first)), list(await asyncio.gather(*more))


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


async def main(waves: int) -> None:
    began, taken = time.monotonic(), []
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as system:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            system.url, connector=connector, timeout=aiohttp.ClientTimeout(None)
        ) as session:
            await ready(session, system)
            emit({"rss_mb": system.rss_mb(), "after": "start"})
            for number in range(waves):
                if time.monotonic() - began > BUDGET_S:
                    log(f"no time for wave {number + 1}")
                    break
                first, more = await wave(session)
                emit({"wave": number + 1, "who": f"{FIRST} at once", **summary(first)})
                emit({"wave": number + 1, "who": f"{MORE} while they run", **summary(more)})
                await asyncio.sleep(SETTLE_S)
                taken.append(system.rss_mb())
                emit({"rss_mb": taken[-1], "after": f"wave {number + 1}"})
    emit({"slope_mb": {name: slope([rss[name] for rss in taken]) for name in taken[-1]}})


def slope(values: list[float]) -> float | None:
    return round(values[-1] - values[-2], 1) if len(values) > 2 else None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=4)
    header("searches", pace_s=PACE_S, workers=WORKERS)
    asyncio.run(main(parser.parse_args().waves))
