"""`homefeed up`: workers, scheduler and API of one machine, watched until Ctrl-C."""

import asyncio
import sys
from contextlib import suppress

import typer

from crawler.core.config import config
from crawler.supervisor.leftovers import sole_parent
from crawler.supervisor.up import UP, up


def command() -> None:
    """Run everything on this machine: workers, scheduler, API and page."""
    with sole_parent(config().data_dir) as folder:
        code = asyncio.run(up(folder, tell))
    if code:
        raise typer.Exit(code)


def tell(who: str, line: str) -> None:
    """What `up` itself says goes to standard output, what its processes say to standard error. Nothing when nobody
    reads any more: they must still be stopped in order."""
    out = sys.stdout if who == UP else sys.stderr
    with suppress(BrokenPipeError):
        out.write(f"{line}\n" if who == UP else f"{who:<9} │ {line}\n")
        out.flush()
