"""Are published changes true, and is every real change published? Good pages of every retailer over simulated days, with
real changes put into them, mixed with everything that goes wrong: block pages, redesigns, pages cut short, amounts that
are no price, glitches, flapping stock. Beside it a plain tracker (status 200, JSON-LD or the first price, every
difference told) on the same pages.

    python bench/truth.py [--quick] [--verbose] [--retailer NAME ...] [--fault WORD ...]

The real path: readers, every stage of the settings in order, the drift gate, the SQLite store, second fetches, the
outbox; the clock and the network are not real. Goods are those of the fixtures and, where they are beside the checkout,
of the private captures. `--quick` leaves the captures out, and two thirds of the block pages. Exit 1 when a goal is missed: precision 1.000, recall 0.99,
an alarm in the first run of a redesign that readings suffer from, none without cause.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import emit, header, log
from bench.truth_world.cases import retailers
from bench.truth_world.faults import few, table
from bench.truth_world.outcome import Outcome
from bench.truth_world.sequence import run_retailer
from bench.truth_world.summary import goals, grouped, row, text_table

MOST = 8  # goods with pages of their own per retailer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fixtures only, fewer goods")
    parser.add_argument("--verbose", action="store_true", help="every false and every missed change in full")
    parser.add_argument("--retailer", action="append", help="only these")
    parser.add_argument("--fault", action="append", help="only faults with this word in their name")
    args = parser.parse_args()
    captures, most = not args.quick, 6 if args.quick else MOST
    names = args.retailer or retailers(captures)
    header("truth", retailers=len(names), quick=args.quick)
    started, found = time.monotonic(), dict[str, dict[str, Outcome]]()
    with ProcessPoolExecutor(2) as pool:
        jobs = {name: pool.submit(one, name, captures, most, args.fault or []) for name in names}
        for name, job in jobs.items():
            found[name] = job.result()
            log(f"{name}: {time.monotonic() - started:.0f} s")
    sys.exit(report(found, args.verbose, round(time.monotonic() - started, 1)))


def one(retailer: str, captures: bool, most: int, wanted: list[str]) -> dict[str, Outcome]:
    """All faults for one retailer; in a process of its own, since the clock is moved there."""
    from crawler.core.config import preset

    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        preset(HOMEFEED_VERIFY="false", HOMEFEED_DATA_DIR=folder)
        faults = table(captures) if captures else few(table(captures))
        faults = [f for f in faults if not wanted or any(word in f.name for word in wanted)]
        return run_retailer(retailer, captures, faults, Path(folder), most)


def report(found: dict[str, dict[str, Outcome]], verbose: bool, seconds: float) -> int:
    """Prints every line; 1 when a goal is missed."""
    by_fault: dict[str, dict[str, Outcome]] = defaultdict(dict)
    for retailer, outcomes in found.items():
        for name, outcome in outcomes.items():
            by_fault[name][retailer] = outcome
    rows = [row("fault", name, outcomes) for name, outcomes in by_fault.items()]
    rows += [row("retailer", name, outcomes) for name, outcomes in found.items()]
    everything = {f"{r} {f}": o for r, outcomes in found.items() for f, o in outcomes.items()}
    rows.append(row("total", "all", everything))
    for line in rows:
        emit(line.figures)
    if verbose:
        details(found)
    log(text_table([*grouped(by_fault), *rows[len(by_fault) :]]))
    missed = goals([*rows[: len(by_fault)], rows[-1]])
    emit({"seconds": seconds, "goals_missed": missed})
    return int(bool(missed))


def details(found: dict[str, dict[str, Outcome]]) -> None:
    """Every false and every missed change once, with the faults under which it came."""
    said: dict[str, list[str]] = defaultdict(list)
    for retailer, outcomes in found.items():
        for fault, outcome in outcomes.items():
            for line in outcome.said():
                said[f"{retailer} {line}"].append(fault)
    for line, faults in sorted(said.items()):
        log(line, f"[{', '.join(faults[:4])}{f' and {len(faults) - 4} more' if len(faults) > 4 else ''}]")


if __name__ == "__main__":
    main()
