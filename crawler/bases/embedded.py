"""JSON a page carries for its own scripts: `<script type="application/json">`, `__NEXT_DATA__`, `window.X = {…}`,
`JSON.parse("…")`. Plain JSON first; loose JavaScript through chompjs, bounded, for names that look like a state."""

import html
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import chompjs
import orjson

if TYPE_CHECKING:
    from crawler.bases.document import Document

LOOSE_LIMIT = 2_000_000  # characters of one script that the slow parser may look at
LOOSE_TRIES = 3  # such parses a page
TRIES = 20  # occurrences of one name looked at
FAILURES = 100  # unreadable values after which a script is given up

_DECODER = json.JSONDecoder(strict=False)
_NAME = r"[A-Za-z_$][\w$]*"
_OR = r"[\w$.\[\]\"']{1,100}\s*(?:\|\||\?\?)\s*"
_DEFAULTED = re.compile(_OR)
_VALUE = re.compile(rf"(?<=[\w$\]\s])=\s*(?:{_OR})?(?=[\[{{](?!\s*[\]}}])|JSON\.parse\()")  # not `= {{}}`, it holds nothing
_TARGET_LENGTH = 120  # characters before `=` in which its target stands
_TARGET_BACKWARDS = re.compile(
    r"(?P<path>(?:[\w$]+\.|\][\"'][^\"'\[\n]{1,80}[\"']\[)+)(?:wodniw|fles|sihTlabolg|siht)(?![\w$.])"
    r"|(?P<declared>[\w$]{3,})\s+(?:rav|tel|tsnoc)(?![\w$])|(?P<bare>[\w$]+__)(?![\w$.])"
)
_PARSE = re.compile(r"JSON\.parse\(\s*(decodeURIComponent\(\s*)?(?=[\"'`])")
_LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`", re.S)
_STATE = re.compile(r"^__\w+__$|state|data|props|product|config|page", re.I)
_WORDS = {"undefined": "null", "void 0": "null", "NaN": "null", "!0": "true", "!1": "false"}
_LOOSE_WORD = re.compile(
    _LITERAL.pattern + rf"|(?<=[{{,])(?P<space>\s*)(?P<key>{_NAME})(?=\s*:)|\bundefined\b|\bvoid 0\b"
    r"|(?<=[:\[,])\s*-?(?:NaN|Infinity)\b|![01]\b",
    re.S,
)
_JS_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|.)", re.S)
_WHOLE_SCRIPT = 300  # an assignment that starts this early may be all the script holds


def states(doc: "Document") -> dict[str, Any]:
    """Every JSON object or list the page's inline scripts carry, by script id or by the name it is assigned to
    (`window.a.b` is "a.b"). A later value replaces an earlier one unless it is empty."""
    found: dict[str, Any] = {}
    loose = [LOOSE_TRIES]
    for script in doc.tree.css("script:not([src])"):
        kind = script.attributes.get("type") or ""
        text = script.text()
        if "json" in kind and "ld+json" not in kind:
            _keep(found, script.attributes.get("id") or f"json{len(found)}", _data(text))
        elif "json" not in kind and "=" in text:
            for name, value in _assignments(text, loose):
                _keep(found, name, value)
    return found


def assigned(text: str, name: str) -> Any | None:
    """The object or list after the first `name =`, `name:` or `"name":` in a script that has one; JSON or loose
    JavaScript. None when there is none that can be read."""
    pattern = re.compile(rf"(?<![\w$]){re.escape(name)}[\"']?\]?\s*[=:](?![=>])\s*")
    for tries, match in enumerate(pattern.finditer(text)):
        if tries == TRIES:
            break
        value = _value(text, match.end(), [1])
        if isinstance(value, dict | list):
            return value
    return None


def dig(obj: Any, *path: str | int, default: Any = None) -> Any:
    """obj[path[0]][path[1]]…, or `default` where a step is missing or null."""
    for step in path:
        if isinstance(obj, dict):
            obj = obj.get(step)
        elif isinstance(obj, list) and isinstance(step, int) and -len(obj) <= step < len(obj):
            obj = obj[step]
        else:
            return default
    return default if obj is None else obj


def walk(obj: Any) -> Iterator[dict[str, Any]]:
    """Every dict inside, outermost first, in document order, however deep."""
    todo = [obj]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            yield item
            todo.extend(v for v in reversed(item.values()) if isinstance(v, dict | list))
        elif isinstance(item, list):
            todo.extend(v for v in reversed(item) if isinstance(v, dict | list))


def _keep(found: dict[str, Any], name: str, value: Any) -> None:
    if isinstance(value, dict | list) and (value or name not in found):
        found[name] = value


def _data(text: str) -> Any:
    """The body of a data script: JSON, commented out or HTML-escaped by some."""
    text = text.strip().removeprefix("<!--").removesuffix("-->")
    for form in (text, html.unescape(text) if "&quot;" in text else ""):
        try:
            return orjson.loads(form)
        except ValueError:
            continue
    return None


def _assignments(text: str, loose: list[int]) -> Iterator[tuple[str, Any]]:
    """Top to bottom; what stands inside a value that was read is skipped."""
    at, failures = 0, 0
    while failures < FAILURES and (match := _VALUE.search(text, at)):
        at = match.end()
        name = _target(text, match.start())
        if name is None:
            continue
        value, at = _value_and_end(text, at, loose if _STATE.search(name) else [0])
        if value:
            yield name, value
        else:
            failures += 1


def _target(text: str, end: int) -> str | None:
    """The name assigned to just before `end`: of a global, a declared variable or a bare `__NAME`."""
    backwards = text[max(0, end - _TARGET_LENGTH) : end].rstrip()[::-1]
    match = _TARGET_BACKWARDS.match(backwards)
    if match is None:
        return None
    name = (match["path"] or match["declared"] or match["bare"])[::-1]
    return ".".join(re.findall(r"[^.\[\]\"']+", name)) if match["path"] else name


def _value(text: str, at: int, loose: list[int]) -> Any | None:
    return _value_and_end(text, at, loose)[0]


def _value_and_end(text: str, at: int, loose: list[int]) -> tuple[Any | None, int]:
    """The value that starts at `at` and where it ends; (None, at) when it can't be read. `loose` counts down the
    slow parses still allowed."""
    if default := _DEFAULTED.match(text, at):
        at = default.end()
    if parse := _PARSE.match(text, at):
        return _parsed_string(text, parse)
    if text[at : at + 1] not in ("{", "["):
        return None, at
    try:
        return _json(text, at)
    except (ValueError, RecursionError):
        return _loose(text, at, loose)


def _json(text: str, at: int) -> tuple[Any, int]:
    if at < _WHOLE_SCRIPT:
        try:
            return orjson.loads(text[at:].rstrip().removesuffix(";")), len(text)
        except ValueError:
            pass
    return _DECODER.raw_decode(text, at)


def _loose(text: str, at: int, loose: list[int]) -> tuple[Any | None, int]:
    if loose[0] <= 0 or len(text) - at > LOOSE_LIMIT:
        return None, at
    loose[0] -= 1
    try:
        return chompjs.parse_js_object(_LOOSE_WORD.sub(_plain, text[at:])), at
    except (ValueError, RecursionError):
        return None, at


def _plain(match: re.Match[str]) -> str:
    """Loose words as JSON; keys quoted, because chompjs reads `{a:null,b:1}` as {"a": "null", …}."""
    if match["key"]:
        return f'{match["space"]}"{match["key"]}"'
    word = match[0]
    return word if word[0] in "\"'`" else _WORDS.get(word, "null")


def _parsed_string(text: str, parse: re.Match[str]) -> tuple[Any | None, int]:
    literal = _LITERAL.match(text, parse.end())
    if not literal:
        return None, len(text)
    inner = _JS_ESCAPE.sub(_unescaped, literal[0][1:-1]).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    try:
        return orjson.loads(unquote(inner) if parse[1] else inner), literal.end()
    except ValueError:
        return None, literal.end()


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "xu" and len(code) > 1:
        point = int(code.strip("xu{}"), 16)
        return chr(point) if point < 0x110000 else ""
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}.get(code, code)
