"""A comparison beside its slowest shop.

    python bench/compare.py [--rounds 5]

A real API process and a worker with the full pipeline against six local shops that answer after 0.1 to 1.2 s, each
read as a search page and the first result's own page. In turns: every shop alone, by the same call with `sources` of
one, and all six together. `ratio` is the time of all over that of the slowest alone, as the client measures it from
its request to the `done` event; the goal is 1.1. `first_s`: until the first shop's part is told.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import PY, ROOT, Child, emit, free_port, header, ratios, spread, wait_port

DELAYS = [0.05, 0.1, 0.2, 0.3, 0.45, 0.6]  # seconds of each answer; a shop is asked twice, one after the other
NAMES = [f"bench_compare_{letter}" for letter in "abcdef"]


def shop(delay: float) -> web.Application:
    def html(things: list[dict[str, object]]) -> web.Response:
        ld = f'<script type="application/ld+json">{json.dumps(things)}</script>'
        return web.Response(text=f"<html><head>{ld}</head><body>goods</body></html>", content_type="text/html")

    def good(host: str, number: int, query: str) -> dict[str, object]:
        offer = {"@type": "Offer", "price": f"{100 + number}.00", "priceCurrency": "INR"}
        url = f"http://{host}/p/{query}-{number}"
        return {"@type": "Product", "name": f"{query} desk {number}", "sku": f"{query}-{number}", "url": url,
                "offers": offer}  # fmt: skip

    async def search(request: web.Request) -> web.Response:
        await asyncio.sleep(delay)
        goods = [good(request.host, n, request.query["q"]) for n in range(20)]
        items = [{"@type": "ListItem", "position": n, "item": one} for n, one in enumerate(goods)]
        return html([{"@type": "ItemList", "itemListElement": items}])

    async def product(request: web.Request) -> web.Response:
        await asyncio.sleep(delay)
        query, _, number = request.match_info["name"].rpartition("-")
        return html([good(request.host, int(number), query)])

    app = web.Application()
    app.router.add_get("/search", search)
    app.router.add_get("/p/{name}", product)
    return app


@asynccontextmanager
async def shops() -> AsyncIterator[list[int]]:
    runners = [web.AppRunner(shop(delay), access_log=None) for delay in DELAYS]
    for runner in runners:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield [runner.addresses[0][1] for runner in runners]
    for runner in runners:
        await runner.cleanup()


def environ(folder: str, port: int, shop_ports: list[int]) -> dict[str, str]:
    moved = {f"HOMEFEED_{name.upper()}_BASE_URL": f"http://127.0.0.1:{at}"
             for name, at in zip(NAMES, shop_ports, strict=True)}  # fmt: skip
    return {
        **os.environ, **moved, "HOMEFEED_DATA_DIR": folder, "HOMEFEED_PORT": str(port), "PYTHONPATH": str(ROOT),
        "HOMEFEED_SPIDERS": "bench.spiders", "HOMEFEED_PACE": "0", "HOMEFEED_LOG_LEVEL": "WARNING",
        "HOMEFEED_GUARD_ALLOW": ",".join(f"127.0.0.1:{at}" for at in shop_ports),
    }  # fmt: skip


async def compared(session: aiohttp.ClientSession, query: str, names: list[str]) -> tuple[float, float, int]:
    """(seconds to the first shop's part, to the end, shops that have it)."""
    started, first = time.monotonic(), 0.0
    async with session.post("/v1/compare", json={"query": query, "sources": names}) as answer:
        location = answer.headers["Location"]
    async with session.get(f"{location}/events") as events:
        async for line in events.content:
            if line.startswith(b"event: progress"):
                first = first or time.monotonic() - started
            elif line.startswith(b'data: {"id"'):
                return first, time.monotonic() - started, len(json.loads(line[6:])["results"])
    raise RuntimeError("the stream ended before the comparison")


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        async with shops() as ports:
            port = free_port()
            for command in ("api", "worker"):
                argv = [PY, "-m", "crawler.cli", command]
                stack.enter_context(Child(argv, cwd=ROOT, env=environ(folder, port, ports), stdout=subprocess.DEVNULL))
            await asyncio.to_thread(wait_port, port, 60)
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                await measured(session, rounds)


async def measured(session: aiohttp.ClientSession, rounds: int) -> None:
    while len((await (await session.get("/v1/stats")).json()).get("workers", [])) < 1:
        await asyncio.sleep(0.1)
    alone: dict[str, list[float]] = {name: [] for name in NAMES}
    together, firsts, have = [], [], []
    for number in range(rounds + 1):  # the first round warms up
        for name in NAMES:
            alone[name].append((await compared(session, f"oak{number}{name[-1]}", [name]))[1])
        first, end, shops_with_it = await compared(session, f"oak{number}", NAMES)
        together.append(end)
        firsts.append(first)
        have.append(shops_with_it)
    slowest = max(NAMES, key=lambda name: min(alone[name][1:]))
    emit({"who": "slowest shop alone", "s": spread(alone[slowest][1:], 3)})
    emit({"who": "all six together", "s": spread(together[1:], 3), "first_s": spread(firsts[1:], 3),
          "shops": min(have), "ratio": ratios(together[1:], alone[slowest][1:])})  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    header("compare", delays_s=DELAYS)
    asyncio.run(main(parser.parse_args().rounds))
