"""`scrapy record SPIDER URL`: fetch a page and save it as the start of a fixture."""

import argparse
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import scrapy
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.bases.reading import read_saved

KEEP = ("content-type", "content-length", "location", "retry-after", "server")


class Command(ScrapyCommand):
    requires_project = True

    def syntax(self) -> str:
        return "[options] <spider> <url>"

    def short_desc(self) -> str:
        return "Save a page as a test fixture: request, page, and what the spider makes of it to be checked by eye"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--case", help="name of the fixture folder (default: from the URL)")
        parser.add_argument("--into", default="tests/fixtures", help="where fixtures live (default: %(default)s)")

    def run(self, args: list[str], opts: Any) -> None:
        if len(args) != 2 or urlsplit(args[1]).scheme not in ("http", "https"):
            raise UsageError("give a spider and an http(s) URL", print_help=False)
        assert self.crawler_process is not None
        name, url = args
        if name not in self.crawler_process.spider_loader.list():
            raise UsageError(f"spider: no {name!r}", print_help=False)
        folder = Path(opts.into) / name / (opts.case or slug(url))
        spider = self.crawler_process.spider_loader.load(name)

        def save(self: Any, response: scrapy.http.Response) -> None:
            write_fixture(folder, spider(), response)
            self.logger.info("Saved %s: check expected.json by eye", folder)

        async def start(self: Any) -> Any:
            yield scrapy.Request(url, dont_filter=True, callback=self.parse)

        recorder = type("Recorder", (spider,), {"name": name, "parse": save, "start": start})
        self.crawler_process.crawl(recorder, url=url)
        self.crawler_process.start()
        if not (folder / "expected.json").exists():
            self.exitcode = 1


def slug(url: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", urlsplit(url).path.lower()).strip("-")[-60:] or "home"


def write_fixture(folder: Path, spider: Any, response: scrapy.http.Response) -> None:
    """`request.json`, `page.html|json` and an `expected.json` holding what the spider read."""
    headers = {k.decode().lower(): v[-1].decode("latin-1") for k, v in response.headers.items()}
    headers = {k: v for k, v in headers.items() if k in KEEP}
    suffix = "json" if "json" in headers.get("content-type", "") else "html"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"page.{suffix}").write_bytes(response.body)
    request = {"url": response.url, "status": response.status, "headers": headers}
    read = read_saved(spider, response.body, response.url, response.status, headers)
    expected = {"verdict": read["verdict"], "count": len(read["items"]), "items": read["items"]}
    for stem, value in (("request", request), ("expected", expected)):
        (folder / f"{stem}.json").write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
