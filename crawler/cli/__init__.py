"""`homefeed`: the operator's tool. One file per command; `scrapy` stays the way to run a spider."""

import sys

import typer

from crawler.cli import doctor, sources
from crawler.core.errors import HomefeedError

commands = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
commands.command("doctor")(doctor.command)
commands.command("sources")(sources.command)


@commands.callback()
def _root() -> None:
    pass


def app() -> None:
    """Entry point: an error raised on purpose is one clear line and exit code 1."""
    try:
        commands()
    except HomefeedError as error:
        sys.stderr.write(f"homefeed: {error}\n")
        raise SystemExit(1) from None
