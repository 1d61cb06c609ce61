"""`homefeed compare`: one product or one query across shops, live as each answers, and a table of what they have."""

import asyncio
import sys
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from crawler.cli import INTERRUPTED
from crawler.cli._following import CLIENT, Interrupted, check, followed
from crawler.cli._tables import shops_table, sizes_table
from crawler.core.compare import ask, at_hand, compared, state, stored
from crawler.core.config import config
from crawler.core.errors import InputError
from crawler.core.models import Job, Product
from crawler.core.queue import Queue
from crawler.core.searches import folded
from crawler.core.shared import Shared
from crawler.core.store import Store


def command(
    query: Annotated[str, typer.Argument(help="words, e.g. 'oak desk', or a style code")] = "",
    product: Annotated[str | None, typer.Option(help="a stored product, e.g. stockx:DD1391-100")] = None,
    source: Annotated[list[str] | None, typer.Option(help="only this shop; may be repeated")] = None,
    limit: Annotated[float, typer.Option(min=0.5, max=30, help="seconds each shop has")] = 5.0,
    size: Annotated[str | None, typer.Option(help="only this size, e.g. 'US M 9'")] = None,
    location: Annotated[str | None, typer.Option(help="where to deliver")] = None,
    country: Annotated[str | None, typer.Option(help="of shops that sell in several, e.g. de")] = None,
    json: Annotated[bool, typer.Option("--json", help="machine output")] = False,
) -> None:
    """Ask every shop at once; exit code 1 when none has it."""
    if bool(folded(query)) == bool(product):
        raise InputError("query", "give words, or --product with the id of a stored product, one of them")
    if size is not None and not folded(size):
        raise InputError("size", "must name one, as shops do, e.g. 'US M 9'")
    args = {name: value for name, value in (("location", location), ("country", country)) if value}
    try:
        found = asyncio.run(_compare(query, product, source or [], limit, size, args, quiet=json))
    except (KeyboardInterrupt, Interrupted):
        sys.stderr.write("homefeed: the comparison was cancelled\n")
        raise typer.Exit(INTERRUPTED) from None
    _print(found, json)
    if not found["results"]:
        raise typer.Exit(1)


async def _compare(
    query: str, about: str | None, sources: list[str], limit: float, size: str | None, args: dict[str, str], quiet: bool
) -> dict[str, Any]:
    """The comparison as `--json` prints it. Raises HomefeedError."""
    shared = Shared(config())
    await shared.enter()
    try:
        queue, store = await shared.queue(), await shared.store()
        await check(queue, "products", sources)
        product = await stored(store, about, "product") if about else None
        job = await ask(queue, query, product, sources=sources, limit_s=limit, client=CLIENT, args=args)
        return await _result(queue, store, await followed(queue, job.id, quiet), product, size)
    finally:
        await shared.leave()


async def _result(queue: Queue, store: Store, job: Job, product: Product | None, size: str | None) -> dict[str, Any]:
    records, answered = await at_hand(queue, store, job, product)
    fees = {source.name: source.fees for source in await queue.sources()}
    shown = compared(job, records, answered, product, config().currency, size, fees)
    sources = [msgspec.structs.asdict(progress) for progress in job.progress.values()]
    return state(job) | {"sources": sources} | shown


def _print(found: dict[str, Any], json: bool) -> None:
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    console = Console()
    for source in found["sources"]:
        if source["status"] != "ok":
            console.print(f"{source['name']}: {source['status']} {source['reason']}".rstrip(), markup=False)
    for title, shops in (("", found["results"]), ("only alike, for you to judge", found["suggestions"])):
        if shops:
            console.print(shops_table(shops, title))
    if found["sizes"]:
        console.print(sizes_table(found["sizes"]))
    console.print(f"{_counted(len(found['results']))} it, {found['ms']} ms", markup=False)


def _counted(shops: int) -> str:
    return {0: "no shop has", 1: "1 shop has"}.get(shops, f"{shops} shops have")
