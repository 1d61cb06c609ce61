"""`homefeed doctor`: what is configured, reachable and missing."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from crawler.core.bus import Bus
from crawler.core.config import Config, config
from crawler.core.errors import HomefeedError
from crawler.core.store import SCHEMA_VERSION, open_store
from crawler.core.valkey import embedded

TIME_LIMIT = 8.0  # seconds a check may take


class Finding(msgspec.Struct):
    """`state`: ok, missing (works without, less well) or broken."""

    name: str
    state: str
    says: str


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
    checks: dict[str, Callable[[Config], Awaitable[Finding]]] = {
        "python": _python, "data folder": _data_dir, "store": _store, "redis": _redis, "browser": _browser,
        "contact": _contact, "proxies": _proxies,
    }  # fmt: skip
    return [await _bounded(name, check, settings) for name, check in checks.items()]


async def _bounded(name: str, check: Callable[[Config], Awaitable[Finding]], settings: Config) -> Finding:
    try:
        return await asyncio.wait_for(check(settings), TIME_LIMIT)
    except TimeoutError:
        return Finding(name, "broken", f"no answer within {TIME_LIMIT:.0f} s")
    except HomefeedError as error:
        return Finding(name, "broken", str(error))


async def _python(_: Config) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok" if sys.version_info >= (3, 11) else "broken", version)


async def _data_dir(settings: Config) -> Finding:
    folder = settings.data_dir
    at = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if os.access(at, os.W_OK):
        return Finding("data folder", "ok", str(folder))
    return Finding("data folder", "broken", f"can't write to {at}; set HOMEFEED_DATA_DIR to a folder of yours")


async def _store(settings: Config) -> Finding:
    store = open_store(settings.store)
    await store.open()
    try:
        counts = ", ".join(f"{n} {name}" for name, n in (await store.counts()).items())
    finally:
        await store.close()
    return Finding("store", "ok", f"{without_secrets(settings.store)}, schema {SCHEMA_VERSION}: {counts}")


async def _redis(settings: Config) -> Finding:
    async with embedded(settings) as url:
        bus = Bus(url)
        try:
            await bus.open()
        finally:
            await bus.close()
        kind = "HOMEFEED_REDIS_URL" if settings.redis_url else "embedded Valkey"
        return Finding("redis", "ok", f"{kind} at {without_secrets(url)}")


async def _browser(_: Config) -> Finding:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path:
        return Finding("browser", "ok", path)
    return Finding("browser", "missing", "no Chromium: spiders that need a browser are skipped")


async def _contact(settings: Config) -> Finding:
    if settings.contact:
        return Finding("contact", "ok", settings.contact)
    return Finding(
        "contact", "missing", "set HOMEFEED_CONTACT (a URL or address): some sources refuse crawlers without one"
    )


async def _proxies(settings: Config) -> Finding:
    count = len(settings.names("proxies"))
    return Finding(
        "proxies", "ok" if count else "missing", f"{count} configured" if count else "none: requests go out directly"
    )


def without_secrets(url: str) -> str:
    """A URL fit to be shown: user and password replaced."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc="***@" + parts.netloc.rpartition("@")[2]).geturl()


def _print(findings: list[Finding]) -> None:
    table = Table(box=None, show_header=False)
    color = {"ok": "green", "missing": "yellow", "broken": "red"}
    for finding in findings:
        table.add_row(finding.name, f"[{color[finding.state]}]{finding.state}", finding.says)
    Console().print(table)
