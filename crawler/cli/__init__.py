"""`homefeed`: the operator's tool. Every module here that has a `command` is the command of its name."""

import sys
from importlib import import_module
from pkgutil import iter_modules

import typer

from crawler.core.errors import ConfigError, HomefeedError, InputError

INTERRUPTED = 130  # exit code after Ctrl-C


def commands() -> typer.Typer:
    """Every command, as it is found."""
    found = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="homefeed: the operator's tool; `scrapy` stays the way to run a spider.",
    )
    found.callback()(_root)
    for name in sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")):
        command = getattr(import_module(f"{__name__}.{name}"), "command", None)
        if command:
            found.command(name)(command)
    return found


def _root() -> None:
    pass


def app() -> None:
    """Entry point: an error raised on purpose is one clear line and exit code 1, or 2 when what was given is wrong."""
    try:
        commands()()
    except HomefeedError as error:
        sys.stderr.write(f"homefeed: {error}\n")
        raise SystemExit(2 if isinstance(error, (ConfigError, InputError)) else 1) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
