"""JSON a page carries for its own scripts: `<script type="application/json">`, `__NEXT_DATA__`, `window.X = {…}`,
`JSON.parse("…")`, streamed and packed states of frameworks, what its statistics are told, attributes. Loose JavaScript
only for names that look like a state."""

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson

from crawler.bases.flight import flight
from crawler.bases.loose_js import OR, value_at
from crawler.bases.nuxt import called, revived
from crawler.bases.pushes import CALLS, LOOSE, attributes, pushed

if TYPE_CHECKING:
    from crawler.bases.document import Document

LOOSE_TRIES = 3  # such parses a page
TRIES = 20  # occurrences of one name looked at
FAILURES = 100  # unreadable values after which a script is given up
MAGENTO = "text/x-magento-init"

_VALUE = re.compile(rf"(?<=[\w$\]\s])=\s*(?:{OR})?(?=[\[{{](?!\s*[\]}}])|JSON\.parse\()")  # `= {{}}` holds nothing
_TARGET_LENGTH = 120  # characters before `=` in which its target stands
_TARGET_BACKWARDS = re.compile(
    r"(?P<path>(?:[\w$]+\.|\][\"'][^\"'\[\n]{1,80}[\"']\[)+)(?:wodniw|fles|sihTlabolg|siht)(?![\w$.])"
    r"|(?P<declared>[\w$]{3,})\s+(?:rav|tel|tsnoc)(?![\w$])|(?P<bare>[\w$]+__)(?![\w$.])"
)
_STATE = re.compile(r"^__\w+__$|state|data|props|product|config|page", re.I)


def states(doc: "Document") -> dict[str, Any]:
    """Every JSON object or list the page's inline scripts carry, by script id or by the name it is assigned to
    (`window.a.b` is "a.b"); `__next_f` and `__NUXT__` unpacked, `dataLayer` for what was pushed, `data-…` for
    attributes. A later value replaces an earlier one unless it is empty."""
    found: dict[str, Any] = {}
    loose, pushes, calls = [LOOSE_TRIES], [CALLS], [LOOSE]
    scripts = [(script, script.text()) for script in doc.tree.css("script:not([src])")]
    for script, text in scripts:
        kind = script.attributes.get("type") or ""
        if ("json" in kind and "ld+json" not in kind) or kind == MAGENTO:
            _keep(found, script.attributes.get("id") or f"json{len(found)}", _data(text))
        elif "json" not in kind and "=" in text:
            for name, value in _assignments(text, loose):
                _keep(found, name, value)
        _add(found, "dataLayer", list(pushed(text, pushes, calls)))
    _unpack(found, [text for _, text in scripts])
    for name, value in attributes(doc.text):
        _add(found, f"data-{name}", [value])
    return found


def _unpack(found: dict[str, Any], texts: list[str]) -> None:
    """States that are not JSON as they stand."""
    _add(found, "__next_f", flight(texts))
    _keep(found, "__NUXT__", revived(found.get("__NUXT_DATA__")))
    if "__NUXT__" not in found:
        _keep(found, "__NUXT__", next((v for t in texts if "__NUXT__" in t and (v := called(t))), None))


def assigned(text: str, name: str) -> Any | None:
    """The object or list after the first `name =`, `name:` or `"name":` in a script that has one; JSON or loose
    JavaScript. None when there is none that can be read."""
    pattern = re.compile(rf"(?<![\w$]){re.escape(name)}[\"']?\]?\s*[=:](?![=>])\s*")
    for tries, match in enumerate(pattern.finditer(text)):
        if tries == TRIES:
            break
        value = value_at(text, match.end(), [1])[0]
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


def _add(found: dict[str, Any], name: str, values: list[Any]) -> None:
    known = found.get(name)
    if values:
        found[name] = [*(known if isinstance(known, list) else []), *values]


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
        value, at = value_at(text, at, loose if _STATE.search(name) else [0])
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
