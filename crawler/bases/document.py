"""One fetched page, parsed once and lazily, whatever reader asks. Knows nothing of Scrapy, so a saved file reads the
same as a live response."""

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import islice
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_to_unicode

from crawler.bases import embedded, structured
from crawler.bases.schema.identity import Identity, identity
from crawler.core.verdicts import Verdict, judge

UNCLOSED = 20_000  # tags; parsing time grows with the square of the depth


class Document:
    """`headers` has lower-case names. `url` is where the page was finally found, `asked` where it was looked for, `way`
    how it was fetched (`Page.way`)."""

    def __init__(
        self,
        url: str,
        body: bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        asked: str | None = None,
        way: str = "",
    ):
        self.url = url
        self.asked = asked or url
        self.body = body
        self.status = status
        self.headers = dict(headers or {})
        self.way = way

    @classmethod
    def from_response(cls, response: Any) -> "Document":
        headers = {k.decode("latin-1").lower(): v[-1].decode("latin-1") for k, v in response.headers.items() if v}
        chain = response.meta.get("redirect_urls") or [response.url]
        doc = cls(response.url, response.body, response.status, headers, chain[0], way(response.meta))
        if "verdict" in response.meta:
            doc.verdict = response.meta["verdict"]
        return doc

    @cached_property
    def verdict(self) -> tuple[Verdict, str]:
        """(verdict, reason); a live response brings the one its middleware came to."""
        return judge(self.status, self.headers, self.asked, self.url, self.body)

    @cached_property
    def text(self) -> str:
        return decoded(self.headers.get("content-type"), self.body)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(shallow(self.text))

    @cached_property
    def data(self) -> Any:
        """The body as JSON, or None when it is not JSON."""
        try:
            return orjson.loads(self.body)
        except ValueError:
            return None

    @cached_property
    def is_json(self) -> bool:
        return self.body[:200].lstrip()[:1] in (b"{", b"[") and self.data is not None

    @cached_property
    def jsonld(self) -> list[dict[str, Any]]:
        return structured.jsonld(self)

    @cached_property
    def microdata(self) -> list[dict[str, Any]]:
        return structured.microdata(self)

    @cached_property
    def opengraph(self) -> dict[str, str]:
        return structured.opengraph(self)

    @cached_property
    def identity(self) -> Identity:
        return identity(self)

    @cached_property
    def states(self) -> dict[str, Any]:
        """JSON the page carries for its own scripts, by name: `__NEXT_DATA__`, `__INITIAL_STATE__`, ..."""
        return embedded.states(self)


def way(meta: Mapping[str, Any]) -> str:
    """How a page was fetched, as `Page.way` says it."""
    session = meta.get("cookiejar")
    return f"{meta.get('way', 'direct')}#{session}" if session else str(meta.get("way", "direct"))


def decoded(content_type: str | None, body: bytes) -> str:
    """The text, in the charset its bytes are in where the one declared can't be true."""
    charset, text = html_to_unicode(content_type, body)
    if charset == "cp1252":
        try:
            return body.decode()
        except UnicodeDecodeError:
            return text
    if "\ufffd" in text and body.decode("utf-8", "ignore").isascii() and charset in ("utf-8", "utf8"):
        return body.decode("cp1252", "replace")
    return text


def shallow(text: str) -> str:
    """The page, cut where it has opened far more tags than it ever closes."""
    tags = text.count("<")
    if tags <= UNCLOSED or tags - 2 * text.count("</") <= UNCLOSED:
        return text
    openings = list(islice(re.finditer("<", text), UNCLOSED))
    return text[: openings[-1].start()]
