"""`homefeed doctor`: what is configured, reachable and missing."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from crawler.cli.checks import Finding, machine, serving
from crawler.core.config import Config, config
from crawler.core.errors import HomefeedError

TIME_LIMIT = 8.0  # seconds a check may take
CHECKS: dict[str, Callable[[Config], Awaitable[Finding]]] = {
    "python": machine.python, "data folder": machine.data_dir, "store": machine.store, "redis": machine.redis,
    "browser": machine.browser, "contact": machine.contact, "proxies": machine.proxies,
    "access": serving.access, "workers": serving.workers, "page": serving.page,
}  # fmt: skip


def command(json: Annotated[bool, typer.Option("--json", help="machine output")] = False) -> None:
    """Say what is configured, reachable and missing; exit code 1 when something is broken."""
    findings = asyncio.run(examine(config()))
    if json:
        sys.stdout.write(msgspec.json.encode(findings).decode() + "\n")
    else:
        _print(findings)
    if any(f.state == "broken" for f in findings):
        raise typer.Exit(1)


async def examine(settings: Config) -> list[Finding]:
    return [await bounded(name, check, settings) for name, check in CHECKS.items()]


async def bounded(name: str, check: Callable[[Config], Awaitable[Finding]], settings: Config) -> Finding:
    """A check that takes too long or can't be made found something broken."""
    try:
        return await asyncio.wait_for(check(settings), TIME_LIMIT)
    except TimeoutError:
        return Finding(name, "broken", f"no answer within {TIME_LIMIT:.0f} s")
    except HomefeedError as error:
        return Finding(name, "broken", str(error))


def _print(findings: list[Finding]) -> None:
    table = Table(box=None, show_header=False)
    color = {"ok": "green", "missing": "yellow", "broken": "red"}
    for finding in findings:
        table.add_row(finding.name, f"[{color[finding.state]}]{finding.state}", finding.says)
    Console().print(table)
