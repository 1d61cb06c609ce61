"""`homefeed api`: the HTTP API and the page."""

import json
import sys
from typing import Annotated

import typer

from crawler.core.config import config


def command(
    attached: Annotated[bool, typer.Option("--attached", help="end when standard input closes")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="machine output")] = False,
) -> None:
    """Serve the HTTP API and the page until Ctrl-C."""
    from api.server.serve import serve  # here, so that the other commands start without FastAPI

    def told(url: str) -> None:
        sys.stdout.write(json.dumps({"url": url}) + "\n" if as_json else f"homefeed serves at {url}\n")
        sys.stdout.flush()

    serve(config(), told, attached=attached)
