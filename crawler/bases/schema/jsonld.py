"""JSON-LD as shops really write it: every object of a page, out of JSON that is often a little broken."""

import html
import json
import re
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from crawler.bases.document import Document

Thing = dict[str, Any]

_DECODER = json.JSONDecoder(strict=False)
_WRAPPING = re.compile(r"(?:/\*|//)?\s*(?:<!\[CDATA\[|\]\]>)\s*(?:\*/)?|<!--|-->")
_STRING = r'"(?:[^"\\]|\\.)*"'
_TRAILING_COMMA = re.compile(_STRING + r"|,(?=\s*(?:,|[}\]]))", re.S)
_BAD_ESCAPE = re.compile(r"""\\(["\\/bfnrt]|u[0-9a-fA-F]{4})|\\(?=(')|)""")
_INNER_QUOTE = re.compile(r'(?<=[^\s:,{\[\\])"(?=\s*[^\s:,}\]])|(?<=\d)"(?=\s*,\s*[^\s"{\[}\]])')


def jsonld(doc: "Document") -> list[Thing]:
    """Every top-level object in page order, `@graph` and lists flattened, `{"@id"}` references filled in once."""
    things: list[Thing] = []
    for script in doc.tree.css('script[type*="ld+json" i]'):
        for value in loads(script.text()):
            _flatten(value, things)
    return _linked(things)


def loads(text: str) -> list[Any]:
    """The JSON values of one script body; several in a row are read one by one, what stays unreadable is left out."""
    try:
        return [orjson.loads(text)]
    except ValueError:
        pass
    text = _WRAPPING.sub("", text).strip().rstrip(";")
    repairs = (_commas, _escapes, _entities, _quotes)
    values: list[Any] = _several(text)
    for repair in repairs:
        if values:
            break
        text = repair(text)
        values = _several(text)
    return values


def _several(text: str) -> list[Any]:
    values, at = [], 0
    while at < len(text):
        start = _next_value(text, at)
        if start < 0:
            break
        try:
            value, at = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        values.append(value)
    return values


def _next_value(text: str, at: int) -> int:
    starts = [i for i in (text.find("{", at), text.find("[", at)) if i >= 0]
    return min(starts, default=-1)


def _commas(text: str) -> str:
    return _TRAILING_COMMA.sub(lambda m: m[0] if m[0][0] == '"' else "", text)


def _escapes(text: str) -> str:
    return _BAD_ESCAPE.sub(lambda m: m[0] if m[1] else "" if m[2] else r"\\", text)


def _entities(text: str) -> str:
    return _commas(html.unescape(text)) if "&quot;" in text or "&#34;" in text else text


def _quotes(text: str) -> str:
    """Inches and the like: a quote that neither opens nor closes a string."""
    return _INNER_QUOTE.sub(r'\\"', text)


def _flatten(value: Any, things: list[Thing]) -> None:
    if isinstance(value, list):
        for item in value:
            _flatten(item, things)
    elif isinstance(value, dict):
        graph = value.get("@graph")
        if isinstance(graph, list | dict):
            _flatten(graph, things)
        if len(value) > (2 if "@context" in value else 1) or (value and not graph):
            things.append(value)


def _linked(things: list[Thing]) -> list[Thing]:
    index = {t["@id"]: t for t in things if isinstance(t.get("@id"), str) and len(t) > 1}
    return [{k: _link(v, index) for k, v in thing.items()} for thing in things] if index else things


def _link(value: Any, index: dict[str, Thing]) -> Any:
    if isinstance(value, list):
        return [_link(v, index) for v in value]
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("@id"), str):
        return index.get(value["@id"], value)
    return value
