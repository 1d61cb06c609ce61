"""`homefeed sources`: every shop and picture source, how it is found and how its last run went."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from crawler.core.breaker import State
from crawler.core.cache import tags
from crawler.core.config import config
from crawler.core.drift.memory import Alarm
from crawler.core.drift.standings import accept as accept_sites
from crawler.core.drift.standings import standings, worst
from crawler.core.errors import BusAway, ConfigError
from crawler.core.models.jobs import SourceInfo
from crawler.core.public import iso
from crawler.core.shared import Shared, outdate
from crawler.core.store import SourceRun


class Source(msgspec.Struct):
    name: str
    kind: str  # products or designs
    routes: list[str]
    robots: str  # obeyed, ignored by the operator, or "terms": an API keeps its own instead
    status: str  # of the last run, or "never run"
    last_run: str | None = None
    pages: int = 0
    items: int = 0
    verdicts: dict[str, int] = {}
    coverage: dict[str, float] = {}
    state: str = "healthy"  # do its pages look as ever? else suspect or held
    reasons: list[str] = []
    since: str | None = None
    circuits: dict[str, State] | None = None  # its hosts that are not asked now; None while Redis is away
    fees: dict[str, object] = {}  # what a market takes beside the price, with the day it was read


def command(
    json: Annotated[bool, typer.Option("--json", help="machine output")] = False,
    accept: Annotated[str, typer.Option(help="take this source as its pages look now: what is usual starts anew")] = "",
) -> None:
    """List every source with its routes, the health of its last run, and whether it drifts."""
    if accept:
        sys.stdout.write(asyncio.run(take(accept)) + "\n")
        return
    found = asyncio.run(survey())
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        _print(found)


async def take(name: str) -> str:
    """What became of it, in one line."""
    shared = Shared(config())
    await shared.enter()
    try:
        sites = await accept_sites(await shared.store(), name)
        await outdate(shared, [tags.site(site) for site in sites])
    finally:
        await shared.leave()
    return f"{name}: {', '.join(sites)} taken as it is now" if sites else f"{name} is healthy: nothing to accept"


async def survey() -> list[Source]:
    from crawler.jobs.sources import describe, spiders  # here, so that the other commands start without Scrapy
    from crawler.project import project_settings

    known = [describe(spider) for spider in spiders(project_settings()).values()]
    shared = Shared(config())
    await shared.enter()
    try:
        store, circuits = await shared.store(), await _circuits(shared, known)
        odd = await standings(store)
        return [
            _source(info, await store.runs(info.name, limit=1), [s for s in odd if s.source == info.name], circuits)
            for info in known
        ]
    finally:
        await shared.leave()


async def _circuits(shared: Shared, known: list[SourceInfo]) -> dict[str, State] | None:
    """Of all hosts that are not asked now; None while Redis is away."""
    try:
        await shared.redis_url()
        told = await (await shared.breaker()).states(dict.fromkeys(host for info in known for host in info.hosts))
    except (BusAway, ConfigError):
        return None
    return {host: state for host, state in told.items() if state.state != "closed"}


def _source(info: SourceInfo, runs: list[SourceRun], odd: list[Alarm], circuits: dict[str, State] | None) -> Source:
    run = runs[0] if runs else SourceRun(info.name, 0.0, 0.0, "never run")
    return Source(
        info.name, info.kind, info.routes, info.robots, "no_key" if info.key == "missing" else run.status,
        iso(run.finished_at), run.pages, run.items, run.verdicts, run.coverage, worst(odd),
        [f"{s.site}: {reason}" for s in odd for reason in s.reasons], iso(min((s.at for s in odd), default=0.0)),
        None if circuits is None else {host: circuits[host] for host in info.hosts if host in circuits}, info.fees,
    )  # fmt: skip


def _print(found: list[Source]) -> None:
    table = Table()
    for name in ("source", "kind", "routes", "robots", "status", "state", "last run", "items", "coverage"):
        table.add_column(name, no_wrap=name in ("source", "kind", "status", "state"))
    for s in found:
        weakest = sorted(s.coverage.items(), key=lambda pair: pair[1])[:3] if s.items else []
        coverage = ", ".join(f"{field} {share:.0%}" for field, share in weakest)
        routes = ", ".join(s.routes)
        table.add_row(s.name, s.kind, routes, s.robots, s.status, s.state, s.last_run or "", str(s.items), coverage)
    console = Console()
    console.print(table)
    for s in found:
        for reason in s.reasons:
            console.print(f"{s.name} is {s.state} since {s.since}: {reason}", markup=False)
        for host, state in (s.circuits or {}).items():
            left = f"for {state.seconds:.0f} s " if state.seconds else ""
            console.print(f"{s.name}: {host} is not asked {left}after {state.failures} failures: {state.reason}",
                          markup=False)  # fmt: skip
        if s.fees:
            console.print(f"{s.name} takes fees, as read on {s.fees.get('read_at')}: --json tells them", markup=False)
    if any(s.circuits is None for s in found):
        console.print("Redis does not answer: nobody knows which hosts are left alone", markup=False)
