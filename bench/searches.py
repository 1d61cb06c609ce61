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
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import emit, header, log
from bench.system import Ended, ready, running, search, summary

FIRST, MORE = 50, 500
WORKERS = 2
PACE_S = 0.05
BUDGET_S = 150.0  # no new wave begins after that
SETTLE_S = 2.0


async def wave(session: aiohttp.ClientSession) -> tuple[list[Ended], list[Ended]]:
    """How the fifty ended, and the five hundred that came as soon as one of them had begun."""
    first = [asyncio.create_task(search(session, n)) for n in range(FIRST)]
    await asyncio.sleep(PACE_S * 4)
    more = [asyncio.create_task(search(session, n)) for n in range(FIRST, FIRST + MORE)]
    return list(await asyncio.gather(*first)), list(await asyncio.gather(*more))


async def main(waves: int) -> None:
    began, taken = time.monotonic(), []
    with tempfile.TemporaryDirectory() as name, running(Path(name), WORKERS, PACE_S, FIRST + MORE) as system:
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
