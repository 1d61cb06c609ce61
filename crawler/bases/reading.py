"""One page read, live or from a file, and the JSON that `scrapy read` prints of it."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from crawler.bases.document import Document
from crawler.core.models import Page
from crawler.core.public import design_json, product_json

ODD = (AttributeError, IndexError, KeyError, TypeError, ValueError)  # what a field of another type than ever leads to


class Read(msgspec.Struct):
    """A page's readings, the next page of its listing and the product pages it names."""

    page: Page
    next: str | None = None
    details: list[str] = []


class Reader(Protocol):
    def read(self, doc: Document, page: int = 1) -> Read: ...


def read_saved(
    spider: Reader, body: bytes, url: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """`{"verdict", "reason", "items", "requests", "dropped"}` of one saved page."""
    read = spider.read(Document(url, body, status, headers))
    page = read.page
    items = [product_json(p) for p in page.products] + [design_json(d) for d in page.designs]
    requests = [{"url": u, "kind": "next"} for u in [read.next] if u] + [
        {"url": u, "kind": "detail"} for u in read.details
    ]
    return {"verdict": str(page.verdict), "reason": page.reason, "items": items, "requests": requests,
            "dropped": page.dropped}  # fmt: skip
