"""`homefeed worker`: takes jobs until told to end."""

from enum import StrEnum
from typing import Annotated

import typer


class Kind(StrEnum):
    crawl = "crawl"


def command(
    kind: Annotated[Kind, typer.Option(help="what it does")] = Kind.crawl,
    attached: Annotated[bool, typer.Option("--attached", help="end with standard input")] = False,
) -> None:
    """Take crawl jobs, many at once, until SIGTERM; any number of workers share the line."""
    from crawler.jobs import worker

    worker.run(attached)
