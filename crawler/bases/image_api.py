"""A picture source with an API: how its pages are asked for, and what one answer says.

A spider declares `base_url`, `terms` and `per_page`, and fills `api_url`, `items` and `design`; `scrapy read` runs the
same readers on a saved answer. An API's own terms and limits stand in for robots.txt, and no proxy ever carries its
requests: quotas are kept, not dodged.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import scrapy
from scrapy.exceptions import CloseSpider

from crawler.bases.document import Document
from crawler.bases.licence import attribution, attribution_html, plain
from crawler.bases.reading import ODD, Read
from crawler.bases.source import SourceSpider
from crawler.core.config import config
from crawler.core.models import Design, License, Page, Rendition
from crawler.core.odd import web
from crawler.core.terms import Terms
from crawler.core.verdicts import Verdict

ANSWERS_PER_PAGE = 10  # an API that answers a page in parts may take this many at most


class Refused(Exception):
    """One item that may not or can't be shown; `reason` is counted."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ImageApiSpider(SourceSpider):
    """`per_page`: items asked for at once. A source whose `terms.keyed` is set needs `<NAME>_API_KEY`."""

    terms: Terms
    per_page: int

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.key = config().api_key(self.name)

    # what a spider fills

    def api_url(self, page: int) -> str:
        """Where one page of results is asked for."""
        raise NotImplementedError

    def items(self, data: Any) -> Iterable[dict[str, Any]]:
        """The pictures of one answer, as the source words them."""
        raise NotImplementedError

    def design(self, item: dict[str, Any]) -> Design:
        """One picture, by `self.make`. Raises Refused."""
        raise NotImplementedError

    def api_error(self, data: Any) -> tuple[Verdict, str] | None:
        """What an answer says went wrong, whatever its status."""
        return None

    def next_page(self, data: Any, page: int) -> str | None:
        """Where the next page is, if this answer says there is one."""
        raise NotImplementedError

    def complete(self, data: Any) -> bool:
        """Whether an answer is the whole page; False when `next_page` brings the rest of it."""
        return True

    def headers(self) -> dict[str, str]:
        return {"Accept": "application/json"}

    # reading

    def read(self, doc: Document, page: int = 1) -> Read:
        verdict, reason = self.verdict(doc)
        result = Read(Page(self.name, doc.url, verdict, reason, fetched_at=time.time()))
        if verdict is Verdict.ok:
            self._read_ok(doc.data, result, page)
        return result

    def verdict(self, doc: Document) -> tuple[Verdict, str]:
        """The API's own word first: it says more than a status does."""
        said = self.api_error(doc.data) if isinstance(doc.data, dict) else None
        if said:
            return said
        if doc.status == 429:
            return Verdict.blocked, f"rate limit; retry after {doc.headers.get('retry-after', 'unknown')} s"
        if doc.status in (401, 403):
            return Verdict.blocked, f"not authorised: status {doc.status}"
        if doc.status < 400 and not isinstance(doc.data, dict):
            return Verdict.error, "not JSON"
        return doc.verdict

    def _read_ok(self, data: Any, result: Read, page: int) -> None:
        dropped = Counter[str]()
        try:
            items, result.page.complete = list(self.items(data)), self.complete(data)
            result.next = self.next_page(data, page)
        except ODD as error:
            result.page.verdict, result.page.reason = Verdict.drifted, f"unknown shape: {error}"
            return
        result.page.designs = self._designs(items, result.page.fetched_at, dropped)
        result.page.dropped = dict(dropped)
        if not result.page.designs and result.page.complete:
            result.page.verdict = Verdict.drifted if dropped["odd_item"] else Verdict.empty
            result.page.reason = "no pictures" if not items else "no picture that may be shown"

    def _designs(self, items: list[dict[str, Any]], at: float, dropped: Counter[str]) -> list[Design]:
        designs: dict[str, Design] = {}
        for item in items:
            try:
                design = self.design(item)
            except Refused as refused:
                dropped[refused.reason] += 1
                continue
            except ODD:
                dropped["odd_item"] += 1
                continue
            design.fetched_at = at
            if designs.setdefault(design.id, design) is not design:
                dropped["repeated"] += 1
        return list(designs.values())

    def make(
        self, key: Any, url: str | None, renditions: list[Rendition], license: License | None, *, title: Any = None,
        author: Any = None, author_url: str | None = None, width: Any = None, height: Any = None,
        tags: Iterable[Any] = (), thumbnail: str | None = None, via: str | None = None,
    ) -> Design:  # fmt: skip
        """A design with its credit, from values as a source gives them. Raises Refused without id, page, picture or
        licence."""
        renditions = [r for r in renditions if web(r.url)]
        for reason, missing in (("no_id", not key), ("no_url", not web(url)), ("no_picture", not renditions),
                                ("no_license", license is None)):  # fmt: skip
            if missing:
                raise Refused(reason)
        assert url is not None
        assert license is not None
        title, author, site = plain(title), plain(author), via or self.terms.name
        author_url = author_url if web(author_url) else None
        return Design(
            id=f"{self.name}:{key}", source=self.name, url=url, renditions=renditions, license=license, title=title,
            author=author, author_url=author_url, width=side(width), height=side(height),
            tags=list(dict.fromkeys(t for t in map(plain, tags) if t))[:40],
            thumbnail=thumbnail if web(thumbnail) else None, attribution=attribution(title, author, license, site),
            attribution_html=attribution_html(title, author, license, site, page=url, author_url=author_url,
                                              home=self.terms.home),
        )  # fmt: skip

    # crawling

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if self.terms.keyed and not self.key:
            raise CloseSpider("no_key")
        yield self._request(self.api_url(1), page=1, answers=1)

    def _request(self, url: str, page: int, answers: int) -> scrapy.Request:
        return scrapy.Request(url, errback=self.failed, headers=self.headers(),
                              cb_kwargs={"page": page, "answers": answers},
                              meta={"dont_obey_robotstxt": True, "proxy": None})  # fmt: skip

    def parse(self, response: scrapy.http.Response, page: int = 1, answers: int = 1) -> Iterator[Page | scrapy.Request]:
        read = self.read(Document.from_response(response), page)
        yield read.page
        following = page + read.page.complete
        if read.next and following <= self.pages and answers < ANSWERS_PER_PAGE * self.pages:
            yield self._request(read.next, following, answers + 1)


def side(value: Any) -> int | None:
    """Pixels of one side, or None when the source gives no whole positive number."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 < number < 1_000_000 else None
