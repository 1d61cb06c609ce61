"""Several reads in one round trip."""

import asyncio

import httpx2
import pytest

from api import inside
from api.app import asgi
from crawler.core.config import load
from tests.api.served import named, wrong_fields
from tests.api.stocked import designs, products

PATH = "/v1/batch"


def asking(*paths):
    return {"requests": [{"id": f"r{n}", "path": path} for n, path in enumerate(paths)]}


async def test_answers_come_in_order_with_their_own_status_and_body(api):
    client, house = api
    await products(house, 2)
    paths = ["/v1/products?refresh=never&per_page=1", "/v1/products/oak:404", "/v1/products?foo=1", "/v1/x"]
    answer = await client.post(PATH, json=asking(*paths))
    results = answer.json()["results"]
    assert [(r["id"], r["status"]) for r in results] == [("r0", 200), ("r1", 404), ("r2", 422), ("r3", 404)]
    alone = await client.get(paths[0])
    assert results[0]["body"] == alone.json()
    assert results[0]["headers"]["etag"] == alone.headers["etag"]
    assert results[1]["body"]["type"] == "urn:homefeed:problem:not-found"
    assert results[2]["headers"]["content-type"] == "application/problem+json"


async def test_who_asks_is_who_asked_the_batch(api):
    client, house = api
    await client.post(PATH, json=asking("/v1/products?q=sofa"), headers=named("ann"))
    assert (await (await house.queue()).take("slot")).client == "ann"


async def test_headers_for_the_batch_are_not_for_its_parts(api):
    client, house = api
    await products(house, 1)
    etag = (await client.get("/v1/products/oak:1")).headers["etag"]
    answer = await client.post(PATH, json=asking("/v1/products/oak:1"), headers={"If-None-Match": etag})
    assert answer.json()["results"][0]["status"] == 200


async def test_ids_and_words_may_hold_anything_percent_encoded(api):
    client, house = api
    await products(house, 1, retailer="a/b é")
    answer = await client.post(
        PATH, json=asking("/v1/products/a%2Fb%20%C3%A9%3A1", "/v1/products?q=s%C3%B6fa&refresh=never")
    )
    assert [r["body"].get("id") or r["body"]["total"] for r in answer.json()["results"]] == ["a/b é:1", 1]


async def test_one_that_hangs_ends_alone(api, monkeypatch):
    client, house = api
    await products(house, 1)
    monkeypatch.setattr(inside, "ANSWER_S", 0.2)

    async def hang(*_):
        await asyncio.Event().wait()

    monkeypatch.setattr(house.shared, "queue", hang)
    answer = await client.post(PATH, json=asking("/v1/searches/abc", "/v1/products/oak:1"))
    assert [r["status"] for r in answer.json()["results"]] == [504, 200]


async def test_one_that_fails_ends_alone(api, monkeypatch):
    client, house = api
    await products(house, 1)

    async def fail():
        raise RuntimeError("secret")

    monkeypatch.setattr(house.shared, "queue", fail)
    answer = await client.post(PATH, json=asking("/v1/searches/abc", "/v1/products/oak:1"))
    assert [r["status"] for r in answer.json()["results"]] == [500, 200]
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "requests"), ({"requests": []}, "requests"), ({"requests": [], "x": 1}, "requests"), ([], "body"),
        ({"requests": [{"id": "a"}]}, "requests.0.path"), ({"requests": [{"path": "/v1/x"}]}, "requests.0.id"),
        (asking("/healthz"), "requests.0.path"), (asking("http://evil.test/v1/x"), "requests.0.path"),
        (asking("/v1/x", "/v1/searches/a/events?after=1"), "requests.1.path"), (asking("/v1/é"), "requests.0.path"),
        (asking("/v1/changes/stream"), "requests.0.path"), (asking("/v1/x#y"), "requests.0.path"),
        (asking("/v1/x\n"), "requests.0.path"), (asking(*["/v1/x"] * 51), "requests"),
        ({"requests": [{"id": 1, "path": "/v1/x"}]}, "requests.0.id"), ({"requests": "x"}, "requests"),
        ({"requests": [{"id": "a", "path": "/v1/x", "method": "POST"}]}, "requests.0.method"),
    ],
)  # fmt: skip
async def test_what_cant_be_is_named(api, body, field):
    status, fields = wrong_fields(await api[0].post(PATH, json=body))
    assert (status, fields[0]) == (422, field)


@pytest.mark.parametrize("body", [b"", b"{", b'{"requests": [{"id": "\\ud800", "path": "/v1/x"}]}', b"\xff"])
async def test_a_body_that_is_no_json(api, body):
    answer = await api[0].post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert wrong_fields(answer)[0] in (400, 422)


async def test_a_batch_can_only_be_posted(api):
    assert wrong_fields(await api[0].get(PATH))[0] == 405


async def test_through_the_front_each_part_counts_and_may_be_cached(tmp_path, valkey):
    environ = {"HOMEFEED_DATA_DIR": str(tmp_path), "HOMEFEED_REDIS_URL": valkey, "HOMEFEED_RATE_READ": "5"}
    front = asgi(load(environ, tmp_path / "no.env"))
    transport = httpx2.ASGITransport(front)
    async with front.house.open(), httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        await designs(front.house, 1)
        one = "/v1/designs/wood:1"
        etag = {"If-None-Match": (await client.get(one)).headers["etag"]}
        answer = await client.post(PATH, json=asking(one, one, one, one, one), headers=etag)
    statuses = sorted(r["status"] for r in answer.json()["results"])
    assert statuses == [200, 200, 200, 429, 429]
    assert {r["headers"]["x-cache"] for r in answer.json()["results"] if r["status"] == 200} == {"hit"}
