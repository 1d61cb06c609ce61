"""From asking for a search to its first item, beside a `scrapy crawl` process and Scrapyd (its default poll and 0.1 s).

    python -m bench.job_latency [--rounds 20]

Same shop, same run, contenders in turn. homefeed is its real queue and worker: `Queue.submit` here, the first `item`
event seen by `Queue.follow` here, and between them the fair line, a crawl with the full pipeline (verdict, drift gate,
dedupe, quality, SQLite store, change stream; nothing read behind the page: no URL and picture checks, no product pages,
which this shop has not) and robots.txt obeyed. `homefeed` meets goods it knows, `homefeed new` forty new ones on every
page: each is written and told on the change stream before its item is.
The rivals have no pipeline: their first parsed item counts. `over_shop` is what is left of the median without the
shop's own latency, measured by a plain keep-alive fetch.
"""

import argparse
import asyncio
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from bench.common import PY, ROOT, Child, emit, free_port, header, log, ratios, spread, wait_port
from crawler.core.config import load
from crawler.core.queue import Queue
from crawler.core.valkey import embedded

PAGES = 800
BURST = 8
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
SPIDER = f"""
import socket, sys, time
sys.path.insert(0, {str(ROOT)!r})
import scrapy
from bench.crawl import parse_parsel

class Shop(scrapy.Spider):
    name = "shop"

    async def start(self):
        yield scrapy.Request(self.url)

    def parse(self, response):
        rows = parse_parsel(response)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(f"{{self.job}} {{time.time()}}".encode(), self.sock)
        yield from rows
"""
SETTINGS = """
BOT_NAME = "rival"
SPIDER_MODULES = ["rival.spiders"]
LOG_LEVEL = "WARNING"
TELNETCONSOLE_ENABLED = False
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 16
"""


def make_rival(folder: Path) -> Path:
    (folder / "rival/spiders").mkdir(parents=True)
    files = {"rival/__init__.py": "", "rival/spiders/__init__.py": "", "rival/spiders/shop.py": SPIDER,
             "rival/settings.py": SETTINGS, "scrapy.cfg": "[settings]\ndefault = rival.settings\n"}  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def scrapyd(folder: Path, rival: Path, port: int, poll: float) -> Child:
    folder.mkdir()
    (folder / "scrapy.cfg").write_text("[settings]\nrival = rival.settings\n")
    (folder / "scrapyd.conf").write_text(
        f"[scrapyd]\nbind_address = 127.0.0.1\nhttp_port = {port}\npoll_interval = {poll}\nmax_proc = {BURST}\n"
        f"logs_dir = {folder}/logs\neggs_dir = {folder}/eggs\ndbs_dir = {folder}/dbs\n"
        "[settings]\nrival = rival.settings\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(rival)}
    return Child([Path(PY).parent / "scrapyd"], cwd=folder, env=environ, **QUIET)


class Rivals:
    """Each ask starts one crawl and returns the seconds until its first parsed item."""

    def __init__(self, folder: Path, shop: int, polled: dict[str, int]):
        self.folder, self.shop, self.polled = make_rival(folder / "rival"), shop, polled
        self.path = str(folder / "items")
        self.items = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.items.bind(self.path)
        self.items.setblocking(False)
        self.heard: dict[str, asyncio.Future[float]] = {}
        self.listening = asyncio.create_task(self.listen())

    async def listen(self) -> None:
        while True:
            job, at = (await asyncio.get_running_loop().sock_recv(self.items, 200)).decode().split()
            self.heard[job].set_result(float(at))

    async def ask(self, kind: str, n: int) -> float:
        job = f"{kind}-{n}".replace(" ", "-")
        args = {"job": job, "url": f"http://127.0.0.1:{self.shop}/p/{n}", "sock": self.path}
        self.heard[job] = asyncio.get_running_loop().create_future()
        started = time.time()
        process = None
        if kind in self.polled:
            await asyncio.to_thread(schedule, self.polled[kind], args)
        else:
            given = [part for name, value in args.items() for part in ("-a", f"{name}={value}")]
            process = await asyncio.create_subprocess_exec(PY, "-m", "scrapy", "crawl", "shop", *given, cwd=self.folder,
                                                           **QUIET)  # fmt: skip
        seconds = await asyncio.wait_for(self.heard[job], 60) - started
        if process:
            await process.wait()
        while kind in self.polled and await asyncio.to_thread(running, self.polled[kind]):
            await asyncio.sleep(0.1)  # whoever comes next finds the machine free
        return seconds


def schedule(port: int, args: dict[str, str]) -> None:
    data = urllib.parse.urlencode({"project": "rival", "spider": "shop", **args}).encode()
    answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/schedule.json", data, timeout=15).read()
    assert json.loads(answer)["status"] == "ok", answer


def running(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/daemonstatus.json", timeout=15) as answer:
        return json.load(answer)["running"]


async def ours(queue: Queue, source: str, n: int) -> float:
    started = time.time()
    job, _ = await queue.submit("products", str(n), sources=[source])
    first = None
    async for batch in queue.follow(job.id):
        if first is None and any(event.items for event in batch):
            first = time.time() - started
    assert first, await queue.job(job.id)
    return first


def fetch(connection: http.client.HTTPConnection, path: str) -> float:
    started = time.time()
    connection.request("GET", path)
    connection.getresponse().read()
    return time.time() - started


async def compare(rounds: int, asks: dict[str, Callable[[int], Awaitable[float]]], shop: int) -> None:
    numbers, chance = iter(range(PAGES)), random.Random(1)
    first = {name: await ask(next(numbers)) for name, ask in asks.items()}
    rows: dict[str, list[float]] = {name: [] for name in (*asks, "shop")}
    connection = http.client.HTTPConnection("127.0.0.1", shop)
    for number in range(rounds):
        for name, ask in asks.items():
            await asyncio.sleep(0.1 + chance.random() * (5.0 if name == "scrapyd" else 0.2))
            rows[name].append(await ask(next(numbers)))
        rows["shop"] += [fetch(connection, f"/p/{n}") for n in range(3)]
        log(number, {name: round(found[-1] * 1000, 1) for name, found in rows.items()})
    bursts = {name: await asyncio.gather(*(ask(next(numbers)) for _ in range(BURST))) for name, ask in asks.items()}
    median = {name: statistics.median(found) * 1000 for name, found in rows.items()}
    emit({"contender": "shop", "ms": spread([second * 1000 for second in rows["shop"]], 2)})
    for name in asks:
        emit({
            "contender": name, "ms": spread([second * 1000 for second in rows[name]], 1),
            "over_shop_ms": round(median[name] - median["shop"], 1), "first_job_ms": round(first[name] * 1000, 1),
            f"burst_{BURST}_last_ms": round(max(bursts[name]) * 1000, 1),
            "times_homefeed": ratios(rows[name], rows["homefeed"]),
        })  # fmt: skip


async def main(rounds: int) -> None:
    shop, default, fast = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {
            **os.environ, "HOMEFEED_DATA_DIR": str(folder / "data"), "HOMEFEED_SPIDERS": "bench.spiders",
            "HOMEFEED_PACE": "0", "HOMEFEED_VERIFY": "false", "HOMEFEED_DETAILS": "0", "HOMEFEED_LOG_LEVEL": "WARNING",
            "HOMEFEED_GUARD_ALLOW": f"127.0.0.1:{shop}", "PYTHONPATH": str(ROOT),
            "HOMEFEED_BENCH_SEARCH_BASE_URL": f"http://127.0.0.1:{shop}",
            "HOMEFEED_BENCH_NEW_BASE_URL": f"http://127.0.0.1:{shop}",
        }  # fmt: skip
        rivals = Rivals(folder, shop, {"scrapyd": default, "scrapyd 0.1 s": fast})
        async with embedded(load(environ)) as url:
            queue = Queue(url)
            with (
                Child([PY, "-m", "bench.shop", "--port", shop, "--pages", PAGES], cwd=ROOT),
                Child([PY, "-m", "crawler.cli", "worker"], cwd=ROOT, env=environ),
                scrapyd(folder / "default", rivals.folder, default, 5.0),
                scrapyd(folder / "fast", rivals.folder, fast, 0.1),
            ):
                for port in (shop, default, fast):
                    wait_port(port, 60)
                while not await queue.workers():
                    await asyncio.sleep(0.1)
                asks: dict[str, Callable[[int], Awaitable[float]]] = {
                    "homefeed": lambda n: ours(queue, "bench_search", n % 32),
                    "homefeed new": lambda n: ours(queue, "bench_new", n),
                }
                for kind in ("scrapy crawl", *rivals.polled):
                    asks[kind] = partial(rivals.ask, kind)
                await compare(rounds, asks, shop)
            await queue.close()
        rivals.listening.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    header("job_latency", burst=BURST)
    asyncio.run(main(parser.parse_args().rounds))
