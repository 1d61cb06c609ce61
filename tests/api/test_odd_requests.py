"""Requests nobody should make: whatever stands in a path, a query or a body, the answer is not our fault."""

import json
import random

import pytest

ODD = ("", "0", "-1", "1e9", "9" * 20, "1.5", "NaN", "true", "null", "[]", "%00", "%ff", "%ed%a0%80", "%F0%9F%98%80",
       "a" * 300, "'", "%22", "%0d%0aX:y", "../..", "%2e%2e", "*", "oak:1", "%25", "+", "1700000000000-0", "0-0",
       "9999999999999999999-9999999999999999999", "products", "force", "x/../y", "%2F", "%EF%BC%91")  # fmt: skip
VALUES = (None, True, -1, 1.5, 10**30, float("inf"), "", "x", "\ud800", "\0", "a" * 5_000, [], {}, [None], [["x"]],
          "http://127.0.0.1:1/", "file:///etc/passwd", "http://x@y/", "javascript:1", "oak:1", "usd")  # fmt: skip
RAW = (b"", b"\xff\xfe", b"[" * 100_000, b"9" * 10_000, b'"x"', b'{"kind":"products","kind":"x","query":"sofa"}')
BODIES = ({"kind": "products", "query": "sofa"}, {"product_id": "x"}, {"url": "http://127.0.0.1/x"},
          {"requests": [{"id": "a", "path": "/v1/products"}]})  # fmt: skip
KINDS = ("application/json",) * 4 + ("text/plain", "", "application/json; charset=utf-16", "multipart/form-data")
METHODS = ("GET",) * 6 + ("POST",) * 4 + ("PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")


def request(rnd, paths, names, fields):
    path = rnd.choice(paths)
    for part in ("{id}", "{name}"):
        path = path.replace(part, rnd.choice(ODD))
    query = "&".join(f"{rnd.choice(names)}={rnd.choice(ODD)}" for _ in range(rnd.choice((0, 0, 1, 2, 4))))
    body = rnd.choice(BODIES) | {rnd.choice(fields): rnd.choice(VALUES) for _ in range(rnd.randint(0, 3))}
    content = rnd.choice(RAW) if rnd.random() < 0.2 else json.dumps(body).encode()
    return rnd.choice(METHODS), f"{path}?{query}", content, {"Content-Type": rnd.choice(KINDS)}


def vocabulary(document):
    """(paths, names of parameters, names of fields of bodies), as the OpenAPI document has them."""
    paths = [path for path in document["paths"] if not path.endswith(("/stream", "/events"))]  # those have no end
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = {parameter["name"] for operation in operations for parameter in operation.get("parameters", ())}
    schemas = document["components"]["schemas"].values()
    fields = {name for schema in schemas for name in schema.get("properties", ())}
    return paths, [*sorted(names - {"wait_ms"}), "nope"], [*sorted(fields - {"wait_ms"}), "nope"]


@pytest.mark.parametrize("seed", range(4))
async def test_no_odd_request_is_our_fault(api, seed):
    client, _ = api
    rnd, words = random.Random(seed), vocabulary((await client.get("/openapi.json")).json())
    for _ in range(250):
        method, target, content, headers = request(rnd, *words)
        answer = await client.request(method, target, content=content, headers=headers)
        told = (method, target, content[:200], headers, answer.text[:300])
        assert answer.status_code < 500, told
        if answer.status_code >= 400 and method != "HEAD":
            assert answer.headers["content-type"] == "application/problem+json", told
        if answer.status_code in (400, 422) and method != "HEAD":
            assert all(error["field"] and error["message"] for error in answer.json()["errors"]), told
