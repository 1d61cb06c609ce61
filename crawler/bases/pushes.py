"""What a page tells its statistics: `dataLayer.push({…})`, `gtag("event", "view_item", {…})`, `fbq("track", …, {…})`;
and JSON in the attributes of its elements (`data-product='{…}'`)."""

import html
import re
from collections.abc import Iterator
from typing import Any

import orjson

from crawler.bases.loose_js import value_at

CALLS, LOOSE = 30, 4  # of one page that are read, and those of them that are not JSON
CALL = 20_000  # characters of one
ATTRIBUTES, LONGEST = 60, 300_000  # attributes of one page that are read, characters of one
_CALL = re.compile(r"(?:dataLayer\.push|gtag|fbq|utag\.link)\(\s*(?:[\"'][\w ]{1,40}[\"']\s*,\s*){0,3}(?=\{)")
_ATTRIBUTE = re.compile(
    r"data-([\w-]{1,60})=(?:\"((?:\[\s*)?\{(?:&quot;|&#34;)[^\"]{2,300000})\"|'((?:\[\s*)?\{\"[^']{2,300000})')"
)


def pushed(text: str, left: list[int], loose: list[int]) -> Iterator[Any]:
    """The objects given to such calls in one script; `left` and `loose` count down over the page."""
    for match in _CALL.finditer(text):
        if left[0] <= 0:
            return
        left[0] -= 1
        value, _ = value_at(text[match.end() : match.end() + CALL], 0, loose)
        if isinstance(value, dict):
            yield value


def attributes(page: str) -> Iterator[tuple[str, Any]]:
    """(name without `data-`, value) of every attribute that holds JSON objects."""
    for match, _ in zip(_ATTRIBUTE.finditer(page), range(ATTRIBUTES), strict=False):
        try:
            yield match[1], orjson.loads(html.unescape(match[2] or match[3]))
        except ValueError:
            continue
