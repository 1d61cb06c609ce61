"""Fifty different searches at once through proxies of which a third fail and a tenth answer 403.

    python bench/proxied.py [--waves 3]

A real API process and three workers with the full pipeline (URL and picture checks off), two local shops asked every
50 ms by all workers together, thirty local proxies: ten that fail (hang up, refuse, or answer 502), three that answer
403 with a block page, seventeen good ones. Nothing may go past the proxies (HOMEFEED_WAYS=proxy, no fall-back).
`with_results` ended as `done` with items. Per proxy what it was asked: the good ones should share the work, the others
rest. Per shop what it saw: `most_per_s` pages in any second, against what its pace allows. `slope_mb` is what the last
wave added to each process.
"""

import argparse
import asyncio
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import emit, header, percentiles
from bench.system import System, ready, running, search, summary
from tests.local_proxies import REFUSED_PORT, Proxy, proxies

SEARCHES, WORKERS, PACE_S, SETTLE_S = 50, 3, 0.05, 2.0
TEMPERS = ["drops"] * 4 + ["gateway"] * 3 + ["blocks"] * 3 + ["good"] * 17
REFUSING = 3  # more that fail: nobody listens there


async def main(waves: int) -> None:
    taken = []
    with tempfile.TemporaryDirectory() as name, proxies(*TEMPERS) as running_proxies:
        urls = [proxy.url for proxy in running_proxies]
        urls += [f"http://127.0.0.1:{REFUSED_PORT + n}" for n in range(REFUSING)]
        more = {"HOMEFEED_PROXIES": ",".join(urls), "HOMEFEED_WAYS": "proxy", "HOMEFEED_PROXY_FALLBACK": "none"}
        with running(Path(name), WORKERS, PACE_S, SEARCHES * waves, **more) as system:
            async with aiohttp.ClientSession(system.url, timeout=aiohttp.ClientTimeout(None)) as session:
                await ready(session, system)
                for wave in range(waves):
                    numbers = range(wave * SEARCHES, (wave + 1) * SEARCHES)
                    ended = await asyncio.gather(*(search(session, n) for n in numbers))
                    emit({"wave": wave + 1, **summary(list(ended))})
                    await asyncio.sleep(SETTLE_S)
                    taken.append(system.rss_mb())
            emit({"proxies": asked(running_proxies)})
            emit({"shops": [await seen(port) for port in system.shops]})
    emit({"rss_mb": taken[-1], "slope_mb": slope(system, taken)})


def asked(found: list[Proxy]) -> dict[str, Any]:
    """Requests per proxy by its temper."""
    tempers = dict.fromkeys(proxy.temper for proxy in found)
    return {temper: percentiles([float(p.asked) for p in found if p.temper == temper], 0) for temper in tempers}


async def seen(port: int) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/times") as answer:
        times: list[float] = await answer.json()
    most = max(sum(1 for t in times[i:] if t < start + 1.0) for i, start in enumerate(times))
    gaps = sorted(b - a for a, b in pairwise(times))
    return {"pages": len(times), "most_per_s": most, "allowed_per_s": round(1 / PACE_S) + 1,
            "least_gap_ms": round(gaps[0] * 1000, 1), "gap_ms": percentiles([g * 1000 for g in gaps])}  # fmt: skip


def slope(system: System, taken: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(taken[-1][name] - taken[-2][name], 1) for name in system.pids} if len(taken) > 1 else {}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=3)
    header("proxied", pace_s=PACE_S, workers=WORKERS, proxies=len(TEMPERS) + REFUSING)
    asyncio.run(main(parser.parse_args().waves))
