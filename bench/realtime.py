"""Live changes to many WebSocket clients, beside `websockets.broadcast` in the same run.

    python bench/realtime.py [--clients 1000] [--rounds 3] [--paced 50] [--flood 200]

Both servers are fed by the real change stream on one Valkey, and put the same bytes on the wire to the same light
clients; ours is the whole app (access, routes, relay), one process. Contenders run one after the other inside a round.
flood: all changes published at once, deliveries/s until the last client has the last; neighbours may share a write.
*_cpu_us: the server's processor time for one delivery, which a busy machine disturbs least.
single: each change is published when every client has the one before, so that nothing can be put together.
paced: 10 changes a second; from published (stored in the stream) to the client, p50 and p99.
kb_per_client: growth of the server's memory by idle, subscribed clients.
"""

import argparse
import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import HERE, PY, Child, emit, free_port, header, log, ratios, spread, wait_port
from crawler.core.bus import Bus
from crawler.core.config import Config
from crawler.core.models import Change
from crawler.core.valkey import acquire

SHOP = "bench"
FIGURES = (
    "flood_per_s",
    "flood_cpu_us",
    "single_per_s",
    "single_cpu_us",
    "paced_p50_ms",
    "paced_p99_ms",
    "kb_per_client",
)


def homefeed(port: int, url: str, folder: Path) -> Child:
    settings = {"HOMEFEED_PORT": port, "HOMEFEED_REDIS_URL": url, "HOMEFEED_DATA_DIR": folder,
                "HOMEFEED_RATE_READ": 1_000_000, "HOMEFEED_LOG_LEVEL": "WARNING"}  # fmt: skip
    env = os.environ | {name: str(value) for name, value in settings.items()}
    return Child([PY, "-m", "crawler.cli", "api"], env=env, cwd=HERE.parent, stdout=subprocess.DEVNULL)


def broadcast(port: int, url: str, folder: Path) -> Child:
    return Child([PY, HERE / "ws/rival.py", "--port", port, "--redis", url], cwd=folder)


SERVERS = {"homefeed": homefeed, "websockets broadcast": broadcast}


class Clients:
    """The process of light clients."""

    def __init__(self, port: int, number: int, *, silent: bool):
        argv = [PY, HERE / "ws/clients.py", "--port", port, "--clients", number, *(["--silent"] if silent else [])]
        self.child = Child(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.child.process.stdout.readline())
        return found

    def arm(self, wanted: int) -> None:
        self.child.process.stdin.write(f"{wanted}\n")
        self.child.process.stdin.flush()
        self.answer()


@contextlib.contextmanager
def clients(port: int, number: int, *, silent: bool) -> Iterator[Clients]:
    found = Clients(port, number, silent=silent)
    with found.child:
        yield found


def changes(number: int, label: str) -> list[Change]:
    """Their `old` is the time of publishing in ns: what clients measure by."""
    return [
        Change(id=f"{label}-{n}", product_id=f"{SHOP}:{n:06}", field="price", old=f"{time.time_ns():019}", new="9.00",
               currency="INR", observed_at=time.time(), confirmed="high_confidence")
        for n in range(number)
    ]  # fmt: skip


async def flood(bus: Bus, to: Clients, pid: int, number: int, size: int, label: str) -> dict[str, float]:
    to.arm(size * number)
    cpu, start = cpu_s(pid), time.time_ns()
    await bus.publish(changes(size, label))
    got = to.answer()
    assert got["got"] == size * number, got
    return rates("flood", got["got"], got["last_ns"] - start, cpu_s(pid) - cpu)


async def single(bus: Bus, to: Clients, pid: int, number: int, size: int, label: str) -> dict[str, float]:
    took, cpu = 0, cpu_s(pid)
    for n in range(size):
        to.arm(number)
        start = time.time_ns()
        await bus.publish(changes(1, f"{label}-{n}"))
        took += to.answer()["last_ns"] - start
    return rates("single", size * number, took, cpu_s(pid) - cpu)


def rates(name: str, deliveries: int, ns: int, cpu: float) -> dict[str, float]:
    return {f"{name}_per_s": deliveries / ns * 1e9, f"{name}_cpu_us": cpu / deliveries * 1e6}


async def paced(bus: Bus, to: Clients, number: int, size: int, label: str) -> dict[str, float]:
    to.arm(size * number)
    for n in range(size):
        await bus.publish(changes(1, f"{label}-{n}"))
        await asyncio.sleep(0.1)
    return to.answer()


def cpu_s(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def rss_kb(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() // 1024


async def measure(name: str, args: argparse.Namespace, url: str, bus: Bus, label: str) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        SERVERS[name](port := free_port(), url, Path(folder)) as server,
    ):
        wait_port(port)
        silent, pid, number = name != "homefeed", server.process.pid, args.clients
        with clients(port, 50, silent=silent) as warm:
            warm.answer()
            await flood(bus, warm, pid, 50, 20, f"{label}-warm")
        before = rss_kb(pid)
        with clients(port, number, silent=silent) as many:
            many.answer()
            time.sleep(0.5)
            idle = (rss_kb(pid) - before) / number
            await flood(bus, many, pid, number, 20, f"{label}-first")
            quiet = await paced(bus, many, number, args.paced, f"{label}-paced")
            one_by_one = await single(bus, many, pid, number, 50, f"{label}-single")
            at_once = await flood(bus, many, pid, number, args.flood, f"{label}-flood")
        figures = {"kb_per_client": idle, "paced_p50_ms": quiet["p50_ms"], "paced_p99_ms": quiet["p99_ms"]}
        return figures | one_by_one | at_once


async def run(args: argparse.Namespace, url: str) -> None:
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in SERVERS}
    bus = Bus(url)
    for turn in range(args.rounds):
        for name in list(SERVERS)[:: 1 if turn % 2 else -1]:
            rows[name].append(await measure(name, args, url, bus, f"{turn}-{name[:4]}"))
            log(turn, name, {k: round(v, 1) for k, v in rows[name][-1].items()})
    await bus.close()
    rival = rows["websockets broadcast"]
    for name, found in rows.items():
        emit({"contender": name, "clients": args.clients} | {f: spread([r[f] for r in found]) for f in FIGURES})
    for figure in FIGURES:
        emit(
            {"ratio_to_broadcast": figure, **ratios([r[figure] for r in rows["homefeed"]], [r[figure] for r in rival])}
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=1_000, help="a multiple of 50")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--paced", type=int, default=50)
    parser.add_argument("--flood", type=int, default=200)
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if args.clients + 200 > hard:
        sys.exit(f"--clients {args.clients}: this machine allows {hard} open files")
    header("realtime", clients=args.clients, rounds=args.rounds)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        lease = acquire(Config(data_dir=Path(folder)))
        try:
            asyncio.run(run(args, lease.url))
        finally:
            lease.release()


if __name__ == "__main__":
    main()
