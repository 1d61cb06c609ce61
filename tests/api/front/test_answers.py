"""Ready answers: hit, stale and miss, in the encoding asked for, 304 for who has them, gone when a product changes."""

import asyncio
import gzip
import time

import brotli
import orjson
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from api.answers import answer
from api.front.compress import preferred
from api.front.etags import known
from api.front.ready import pack, unpack
from crawler.core.cache import tags
from crawler.core.models import Change
from crawler.core.shared import Shared, outdate
from tests.api import stocked

LIST = "/v1/products?q=sofa&refresh=never"
WORDS = "Oak frame, three seats, removable covers, made to order; delivered flat in two parcels. "


@pytest.fixture
async def client(start):
    client = await start()
    await until(lambda: client.house._listens and client.house.cache.hears)
    await stocked.products(client.house, 7, description=WORDS * 5)
    return client


async def outcomes(client, *paths, **headers):
    return [(await client.get(path, headers=headers)).headers.get("x-cache") for path in paths]


async def test_computed_once_then_ready(client):
    first = await client.get(LIST)
    second = await client.get(LIST)
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert first.content == second.content
    assert len(first.json()["results"]) == 7
    differing = {"x-cache", "ratelimit"}
    for name in set(first.headers) - differing:
        assert first.headers[name] == second.headers[name]


async def test_another_process_finds_it_in_redis(client, start):
    await client.get(LIST)
    other = await start()
    await until(lambda: other.house._listens)
    await client.get(LIST + "&page=1")
    assert await outcomes(other, LIST + "&page=1") == ["hit"]


async def test_each_path_and_query_has_its_own(client):
    paths = [LIST, LIST + "&page=1", "/v1/products/oak:1", "/v1/products/oak:2"]
    assert await outcomes(client, *paths, *paths) == ["miss"] * 4 + ["hit"] * 4
    assert (await client.get("/v1/products/oak:1")).json()["id"] == "oak:1"


async def test_every_safe_header_is_on_every_answer(client):
    for path in (LIST, LIST, "/healthz", "/", "/v1/nope", "/v1/products/nope:1", "/v1/products?page=x"):
        answer = await client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
        assert answer.headers["referrer-policy"], path
        for name in ("content-security-policy", "x-content-type-options", "etag", "content-length", "content-type"):
            assert len(answer.headers.get_list(name)) <= 1, (path, name)
    assert (await client.get("/", headers={"Origin": "null"})).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [LIST, "/v1/products/oak:1", "/healthz", "/openapi.json"])
async def test_who_has_it_gets_a_304(client, path):
    for coding in ("identity", "gzip", "br"):
        etag = (await client.get(path, headers={"Accept-Encoding": coding})).headers["etag"]
        for told in (etag, f'"x", {etag}', "*", "W/" + etag.removeprefix("W/")):
            for _ in range(2):
                again = await client.get(path, headers={"If-None-Match": told, "Accept-Encoding": coding})
                assert (again.status_code, again.content) == (304, b""), told
                assert "content-type" not in again.headers
                assert again.headers["etag"].removeprefix("W/") == etag.removeprefix("W/")
        for told in ('"x"', "", etag[:-2], "x" * 10_000):
            assert (await client.get(path, headers={"If-None-Match": told})).status_code == 200


async def test_a_write_gets_no_304(client):
    told = {"If-None-Match": "*"}
    assert (await client.post("/v1/tickets", headers=told)).status_code == 201


@pytest.mark.parametrize("path", [LIST, "/openapi.json"])
async def test_the_body_comes_in_the_encoding_asked_for(client, path):
    unpacked = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
    whole, etags = await client.get(path, headers={"Accept-Encoding": "identity"}), set()
    for _ in range(2):
        for coding, undo in unpacked.items():
            async with client.stream("GET", path, headers={"Accept-Encoding": coding}) as answer:
                raw = b"".join([part async for part in answer.aiter_raw()])
            assert answer.headers.get("content-encoding", "identity") == coding
            assert int(answer.headers["content-length"]) == len(raw)
            assert "Accept-Encoding" in answer.headers["vary"]
            assert undo(raw) == whole.content
            assert coding == "identity" or len(raw) < len(whole.content) / 2
            etags.add(answer.headers["etag"])
    assert len(etags) == 2


@pytest.mark.parametrize(("accepted", "coding"), [
    (b"", "identity"), (b"*", "br"), (b"gzip", "gzip"), (b"gzip, br", "br"), (b"br;q=0.5, gzip", "gzip"),
    (b"gzip;q=0", "identity"), (b"GZIP; Q=0.5", "gzip"), (b"deflate", "identity"),
    (b"identity, gzip;q=0.5", "identity"),
    (b"*;q=0", "identity"), (b"br;q=x", "identity"), (b"gzip;q=", "identity"), (b"\xff,,;;=", "identity"),
    (b"br;q=nan", "identity"), (b"br;q=inf, gzip", "gzip"),
])  # fmt: skip
def test_the_encoding_a_client_likes_best(accepted, coding):
    assert preferred(accepted) == coding


def test_etags_are_compared_weakly():
    assert known(b'W/"a"', b'"a"')
    assert known(b' "b" ,"a"', b'W/"a"')
    assert not known(b"", b'"a"')
    assert not known(b'"ab"', b'"a"')


def test_what_is_packed_comes_out_again():
    headers = [(b"content-type", b"application/json"), (b"link", b"<\xe4>"), (b"content-length", b"5000")]
    body = b"\n" + b"x" * 4999
    ready = unpack(pack(200, headers, body, kept=True))
    assert (ready.status, ready.body, ready.kept, ready.headers) == (200, body, True, headers)
    assert brotli.decompress(ready.variants["br"].body) == body
    small = unpack(pack(404, headers, b"{}", kept=False))
    assert (small.status, small.variants) == (404, {})


async def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not within the time limit"
        await asyncio.sleep(0.01)


async def test_a_published_change_drops_the_answers_that_show_the_product(client):
    await until(lambda: client.house._listens and client.house.cache.hears)
    paths = [LIST, "/v1/products/oak:1", "/v1/products/oak:2"]
    assert await outcomes(client, *paths, *paths) == ["miss"] * 3 + ["hit"] * 3
    change = Change(id="c1", product_id="oak:1", field="price", old="100.00", new="90.00", currency="INR",
                    observed_at=5.0, confirmed="repeat")  # fmt: skip
    await (await client.house.bus()).publish([change])
    begun = time.monotonic()
    while "hit" in await outcomes(client, LIST):
        assert time.monotonic() - begun < 5
        await asyncio.sleep(0.01)
    assert await outcomes(client, *paths[1:]) == ["miss", "hit"]


async def test_a_new_product_drops_the_lists_and_nothing_else(client):
    await until(lambda: client.house._listens and client.house.cache.hears)
    await outcomes(client, LIST, "/v1/products/oak:1")
    change = Change(id="c2", product_id="oak:99", field="new", old=None, new="90.00", currency="INR",
                    observed_at=5.0, confirmed="high_confidence")  # fmt: skip
    await (await client.house.bus()).publish([change])
    begun = time.monotonic()
    while "hit" in await outcomes(client, LIST):
        assert time.monotonic() - begun < 5
        await asyncio.sleep(0.01)
    assert await outcomes(client, "/v1/products/oak:1") == ["hit"]


@pytest.mark.parametrize(("tag", "gone"), [
    (tags.DESIGNS, ["/v1/designs?refresh=never", "/v1/designs/wood:1", "/v1/designs/wood:1/similar"]),
    (tags.query(" SOFA, green"), ["/v1/designs?q=sofa+green&refresh=never", "/v1/products?q=sofa+green&refresh=never"]),
    (tags.NEW, ["/v1/products?refresh=never", LIST]),
    (tags.product("oak:2"), [LIST, "/v1/products/oak:2", "/v1/products/oak:2/offers", "/v1/products/oak:2/prices"]),
])  # fmt: skip
async def test_what_a_worker_outdates_is_gone_and_nothing_else(client, tag, gone):
    """`outdate` is called in another process."""
    await stocked.designs(client.house, 2)
    kept = [path for path in ("/v1/products/oak:1", "/v1/designs/wood:1") if path not in gone]
    assert await outcomes(client, *gone, *kept, *gone) == ["miss"] * len(gone + kept) + ["hit"] * len(gone)
    worker = Shared(client.house.config)
    await worker.enter()
    await outdate(worker, [tag])
    await asyncio.sleep(0.1)
    assert await outcomes(client, *gone, *kept) == ["miss"] * len(gone) + ["hit"] * len(kept)
    await worker.leave()


async def test_a_list_whose_search_falls_due_tells_of_it_at_once(client):
    """Nobody is given the list from before, as if nothing were under way."""
    await stocked.told(client.house, "oak")
    left = 0.5
    await stocked.searched(client.house, "products", "sofa", time.time() - client.house.config.fresh_s + left, oak="ok")
    begun = time.monotonic()
    assert await outcomes(client, "/v1/products?q=sofa", "/v1/products?q=sofa") == ["miss", "hit"]
    await asyncio.sleep(left - (time.monotonic() - begun) + 0.01)
    due = await client.get("/v1/products?q=sofa")
    assert due.json()["search_id"]
    assert due.json()["stale"]
    assert len(due.json()["results"]) == 7


async def test_what_starts_a_search_is_not_kept(client):
    await stocked.told(client.house, "oak")
    for _ in range(2):
        found = await client.get("/v1/products?q=sofa&refresh=force")
        assert found.json()["search_id"]
    assert found.headers.get("x-cache") != "hit"


async def test_refusals_are_not_kept(client):
    for _ in range(2):
        assert (await client.get("/v1/products/nope:1")).status_code == 404
        assert (await client.get("/v1/products?page=x")).status_code == 422
    assert "x-cache" not in (await client.get("/v1/products/nope:1")).headers


async def test_head_says_what_get_would(client):
    got, told = await client.get(LIST), await client.head(LIST)
    assert told.status_code == 200
    assert told.headers["etag"] == got.headers["etag"]


async def test_without_redis_it_is_kept_by_each_process_alone(start):
    client = await start(redis_url="redis://127.0.0.1:1/0")
    await stocked.products(client.house)
    begun = time.monotonic()
    assert await outcomes(client, LIST, LIST) == ["miss", "hit"]
    assert time.monotonic() - begun < 2


async def test_one_clients_answer_is_never_given_to_another(start):
    """A route that gives no tags is asked each time, also when many ask the same at once."""
    client = await start()
    app: FastAPI = client._transport.app._app

    @app.get("/v1/products-mine")
    async def mine(request: Request):
        await asyncio.sleep(0.02)
        return answer(request, {"client": request.scope["homefeed.client"].name})

    names = [f"n{n}" for n in range(10)]
    asked = (client.get("/v1/products-mine", headers={"X-Homefeed-Client": name}) for name in names)
    told = [found.json()["client"] for found in await asyncio.gather(*asked)]
    assert told == [f"local/{name}" for name in names]


async def test_many_who_ask_the_same_at_once_cost_one_computation(start):
    client, computed = await start(), 0
    await until(lambda: client.house._listens and client.house.cache.hears)
    app: FastAPI = client._transport.app._app

    @app.get("/v1/products-slow")
    async def slow(request: Request):
        nonlocal computed
        computed += 1
        await asyncio.sleep(0.02)
        return answer(request, {"n": computed}, tags=["x"])

    answers = await asyncio.gather(*(client.get("/v1/products-slow") for _ in range(20)))
    assert computed == 1
    assert {found.content for found in answers} == {orjson.dumps({"n": 1})}


async def test_only_a_200_is_kept_whatever_its_route_says(start):
    client = await start()
    app: FastAPI = client._transport.app._app

    @app.get("/v1/products-away")
    async def away(request: Request):
        return answer(request, {}, status=503, tags=["x"])

    assert await outcomes(client, "/v1/products-away", "/v1/products-away") == [None, None]


async def test_a_stream_passes_as_it_comes(start):
    client = await start()
    app: FastAPI = client._transport.app._app
    sent = []

    async def parts():
        for n in range(3):
            sent.append(n)
            yield b"x" * 2000

    @app.get("/v1/streamed")
    async def streamed():
        return StreamingResponse(parts(), media_type="text/plain")

    found = await client.get("/v1/streamed", headers={"Accept-Encoding": "gzip"})
    assert found.content == b"x" * 6000
    assert "content-encoding" not in found.headers
    assert found.headers["x-content-type-options"] == "nosniff"


async def test_what_breaks_inside_is_a_500_told_once(start, caplog):
    client = await start()
    app: FastAPI = client._transport.app._app

    @app.get("/v1/products-broken")
    @app.get("/v1/broken")
    async def broken():
        raise RuntimeError("secret detail")

    for path in ("/v1/products-broken", "/v1/broken"):
        caplog.clear()
        found = await client.get(path)
        assert found.status_code == 500
        assert found.json()["type"].endswith(":internal")
        assert "secret" not in found.text
        assert len([r for r in caplog.records if r.exc_info]) == 1
