"""`homefeed search`: one search by the running workers, live per source, and a table of what it found."""

import asyncio
import sys
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from crawler.cli import INTERRUPTED
from crawler.cli._following import CLIENT, Interrupted, check, followed
from crawler.cli._tables import designs_table, products_table
from crawler.core.config import config
from crawler.core.errors import InputError
from crawler.core.models import Job
from crawler.core.public import design_json, product_json
from crawler.core.queue import Queue
from crawler.core.searches import folded
from crawler.core.shared import Shared
from crawler.core.store import Store

SHOWN = 50  # rows of the table
FOUND = 10_000


class Kind(StrEnum):
    products = "products"
    designs = "designs"


def command(
    kind: Annotated[Kind, typer.Argument(help="what to look for")],
    query: Annotated[str, typer.Argument(help="words, e.g. 'green sofa'")],
    pages: Annotated[int | None, typer.Option(min=1, max=50, help="result pages to read of each source")] = None,
    source: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    location: Annotated[str | None, typer.Option(help="where to deliver")] = None,
    country: Annotated[str | None, typer.Option(help="of shops that sell in several, e.g. de")] = None,
    json: Annotated[bool, typer.Option("--json", help="machine output")] = False,
) -> None:
    """Search the sources now; exit code 1 when nothing was found."""
    if not folded(query):
        raise InputError("query", "must hold at least one word")
    given = {"pages": pages, "location": location, "country": country}
    args = {name: str(value) for name, value in given.items() if value}
    try:
        found = asyncio.run(_search(kind, query, source or [], args, quiet=json))
    except (KeyboardInterrupt, Interrupted):
        sys.stderr.write("homefeed: the search was cancelled\n")
        raise typer.Exit(INTERRUPTED) from None
    _print(kind, found, json)
    if not found["results"]:
        raise typer.Exit(1)


async def _search(kind: Kind, query: str, sources: list[str], args: dict[str, str], quiet: bool) -> dict[str, Any]:
    """The search as `--json` prints it. Raises HomefeedError."""
    shared = Shared(config())
    await shared.enter()
    try:
        queue, store = await shared.queue(), await shared.store()
        await check(queue, kind, sources)
        job, _ = await queue.submit(kind.value, query, sources=sources, args=args, client=CLIENT)
        return await _result(queue, store, kind, await followed(queue, job.id, quiet))
    finally:
        await shared.leave()


async def _result(queue: Queue, store: Store, kind: Kind, job: Job) -> dict[str, Any]:
    ids = await queue.found(job.id, 0, FOUND)
    if kind == "products":
        records = await store.records(ids)
        results = [product_json(records[id_].product) for id_ in ids if id_ in records]
    else:
        designs = await store.designs(ids)
        results = [design_json(designs[id_]) for id_ in ids if id_ in designs]
    sources = [msgspec.structs.asdict(progress) for progress in job.progress.values()]
    return {"id": job.id, "state": job.state, "reason": job.reason, "sources": sources, "results": results}


def _print(kind: Kind, found: dict[str, Any], json: bool) -> None:
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    console, results = Console(), found["results"]
    for source in found["sources"]:
        if source["status"] != "ok":
            console.print(f"{source['name']}: {source['status']} {source['reason']}".rstrip(), markup=False)
    if results:
        console.print((products_table if kind == "products" else designs_table)(results[:SHOWN]))
    more = f", the first {SHOWN} are shown" if len(results) > SHOWN else ""
    ended = "" if found["state"] == "done" else f" ({found['state']}: {found['reason']})"
    console.print(f"{len(results)} found{more}{ended}", markup=False)
