"""Pages read by the real spiders. A reader is pure but for the clock, so that the same bytes are read once and handed
out as copies with the time of their fetch."""

from functools import cache
from typing import Any, NamedTuple

import msgspec

from crawler.bases.document import Document
from crawler.core.models import Page, Product
from tests.reading import spiders


class Answer(NamedTuple):
    """What a site sends. `url` is where the page was found in the end, `asked` where it was looked for."""

    url: str
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    asked: str = ""

    def says(self, body: str) -> "Answer":
        return self._replace(body=body.encode())

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_json(self) -> bool:
        return self.body[:200].lstrip()[:1] in (b"{", b"[")


Args = tuple[tuple[str, Any], ...]
_pages = msgspec.msgpack.Decoder(Page)
_encode = msgspec.msgpack.Encoder().encode


@cache
def spider(retailer: str, args: Args = ()) -> Any:
    return spiders()[retailer](**{"query": "sofa", **dict(args)})


@cache
def _read(retailer: str, args: Args, answer: Answer) -> bytes:
    doc = Document(answer.url, answer.body, answer.status, dict(answer.headers), answer.asked or answer.url)
    return _encode(spider(retailer, args).read(doc).page)


def read(retailer: str, args: Args, answer: Answer, at: float = 0.0, way: str = "direct") -> Page:
    page = _pages.decode(_read(retailer, args, answer))
    page.fetched_at, page.way = at, way
    for product in page.products:
        product.evidence.fetched_at = at
    return page


def only(retailer: str, args: Args, answer: Answer) -> Product | None:
    """The one product of an `ok` page; None for any other page."""
    page = read(retailer, args, answer)
    return page.products[0] if page.verdict == "ok" and len(page.products) == 1 else None
