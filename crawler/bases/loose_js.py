"""One JavaScript value that starts somewhere in a script: JSON where it is JSON, `JSON.parse("…")`, else loose
JavaScript through chompjs, which is slow and therefore bounded."""

import json
import re
from typing import Any
from urllib.parse import unquote

import chompjs
import orjson

LOOSE_LIMIT = 2_000_000  # characters of one script that the slow parser may look at
WHOLE_SCRIPT = 300  # a value that starts this early may be all the script holds
NAME = r"[A-Za-z_$][\w$]*"
OR = r"[\w$.\[\]\"']{1,100}\s*(?:\|\||\?\?)\s*"  # `window.X || `

_DECODER = json.JSONDecoder(strict=False)
_OR = re.compile(OR)
_PARSE = re.compile(r"JSON\.parse\(\s*(decodeURIComponent\(\s*)?(?=[\"'`])")
_LITERAL = re.compile("|".join(rf"{q}[^{q}\\]*(?:\\.[^{q}\\]*)*{q}" for q in "\"'`"), re.S)
_WORDS = {"undefined": "null", "void 0": "null", "NaN": "null", "!0": "true", "!1": "false"}
_LOOSE_WORD = re.compile(
    _LITERAL.pattern + rf"|(?<=[{{,])(?P<space>\s*)(?P<key>{NAME})(?=\s*:)|\bundefined\b|\bvoid 0\b"
    r"|(?<=[:\[,])\s*-?(?:NaN|Infinity)\b|![01]\b",
    re.S,
)
_JS_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|.)", re.S)


def value_at(text: str, at: int, loose: list[int]) -> tuple[Any | None, int]:
    """The value that starts at `at` and where it ends; (None, at) when it can't be read. `loose` counts down the
    slow parses still allowed."""
    if default := _OR.match(text, at):
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
    if at < WHOLE_SCRIPT:
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
