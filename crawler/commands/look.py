"""`scrapy look URL-or-FILE`: what structured data a page offers, what each reader makes of it, and where the values
stand that a reader misses. It proposes; it never writes."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import scrapy
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from crawler.bases import structured, visible
from crawler.bases.document import Document
from crawler.bases.facts import Facts, vote
from crawler.bases.proposals import proposals
from crawler.bases.reading import ODD
from crawler.core.public import product_json


class Command(ScrapyCommand):
    requires_project = True

    def syntax(self) -> str:
        return "[options] <url or file>"

    def short_desc(self) -> str:
        return "Show what structured data a page offers and what each reader makes of it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="where a saved file was found")
        parser.add_argument("--spider", metavar="NAME", help="read the page as this spider does")
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def run(self, args: list[str], opts: Any) -> None:
        if len(args) != 1:
            raise UsageError("give one URL or file", print_help=False)
        live = urlsplit(args[0]).scheme in ("http", "https")
        doc = self._fetch(args[0]) if live else _file(args[0], opts.url)
        if doc is None:
            self.exitcode = 1
            return
        found = survey(doc, self._readers(doc, opts.spider) if opts.spider else None)
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n" if opts.json else report(found))

    def _readers(self, doc: Document, name: str) -> list[Facts]:
        """What the spider's own readers say of the page."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        if name not in loader.list():
            raise UsageError(f"--spider: no {name!r}; there are {', '.join(sorted(loader.list()))}", print_help=False)
        try:
            found: list[Facts] = loader.load(name)().product(doc)
        except ODD as error:
            sys.stderr.write(f"{name} can't read this page: {type(error).__name__}: {error}\n")
            return []
        return found

    def _fetch(self, url: str) -> Document | None:
        got: list[Document] = []

        class Look(scrapy.Spider):
            name = "look"

            async def start(self) -> Any:
                yield scrapy.Request(url, dont_filter=True)

            def parse(self, response: scrapy.http.Response) -> None:
                got.append(Document.from_response(response))

        assert self.crawler_process is not None
        self.settings.set("ITEM_PIPELINES", {}, priority="cmdline")  # type: ignore[union-attr]
        self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")  # type: ignore[union-attr]
        self.crawler_process.crawl(Look)
        self.crawler_process.start()
        return got[0] if got else None


def survey(doc: Document, own: list[Facts] | None = None) -> dict[str, Any]:
    """What the page offers, by kind of data, each reader's words on its product, and proposals where they miss
    something. `own`: the words of a spider's readers; the generic ones speak for those of them that are silent."""
    verdict, reason = doc.verdict
    seen = visible.product_facts(doc)
    generic = [*structured.product_facts(doc), *([seen] if seen else [])]
    readers = generic if own is None else own
    named = {facts.reader for facts in readers}
    product = vote(urlsplit(doc.url).hostname or "shop", readers)
    return {
        "url": doc.url,
        "verdict": str(verdict),
        "reason": reason,
        "offers": {
            "jsonld": [str(o.get("@type")) for o in doc.jsonld],
            "microdata": [str(o.get("@type") or o.get("type")) for o in doc.microdata],
            "opengraph": sorted(doc.opengraph),
            "states": {name: sorted(state)[:12] if isinstance(state, dict) else type(state).__name__
                       for name, state in doc.states.items()},
        },
        "readers": {f.reader: msgspec.to_builtins(f) for f in readers},
        "tiles": len(structured.list_facts(doc)),
        "product": product_json(product) if product else None,
        "proposals": msgspec.to_builtins(proposals(doc, readers, others=[f for f in generic if f.reader not in named])),
    }  # fmt: skip


def report(found: dict[str, Any]) -> str:
    """The survey for a person: a line per kind of data, a block per reader."""
    lines = [f"{found['url']}", f"verdict   {found['verdict']} {found['reason']}".rstrip()]
    lines += [f"{kind:<9} {_short(value)}" for kind, value in found["offers"].items()]
    lines.append(f"tiles     {found['tiles']}")
    for name, facts in found["readers"].items():
        lines.append(f"\n{name} says")
        lines += [f"  {k:<13} {_short(v)}" for k, v in facts.items() if k != "reader"]
    if found["product"]:
        lines.append("\ntogether")
        keys = ("id", "title", "price", "list_price", "currency", "availability", "image")
        lines += [f"  {k:<13} {_short(found['product'][k])}" for k in keys]
        lines.append(f"  {'confidence':<13} {found['product']['evidence']['confidence']}")
    return "\n".join([*lines, *_proposed(found["proposals"])]) + "\n"


def _proposed(found: list[dict[str, Any]]) -> list[str]:
    """A block of lines for each value that a reader misses."""
    lines = ["\nwhere missed values stand (for a person to judge; nothing is written)"] if found else []
    for proposal in found:
        lines.append(
            f"  {proposal['reader']} {proposal['trouble']} on {proposal['field']}; others: {proposal['value']}"
        )
        lines += [f"    seen at  {place}" for place in proposal["visible"]]
        lines += [f"    told at  {place}" for place in proposal["data"]]
    return lines


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 110 else text[:107] + "…"


def _file(path: str, url: str | None) -> Document:
    try:
        return Document(url or Path(path).absolute().as_uri(), Path(path).read_bytes())
    except OSError as error:
        raise UsageError(f"file: {error.strerror}: {path}", print_help=False) from error
