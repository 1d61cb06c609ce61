"""`scrapy parse` on pages of readings: shows the items a user sees, and asks for no query, as the URL says it all."""

import argparse
from typing import Any

from scrapy.commands import parse

from crawler.extensions.singles import singles


class Command(parse.Command):
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            opts.spargs.setdefault("query", args[0])
        super().run(args, opts)

    def add_items(self, lvl: int, new_items: list[Any]) -> None:
        super().add_items(lvl, [single for item in new_items for single in singles(item)])
