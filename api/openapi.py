"""The OpenAPI document, said more exactly than FastAPI does."""

from typing import Any

from fastapi import FastAPI

ABOUT = """Products, interior designs and their changes. Lists answer from what is stored and start a search where that
is missing or old. Every error is `application/problem+json` (RFC 9457) with a stable `type`. Prices are decimal strings
in `currency`, times are ISO 8601 in UTC; what was not seen is null. Unknown query parameters are refused."""
KEY = {"type": "http", "scheme": "bearer", "description": "One of HOMEFEED_API_KEYS; none is needed where none is set"}


def install(app: FastAPI) -> None:
    app.description = ABOUT
    plain = app.openapi

    def exact() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _exact(plain())
        return app.openapi_schema

    app.openapi = exact  # type: ignore[method-assign]


def _exact(document: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is left out is not one that is null: a query can't say null at all."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
    document.setdefault("components", {})["securitySchemes"] = {"key": KEY}
    document["security"] = [{}, {"key": []}]
    return document


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**rest, **kinds[0]}
