"""The state of Nuxt pages, which is JSON only by a detour: Nuxt 3 writes one list whose numbers are places in the
list, Nuxt 2 calls a function with the values that its result repeats."""

import re
from typing import Any

import chompjs
import orjson

MOST = 200_000  # values resolved
DEPTH = 40
CALL_LIMIT = 2_000_000  # characters of a script that are looked at
_WRAPPED = {"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef", "NuxtError"}
_CALL = re.compile(r"window\.__NUXT__\s*=\s*\(?function\s*\(([\w$,\s]*)\)\s*\{\s*return\s*(?=\{)")
_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|(?<=[{,])\s*(?P<key>[\w$]+)(?=\s*:)|(?<=[:\[,])\s*(?P<name>[A-Za-z_$][\w$]*)(?=\s*[,\]}])',
    re.S,
)


def revived(values: Any) -> Any | None:
    """What `<script id="__NUXT_DATA__">` stands for; None for anything else. Rings are cut."""
    if not isinstance(values, list) or len(values) < 2 or not isinstance(values[0], dict | list):
        return None
    return _revive(values, 0, frozenset(), [MOST])


def _revive(values: list[Any], at: Any, inside: frozenset[int], left: list[int]) -> Any:
    left[0] -= 1
    if not isinstance(at, int) or not 0 <= at < len(values) or at in inside or left[0] < 0 or len(inside) > DEPTH:
        return None
    value, within = values[at], inside | {at}
    if isinstance(value, dict):
        return {k: _revive(values, v, within, left) for k, v in value.items()}
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], str):
        return _revive(values, value[1], within, left) if value[0] in _WRAPPED and len(value) > 1 else None
    return [_revive(values, v, within, left) for v in value]


def called(text: str) -> Any | None:
    """The result of `window.__NUXT__=(function(a,b){return {…}}(1,"x"))`, its names replaced by the values given."""
    match = _CALL.search(text)
    if match is None or len(text) > CALL_LIMIT:
        return None
    body, _, given = text[match.end() :].rpartition("}(")
    names = [n.strip() for n in match[1].split(",")]
    try:
        values = chompjs.parse_js_object(f"[{given.partition('));')[0].rstrip(' ;)')}]")
        table = {name: _json(value) for name, value in zip(names, values, strict=False)}
        return chompjs.parse_js_object(_TOKEN.sub(lambda m: _filled(m, table), body))
    except ValueError:
        return None


def _filled(match: re.Match[str], table: dict[str, str]) -> str:
    if match["key"]:
        return f'"{match["key"]}"'
    return table.get(match["name"], match[0]) if match["name"] else match[0]


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
