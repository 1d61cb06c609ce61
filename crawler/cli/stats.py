"""`homefeed stats`: the line, the workers, what is stored and how each source's last run went."""

import asyncio
import sys
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from crawler.core.config import config
from crawler.core.models.jobs import WorkerInfo
from crawler.core.public import iso
from crawler.core.shared import Shared
from crawler.core.store import SourceRun, Store

RUNS = 1_000  # newest runs that are looked at


def command(json: Annotated[bool, typer.Option("--json", help="machine output")] = False) -> None:
    """Say what waits, who works, what is stored and how each source's last run went."""
    found = asyncio.run(survey())
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        _print(found)


async def survey() -> dict[str, Any]:
    """What `--json` prints. Raises HomefeedError."""
    shared = Shared(config())
    await shared.enter()
    try:
        queue, store = await shared.queue(), await shared.store()
        names = [source.name for source in await queue.sources()]
        return {
            "waiting": await queue.waiting(),
            "workers": [_worker(worker) for worker in await queue.workers()],
            "store": await store.counts(),
            "sources": await _sources(store, names),
        }
    finally:
        await shared.leave()


async def _sources(store: Store, names: list[str]) -> list[dict[str, Any]]:
    """Every source that a worker told of or that ran, with its newest run."""
    newest: dict[str, SourceRun] = {}
    for run in await store.runs(limit=RUNS):
        newest.setdefault(run.source, run)
    return [_source(name, newest.get(name)) for name in sorted({*names, *newest})]


def _source(name: str, run: SourceRun | None) -> dict[str, Any]:
    run = run or SourceRun(name, 0.0, 0.0, "never run")
    return {"name": name, "status": run.status, "reason": run.reason, "last_run": iso(run.finished_at),
            "seconds": round(run.finished_at - run.started_at, 3), "pages": run.pages, "items": run.items}  # fmt: skip


def _worker(worker: WorkerInfo) -> dict[str, Any]:
    return msgspec.structs.asdict(worker) | {"started_at": iso(worker.started_at), "seen_at": iso(worker.seen_at)}


def _print(found: dict[str, Any]) -> None:
    console = Console()
    stored = ", ".join(f"{count} {name}" for name, count in found["store"].items())
    console.print(f"{found['waiting']} jobs wait; {len(found['workers'])} workers live; stored: {stored}", markup=False)
    for worker in found["workers"]:
        console.print(f"  worker {worker['id']}: {worker['jobs']} jobs now, {worker['crawls']} crawls, "
                      f"{worker['rss_mb']:.0f} MB, since {worker['started_at']}", markup=False)  # fmt: skip
    table = Table("source", "status", "last run", "seconds", "pages", "items", "why")
    for source in found["sources"]:
        fields = ("name", "status", "last_run", "seconds", "pages", "items", "reason")
        table.add_row(*("" if source[field] is None else str(source[field]) for field in fields))
    console.print(table)
