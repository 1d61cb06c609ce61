"""The page at `/docs`: the OpenAPI document as plain HTML. It runs no script: one from elsewhere would have whatever
key this origin keeps, and would not load without the internet."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>homefeed API</title><link rel="icon" href="/static/icon.svg"><link rel="stylesheet" href="/static/reference.css">
"""


def reference(document: Mapping[str, Any]) -> str:
    """HTML of every operation of an OpenAPI document: what it does, takes and answers."""
    return HEAD + "\n".join(_body(document)) + "\n</html>\n"


def _body(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['description'])}</p>"
    yield '<p>For programs: <a href="/openapi.json">/openapi.json</a>. Live: <code>WS /v1/ws</code>.</p>'
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield from _operation(f"{method.upper()} {path}", operation)


def _operation(title: str, operation: Mapping[str, Any]) -> Iterator[str]:
    name = escape(operation["operationId"])
    yield f'<section id="{name}"><h2><a href="#{name}"><code>{escape(title)}</code></a></h2>'
    yield f"<p>{escape(operation.get('description') or operation['summary'])}</p>"
    rows = [_row(p["name"], p["in"], p["schema"], p.get("description", "")) for p in operation.get("parameters", ())]
    if body := operation.get("requestBody"):
        rows += [_row("body", kind, content["schema"], "") for kind, content in body["content"].items()]
    if rows:
        yield f"<table>{''.join(rows)}</table>"
    good = {code: told for code, told in operation["responses"].items() if code < "3"}
    yield f"<ul>{''.join(_answer(code, told) for code, told in good.items())}</ul></section>"


def _row(name: str, place: str, schema: Mapping[str, Any], says: str) -> str:
    return f"<tr><th>{escape(name)}<td>{escape(place)}<td>{escape(kind(schema))}<td>{escape(says)}"


def _answer(code: str, told: Mapping[str, Any]) -> str:
    schemas = [kind(content["schema"]) for content in told.get("content", {}).values() if content.get("schema")]
    return f"<li>{code} {escape(told['description'])} <code>{escape(', '.join(schemas))}</code>"


def kind(schema: Mapping[str, Any]) -> str:
    """A schema in a word or two: its name, its values, or its type and bounds."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(kind(one) for one in schema["anyOf"])
    bounds = [f"{sign} {schema[name]}" for name, sign in (("minimum", "≥"), ("maximum", "≤")) if name in schema]
    return " ".join([schema.get("type", "any"), *bounds])
