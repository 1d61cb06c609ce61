"""What a request may hold at most."""

import pytest

from tests.api.front.conftest import problem

MB = 1 << 20


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD"])
async def test_a_long_address_is_a_414(start, method):
    client = await start()
    for path in ("/v1/products?q=" + "x" * 60_000, "/v1/products/" + "x" * 9000, "/" + "x" * 9000):
        answer = await client.request(method, path)
        assert answer.status_code == 414
        assert method == "HEAD" or problem(answer)[1] == "too-large"
    assert (await client.get("/v1/products?q=" + "x" * 8000)).status_code == 422


@pytest.mark.parametrize(("path", "field"), [
    ("/v1/products?q=a%00b", "q"), ("/v1/products?page=1&q=%00", "q"), ("/v1/products?a%00=b", "query"),
    ("/v1/products/a%00b", "path"), ("/%00", "path"), ("/v1/ws?ticket=%00", "ticket"),
])  # fmt: skip
async def test_a_nul_is_a_422_that_says_where(start, path, field):
    client = await start()
    assert problem(await client.get(path)) == (422, "invalid", [field])


async def test_a_nul_in_a_body_is_a_422(start):
    client = await start()
    for body in (b'{"kind": "products", "query": "a\\u0000"}', b'{"query": "\0"}'):
        answer = await client.post("/v1/searches", content=body, headers={"Content-Type": "application/json"})
        assert problem(answer) == (422, "invalid", ["body"])


async def chunks(total, size=64 << 10):
    for _ in range(total // size):
        yield b"x" * size


@pytest.mark.parametrize("path", ["/v1/searches", "/v1/nope", "/v1/products"])
async def test_a_large_body_is_a_413(start, path):
    client = await start()
    assert problem(await client.post(path, content=b"x" * (MB + 1)))[:2] == (413, "too-large")
    assert problem(await client.post(path, content=chunks(2 * MB)))[:2] == (413, "too-large")
    assert (await client.post(path, content=chunks(MB))).status_code in (404, 405, 422)


@pytest.mark.parametrize("told", ["x", "-1", "1e3", "", "9" * 30])
async def test_an_odd_content_length_is_refused(start, told):
    client = await start()
    answer = await client.post("/v1/searches", content=b"{}", headers={"Content-Length": told})
    assert answer.status_code == 413


async def test_what_the_routes_refuse_is_a_problem_too(start):
    client = await start()
    assert problem(await client.get("/v1/nope"))[:2] == (404, "not-found")
    assert problem(await client.delete("/v1/products"))[:2] == (405, "method-not-allowed")
    assert problem(await client.get("/v1/products?nope=1"))[0] == 422
    assert problem(await client.get("/v1/products?q=%FF%FE%ZZ&page=%00x"))[0] == 422
    for odd in ("%", "%zz", "..%2f..%2fetc/passwd", "%E0%80%80", ";", "[]"):
        assert (await client.get(f"/v1/products/{odd}")).status_code in (404, 422), odd


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 3_000 + b"}" * 3_000, b"9" * 10_000, b"{", b"\xff\xfe"])
async def test_json_that_cannot_be_read_names_the_body(start, body):
    client = await start()
    answer = await client.post("/v1/searches", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"].split(".")[0] == "body"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_content_type_is_told_which_one_it_must_be(start, kind):
    client = await start()
    body = b'{"kind":"products","query":"sofa"}'
    answer = await client.post("/v1/searches", content=body, headers={"Content-Type": kind})
    assert problem(answer)[0] == 422
    assert "application/json" in answer.json()["detail"]


async def test_nobody_is_led_from_one_address_to_another(start):
    client = await start()  # behind a proxy that ends TLS, a whole Location would lead to plain http
    for path in ("/v1/stats/", "/v1/watches/", "/docs/"):
        assert problem(await client.get(path))[0] == 404


async def test_only_the_callers_own_cache_may_keep_what_depends_on_the_caller(start):
    client = await start()
    for path in ("/v1/watches", "/v1/collections", "/v1/sources"):
        assert "private" in (await client.get(path)).headers["cache-control"]
