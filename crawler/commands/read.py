"""`scrapy read SPIDER FILE --url URL`: one saved page through verdict and parser, as JSON; writes nothing."""

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.bases.reading import read_saved


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] <spider> <file> --url <url>"

    def short_desc(self) -> str:
        return "Read a saved page through a spider's verdict and parser, and print what it says as JSON"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="where the page was found")
        parser.add_argument("--status", type=int, default=200, help="its HTTP status (default: 200)")
        parser.add_argument("--header", action="append", default=[], metavar="NAME:VALUE", help="a response header")
        parser.add_argument("--json", action="store_true", help="accepted; the output always is JSON")

    def run(self, args: list[str], opts: Any) -> None:
        spider, body = self._spider(args), _body(args)
        if not opts.url:
            raise UsageError("--url: say where the page was found", print_help=False)
        if not 100 <= opts.status <= 599:
            raise UsageError(f"--status: {opts.status} is no HTTP status", print_help=False)
        headers = {k.strip().lower(): v.strip() for k, _, v in (h.partition(":") for h in opts.header)}
        result = read_saved(spider, body, opts.url, opts.status, headers)
        sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode() + "\n")

    def _spider(self, args: list[str]) -> Any:
        if len(args) != 2:
            raise UsageError("give a spider and a file", print_help=False)
        assert self.settings is not None
        from scrapy.spiderloader import get_spider_loader

        loader = get_spider_loader(self.settings)
        if args[0] not in loader.list():
            raise UsageError(f"spider: no {args[0]!r}; there are {', '.join(sorted(loader.list()))}", print_help=False)
        return loader.load(args[0])()


def _body(args: list[str]) -> bytes:
    try:
        return Path(args[1]).read_bytes()
    except OSError as error:
        raise UsageError(f"file: {error.strerror}: {args[1]}", print_help=False) from error
