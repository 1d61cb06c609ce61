"""`homefeed sources`: every shop and picture source, how it is found and how its last run went."""

import asyncio
import sys
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from crawler.core.config import config
from crawler.core.public import iso
from crawler.core.store import SourceRun, open_store


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


def command(json: Annotated[bool, typer.Option("--json", help="machine output")] = False) -> None:
    """List every source with its routes and the health of its last run."""
    found = asyncio.run(survey())
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        _print(found)


async def survey() -> list[Source]:
    store = open_store(config().store)
    await store.open()
    try:
        return [describe(spider, await store.runs(spider.name, limit=1)) for spider in spiders()]
    finally:
        await store.close()


def spiders() -> list[Any]:
    """Every spider class, as `scrapy list` finds them."""
    from scrapy.spiderloader import get_spider_loader

    from crawler.project import project_settings

    loader = get_spider_loader(project_settings())
    return [loader.load(name) for name in sorted(loader.list())]


def describe(spider: Any, runs: list[SourceRun]) -> Source:
    kind = "designs" if hasattr(spider, "terms") else "products"
    ignored = spider.name in config().names("robots_ignore")
    robots = "terms" if kind == "designs" else "ignored" if ignored else "obeyed"
    source = Source(spider.name, kind, list(getattr(spider, "routes", None) or ["api"]), robots, "never run")
    source.status = _key_status(spider) or (runs[0].status if runs else source.status)
    if not runs:
        return source
    run = runs[0]
    return msgspec.structs.replace(
        source, last_run=iso(run.finished_at), pages=run.pages,
        items=run.items, verdicts=run.verdicts, coverage=run.coverage,
    )  # fmt: skip


def _key_status(spider: Any) -> str | None:
    needs = getattr(getattr(spider, "terms", None), "keyed", False)
    return "no_key" if needs and not config().api_key(spider.name) else None


def _print(found: list[Source]) -> None:
    table = Table()
    for name in ("source", "kind", "routes", "robots", "status", "last run", "items", "coverage"):
        table.add_column(name, no_wrap=name in ("source", "kind", "status"))
    for s in found:
        weakest = sorted(s.coverage.items(), key=lambda pair: pair[1])[:3] if s.items else []
        coverage = ", ".join(f"{field} {share:.0%}" for field, share in weakest)
        routes = ", ".join(s.routes)
        table.add_row(s.name, s.kind, routes, s.robots, s.status, s.last_run or "", str(s.items), coverage)
    Console().print(table)
