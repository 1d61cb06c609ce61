"""`python -m crawler.cli` is `homefeed`."""

from crawler.cli import app

app()
