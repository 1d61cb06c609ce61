"""A cached read of 50 products through the whole API, beside bare uvicorn serving the same bytes and headers.

    python bench/api.py [--seconds 3] [--rounds 7] [--connections 64]

Both are one process each, asked in turn by wrk (one thread, keep-alive) within each round; the order changes from round
to round. Requests/s and p99 move with whatever else the machine does, CPU per request less. Goal: 0.9 of the bare server's requests/s, p99 at most twice its. `key`: the same with an API key in use.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import PY, ROOT, Child, emit, free_port, header, log, ratios, spread, wait_port
from crawler.core.config import load
from crawler.core.store import open_store
from tests.crawler.core.store.making import record

PATH = "/v1/products?q=sofa&per_page=50&refresh=never"
KEY = "bench-key"
LUA = """
done = function(summary, latency)
  io.write(string.format('{"n":%d,"us":%d,"failed":%d,"p50":%f,"p99":%f}\\n', summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.status,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""
# the limit of what uvicorn can do: one dictionary in, two messages out
BARE = """
import json, pathlib, sys
said = json.loads(pathlib.Path(sys.argv[2]).read_text())
body = pathlib.Path(sys.argv[3]).read_bytes()
start = {"type": "http.response.start", "status": said["status"],
         "headers": [(k.encode(), v.encode()) for k, v in said["headers"]]}
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send(start)
        await send({"type": "http.response.body", "body": body})
import uvicorn
uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", ws="none", lifespan="off", access_log=False,
            log_level="error", proxy_headers=False, server_header=False)
"""


class Server(NamedTuple):
    url: str
    pid: int

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fill(folder: Path) -> None:
    """50 sofas in the store of `folder`."""

    async def write() -> None:
        store = open_store(load({"HOMEFEED_DATA_DIR": str(folder)}, folder / "no.env").store)
        await store.open()
        words = "Oak frame, three seats, removable covers, made to order; delivered flat in two parcels."
        await store.write(
            [record(n, price=n * 10_000, title=f"Green sofa {n}", currency="INR", availability="in_stock",
                    description=words, images=[f"https://oak.test/{n}-{k}.jpg" for k in range(4)]) for n in range(50)]
        )  # fmt: skip
        await store.close()

    asyncio.run(write())


@contextmanager
def api(folder: Path, **settings: str) -> Iterator[Server]:
    """A whole `homefeed api`."""
    port = free_port()
    environ = {"HOMEFEED_PORT": str(port), "HOMEFEED_DATA_DIR": str(folder), "HOMEFEED_RATE_READ": "1000000000"}
    argv = [PY, "-m", "crawler.cli", "api"]
    with Child(argv, env=os.environ | environ | settings, stdout=subprocess.DEVNULL, cwd=ROOT) as child:
        wait_port(port)
        yield Server(f"http://127.0.0.1:{port}", child.process.pid)


@contextmanager
def bare(folder: Path, name: str, like: str, headers: dict[str, str]) -> Iterator[Server]:
    """Bare uvicorn that says what the API says at `like`."""
    status, said, body = fetch(like, headers)
    (folder / f"{name}.json").write_text(json.dumps({"status": status, "headers": said}))
    (folder / f"{name}.bin").write_bytes(body)
    port = free_port()
    with Child([PY, "-c", BARE, port, folder / f"{name}.json", folder / f"{name}.bin"]) as child:
        wait_port(port)
        yield Server(f"http://127.0.0.1:{port}", child.process.pid)


def fetch(url: str, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers without those the server itself sets, body; the second answer, which comes from the cache."""
    for _ in range(2):
        try:
            answer = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20)
        except urllib.error.HTTPError as error:  # its way to tell of a 304
            answer = error
    kept = [(k, v) for k, v in answer.headers.items() if k not in ("date", "connection")]
    return answer.status, kept, answer.read()


def wrk(script: Path, server: Server, headers: dict[str, str], args: argparse.Namespace) -> dict[str, float]:
    said = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    argv = ["wrk", "-t1", f"-c{args.connections}", f"-d{args.seconds}s", "-s", str(script), *said, server.url + PATH]
    before = server.cpu_s()
    done = subprocess.run(argv, capture_output=True, text=True, timeout=args.seconds + 30)
    found = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    if found["failed"]:
        raise SystemExit(f"{found['failed']} of {found['n']} requests failed at {server.url}")
    return {"requests_per_s": found["n"] / found["us"] * 1e6, "p50_ms": found["p50"], "p99_ms": found["p99"],
            "cpu_us_per_request": (server.cpu_s() - before) / found["n"] * 1e6}  # fmt: skip


def compare(folder: Path, name: str, ours: Server, headers: dict[str, str], args: argparse.Namespace) -> None:
    """One kind of request, ours and theirs in turn."""
    with bare(folder, name, ours.url + PATH, headers) as rival:
        contenders = {"homefeed": ours, "bare uvicorn": rival}
        figures: dict[str, list[dict[str, float]]] = {who: [] for who in contenders}
        for turn in range(args.rounds + 1):
            for who in list(contenders)[:: 1 if turn % 2 else -1]:
                figure = wrk(folder / "wrk.lua", contenders[who], headers, args)
                log(name, turn, who, {key: round(value, 2) for key, value in figure.items()})
                if turn:  # the first warms up
                    figures[who].append(figure)
    report(name, figures)


def report(name: str, figures: dict[str, list[dict[str, float]]]) -> None:
    ours, theirs = figures.values()
    for who, rows in figures.items():
        emit({"part": name, "contender": who, **{key: spread([row[key] for row in rows]) for key in rows[0]}})
    emit({"part": name, "ratio": {key: ratios([a[key] for a in ours], [b[key] for b in theirs]) for key in ours[0]}})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--connections", type=int, default=64)
    args = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed (apt-get install wrk): there is nothing to measure with")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "wrk.lua").write_text(LUA)
        fill(folder)
        measure(folder, args)


def measure(folder: Path, args: argparse.Namespace) -> None:
    with api(folder) as server:
        _, said, body = fetch(server.url + PATH, {})
        header("api", connections=args.connections, seconds=args.seconds, rounds=args.rounds, bytes=len(body))
        compare(folder, "200", server, {}, args)
        compare(folder, "304", server, {"If-None-Match": dict(said)["etag"]}, args)
        compare(folder, "gzip", server, {"Accept-Encoding": "gzip"}, args)
    with api(folder, HOMEFEED_API_KEYS=f"bench:read:{KEY}") as server:
        compare(folder, "200 with a key", server, {"Authorization": f"Bearer {KEY}"}, args)


if __name__ == "__main__":
    main()
