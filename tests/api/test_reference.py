"""`/docs`: every operation, no script, nothing from elsewhere."""

import re

from api.reference import kind, reference
from api.routes.page import POLICY


async def test_it_names_every_operation_and_runs_nothing(api):
    client, _ = api
    answer = await client.get("/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"] == POLICY
    assert "<script" not in answer.text
    assert not re.search(r"(?:https?:)?//", answer.text.partition("<h1>")[0])
    paths = (await client.get("/openapi.json")).json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert f'<section id="{operation["operationId"]}">' in answer.text
            assert f"<code>{method.upper()} {path}</code>" in answer.text


async def test_its_style_is_there(api):
    client, _ = api
    for path in re.findall(r'href="(/static/[^"]+)"', (await client.get("/docs")).text):
        assert (await client.get(path)).status_code == 200


def test_what_the_document_says_is_text():
    operation = {"operationId": "o", "summary": "<b>", "responses": {"200": {"description": "<i>"}}}
    document = {"info": {"title": "<t>", "version": "1", "description": "a & b"}, "paths": {"/<p>": {"get": operation}}}
    text = reference(document)
    for said in ("<b>", "<i>", "<t>", "<p>/"):
        assert said not in text.partition("</h1><p>")[2]
    assert "&lt;b&gt;" in text
    assert "a &amp; b" in text


def test_a_schema_in_a_word():
    assert kind({"$ref": "#/components/schemas/Product"}) == "Product"
    assert kind({"enum": ["a", "b"]}) == "a | b"
    assert kind({"anyOf": [{"type": "string"}, {"type": "null"}]}) == "string | null"
    assert kind({"type": "integer", "minimum": 1, "maximum": 9}) == "integer ≥ 1 ≤ 9"
    assert kind({}) == "any"
