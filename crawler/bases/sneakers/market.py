"""A market asked by its own API: a search, then for each good found the further answers that make up its market.

The answers about one good are read as one document, {"item": …, <name>: …}, so that a saved one reads like a live one.
An API's own terms and limits stand in for robots.txt, and no proxy ever carries its requests: quotas are kept.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import orjson
import scrapy
from scrapy.exceptions import CloseSpider

from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind
from crawler.bases.sneakers.sizes import style
from crawler.bases.standard import StandardSpider
from crawler.core.config import config
from crawler.core.models import Page
from crawler.core.verdicts import Verdict

Item = dict[str, Any]


class MarketSpider(StandardSpider):
    """`keyed`: without `<NAME>_API_KEY` there is no way in; else the site's pages are. `top`: goods of a search whose
    market is asked. `envelope`: names of which an answer has one. `slug_field`: which field of an item is the last part
    of the address of its page. `api_pace`: seconds between requests to the API where its rate is known; pages are asked
    at the usual pace."""

    api_url: str
    envelope: frozenset[str]
    slug_field: str
    keyed = False
    state_first = True
    top = 3
    api_pace: float | None = None

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.api = config().base_url(self.name) or self.api_url
        self.key = config().api_key(self.name)
        self.api_headers = self.headers()

    # what a spider fills

    def headers(self) -> dict[str, str]:
        """What proves who asks; {} where the operator gave nothing."""
        raise NotImplementedError

    def search_url(self, page: int) -> str:
        """Where one page of goods is asked for."""
        raise NotImplementedError

    def one_url(self, slug: str) -> str:
        """Where the good is asked for whose page has this last part of its address."""
        raise NotImplementedError

    def items(self, data: Any) -> list[Item]:
        """The goods of one answer."""
        raise NotImplementedError

    def steps(self, item: Item) -> dict[str, str]:
        """Name -> address of what more is asked about one good, in order."""
        raise NotImplementedError

    def good(self, item: Item) -> Facts:
        """One good of a search, which tells no market."""
        raise NotImplementedError

    def quoted(self, said: dict[str, Any]) -> Facts:
        """One good and its market, by all answers about it."""
        raise NotImplementedError

    # reading

    def kind(self, doc: Document) -> Kind:
        if not self._answer(doc):
            return super().kind(doc)
        return "product" if dig(doc.data, "item") else "listing"

    def product(self, doc: Document) -> list[Facts]:
        return [self.quoted(doc.data)] if self._answer(doc) else super().product(doc)

    def listing(self, doc: Document) -> list[Facts]:
        return [self.good(item) for item in self.items(doc.data)] if self._answer(doc) else super().listing(doc)

    def trusted(self, readers: list[Facts]) -> list[Facts]:
        """What is shown is left out: asks, bids and last sales stand side by side there."""
        return [facts for facts in super().trusted(readers) if facts.reader != "visible"]

    def _answer(self, doc: Document) -> bool:
        """Where there are no pages, even what is not JSON is the API's."""
        return doc.is_json or self.keyed

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if self._answer(doc) and not (isinstance(doc.data, dict) and self.envelope & doc.data.keys()):
            return Verdict.drifted, "unknown envelope"
        return super().nothing_read(doc, kind)

    # asking

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if self.api_headers:
            slugs = [urlsplit(url).path.rstrip("/").rpartition("/")[2] for url in self.url.split()]
            for slug in slugs:
                yield self._ask(self.one_url(slug), self.parse_items, wanted=slug)
            if not slugs:
                yield self._ask(self.search_url(1), self.parse_items, page=1)
        elif self.keyed:
            raise CloseSpider("no_key")
        else:
            async for request in super().start():
                yield request

    def _ask(self, url: str, callback: Any, **about: Any) -> scrapy.Request:
        meta: dict[str, Any] = {"dont_obey_robotstxt": True, "proxy": None, "dont_redirect": True}
        if self.api_pace is not None:
            meta["pace"] = self.api_pace
        return scrapy.Request(url, callback, headers=self.api_headers, errback=self.failed, cb_kwargs=about, meta=meta)

    def parse_items(
        self, response: scrapy.http.Response, page: int = 1, wanted: str = ""
    ) -> Iterator[Page | scrapy.Request]:
        doc = Document.from_response(response)
        read = self.read(doc, page)
        found = self.items(doc.data) if read.page.verdict is Verdict.ok else []
        chosen = self.chosen(found, wanted)
        if not wanted or not chosen:
            yield read.page
        for item in chosen:
            yield from self._next_step({"item": item}, self.steps(item), doc)
        if read.next and not wanted and page < self.pages:
            yield self._ask(read.next, self.parse_items, page=page + 1)

    def chosen(self, found: list[Item], wanted: str) -> list[Item]:
        """Whose market is asked: the one wanted, else the one whose style code was searched for, else the first."""
        if wanted:
            return [item for item in found if self.slug(item) == wanted][:1]
        code = style(self.query)
        return [item for item in found if code and self.code(item) == code] or found[: self.details or self.top]

    def slug(self, item: Item) -> str:
        return str(item[self.slug_field])

    def code(self, item: Item) -> str | None:
        return style(item.get("sku") or item.get("styleId"))

    def parse_step(
        self, response: scrapy.http.Response, said: dict[str, Any], name: str, rest: dict[str, str]
    ) -> Iterator[Page | scrapy.Request]:
        doc = Document.from_response(response)
        if not doc.is_json or response.status != 200:
            yield self.read(doc).page
        else:
            yield from self._next_step({**said, name: doc.data}, rest, doc)

    def _next_step(self, said: dict[str, Any], rest: dict[str, str], doc: Document) -> Iterator[Page | scrapy.Request]:
        if rest:
            name, url = next(iter(rest.items()))
            rest = {key: value for key, value in rest.items() if key != name}
            yield self._ask(url, self.parse_step, said=said, name=name, rest=rest)
        else:
            yield self.read(Document(doc.url, orjson.dumps(said), way=doc.way)).page
