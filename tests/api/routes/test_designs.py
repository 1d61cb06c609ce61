"""Designs over HTTP, on a real store and queue; a worker's part is played by the test."""

import asyncio
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.designs.query import DesignParams, shows
from crawler.core.models import License, SourceProgress
from crawler.core.models.jobs import JobEvent
from crawler.core.public import iso
from crawler.core.store import DesignQuery
from tests.api.served import served, wrong_fields
from tests.api.stocked import designs, ids, searched, told
from tests.crawler.core.store.making import design, full_design

GREEN, RED = "#2e8b57", "#b22222"


async def worker(house):
    """The job that a worker takes, and what reports for it."""
    queue = await house.queue()
    job = await queue.take("slot")

    async def found(*numbers, source="wood", **fields):
        store = await house.store()
        await store.write_designs([design(n, source=source, title="Sofa", **fields) for n in numbers])
        await queue.report(job, [JobEvent("item", items=[{"id": f"{source}:{n}"} for n in numbers])])

    async def done():
        await queue.report(job, [JobEvent("done", state="done")])

    return found, done


async def follow(client, url):
    """Every id from here to where the list says it ends or has no more for now, and the next URL."""
    found = []
    while url:
        answer = await client.get(url)
        found += ids(answer)
        url, before = answer.json()["next"], url
        if url == before or not answer.json()["results"]:
            break
    return found, url


class TestList:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", [3, 2, 1]), ("source=pine", [3]), ("orientation=portrait", [2]), ("color=green", [1]),
            ("color=%232f8c58", [1]), ("color=b22222", [2]), ("license=CC0-1.0", [3, 1]), ("min_quality=0.2", [3, 2]),
            ("sort=-updated", [1, 2, 3]), ("min_quality=1", []), ("color=blue", []), ("per_page=2&page=2", [1]),
        ],
    )  # fmt: skip
    async def test_filters_and_sorts(self, api, query, expected):
        client, house = api
        await (await house.store()).write_designs([
            design(1, quality=0.1, colors=[GREEN], fetched_at=9.0),
            design(2, quality=0.2, colors=[RED], width=2, height=3, license=License("cc-by-4.0"), fetched_at=8.0),
            design(3, quality=0.3, source="pine"), design(4, quality=0.9, group="wood:1"),
        ])  # fmt: skip
        assert [int(name[5:]) for name in ids(await client.get(f"/v1/designs?{query}"))] == expected

    async def test_what_a_search_found_lately_is_cached(self, api):
        client, house = api
        await designs(house, 2)
        await searched(house, "designs", "sofa", time.time(), wood="ok", pine="robots")
        answer = await client.get("/v1/designs?q=SOFA")
        body = answer.json()
        assert ids(answer) == ["wood:2", "wood:1"]
        assert (body["search_id"], body["stale"]) == (None, False)
        assert [(s["name"], s["status"], s["count"]) for s in body["sources"]] == [
            ("wood", "cached", 3), ("pine", "robots", 3),
        ]  # fmt: skip

    async def test_an_old_search_is_stale_and_runs_again_unless_never(self, api):
        client, house = api
        await designs(house, 2)
        await searched(house, "designs", "sofa", time.time() - 301, wood="ok")
        body = (await client.get("/v1/designs?q=sofa&refresh=never")).json()
        assert (body["search_id"], body["stale"], body["sources"][0]["status"]) == (None, True, "stale")
        body = (await client.get("/v1/designs?q=sofa")).json()
        assert body["search_id"]
        assert body["stale"]

    async def test_a_fresh_search_runs_again_when_forced(self, api):
        client, house = api
        await searched(house, "designs", "sofa", time.time(), wood="ok")
        assert (await client.get("/v1/designs?q=sofa&refresh=force")).json()["search_id"]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("foo=1", "foo"), ("cursor=1", "cursor"), ("cursor=-1&search_id=a", "cursor"),
            ("search_id=%2F", "search_id"),
            ("cursor=x&search_id=a", "cursor"), ("color=bleu", "color"), ("min_quality=2", "min_quality"),
            ("min_quality=nan", "min_quality"), ("orientation=wide", "orientation"), ("page=0", "page"),
            ("page=1001", "page"), ("per_page=0", "per_page"), ("q=%00", "q"), (f"q={'x' * 201}", "q"),
            ("sort=price", "sort"), ("source=", "source"), ("license=%00", "license"), ("refresh=1", "refresh"),
        ],
    )  # fmt: skip
    async def test_what_cant_be_is_named(self, api, query, field):
        assert wrong_fields(await api[0].get(f"/v1/designs?{query}")) == (422, [field])


class TestArrivals:
    async def test_no_page_repeats_while_results_arrive_and_none_is_left_out(self, api):
        client, house = api
        await designs(house, 5)
        first = await client.get("/v1/designs?q=sofa&per_page=2")
        assert ids(first) == ["wood:5", "wood:4"]
        found, done = await worker(house)
        await found(6, 7, quality=0.99)
        seen, url = await follow(client, first.json()["next"])
        assert seen == ["wood:3", "wood:2", "wood:1", "wood:6", "wood:7"]
        await found(7, 8)
        await done()
        assert await follow(client, url) == (["wood:8"], None)

    async def test_its_sources_say_how_they_do(self, api):
        client, house = api
        await told(house, "wood", "pine", kind="designs")
        await told(house, "oak")
        body = (await client.get("/v1/designs?q=sofa")).json()
        assert [(s["name"], s["status"]) for s in body["sources"]] == [("pine", "running"), ("wood", "running")]
        queue = await house.queue()
        job = await queue.take("slot")
        await queue.report(job, [JobEvent("progress", source=SourceProgress("pine", "blocked", reason="captcha"))])
        told_now = (await client.get(body["next"])).json()["sources"]
        assert {"name": "pine", "status": "blocked", "count": 0, "ms": 0, "reason": "captcha"} in told_now

    async def test_filters_hold_for_what_arrives(self, api):
        client, house = api
        await designs(house, 2)
        first = await client.get("/v1/designs?q=sofa&color=green&per_page=1")
        assert ids(first) == []
        found, done = await worker(house)
        await found(3, 4, colors=[RED])
        await found(5, 6, colors=[GREEN])
        await found(7, colors=[GREEN], group="wood:5")
        await done()
        assert await follow(client, first.json()["next"]) == (["wood:5", "wood:6"], None)

    async def test_a_page_is_never_longer_than_was_asked(self, api):
        client, house = api
        url = (await client.get("/v1/designs?q=sofa&color=green&per_page=2")).json()["next"]
        found, done = await worker(house)
        await found(1, colors=[RED])
        await found(2, 3, 4, colors=[GREEN])
        await done()
        first = await client.get(url)
        assert ids(first) == ["wood:2", "wood:3"]
        assert await follow(client, first.json()["next"]) == (["wood:4"], None)

    async def test_a_page_number_or_another_order_pages_through_what_is_stored(self, api):
        client, house = api
        await designs(house, 4)
        for query in ("page=1", "sort=-quality"):
            body = (await client.get(f"/v1/designs?q=sofa&per_page=2&{query}")).json()
            assert body["search_id"]
            assert "cursor" not in body["next"]
            assert ids(await client.get(body["next"])) == ["wood:2", "wood:1"]

    async def test_who_joins_a_search_without_a_start_gets_what_is_stored(self, api):
        client, house = api
        await designs(house, 2)
        await (await house.queue()).submit("designs", "sofa")
        assert ids(await client.get("/v1/designs?q=sofa")) == ["wood:2", "wood:1"]

    async def test_a_search_that_is_gone_is_a_410(self, api):
        answer = await api[0].get("/v1/designs?q=sofa&search_id=0123abc&cursor=2")
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:homefeed:problem:gone")

    async def test_a_search_for_products_is_none_for_designs(self, api):
        client, house = api
        job, _ = await (await house.queue()).submit("products", "sofa")
        assert wrong_fields(await client.get(f"/v1/designs?search_id={job.id}")) == (422, ["search_id"])

    async def test_its_pages_need_redis(self, tmp_path):
        async with served(tmp_path, "redis://127.0.0.1:1") as (client, _):
            answer = await client.get("/v1/designs?search_id=abc")
            assert (answer.status_code, answer.json()["type"]) == (503, "urn:homefeed:problem:redis-away")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(1, 30), max_size=8), max_size=6), st.integers(1, 7))
async def test_a_cursor_gives_each_design_once_however_they_arrive(api, bursts, per_page):
    client, house = api
    word = f"w{time.monotonic_ns()}"
    url = f"/v1/designs?q={word}&per_page={per_page}"
    seen, url = await follow(client, url)
    found, done = await worker(house)
    for burst in bursts:
        await found(*burst)
        more, url = await follow(client, url)
        seen += more
    await done()
    while url:
        more, url = await follow(client, url)
        seen += more
    assert seen == [f"wood:{n}" for n in dict.fromkeys(n for burst in bursts for n in burst)]


class TestShows:
    """What arrives is filtered as the store would."""

    QUERIES = ({}, {"source": "pine"}, {"color": "green"}, {"license": "CC0-1.0"}, {"orientation": "square"},
               {"min_quality": 0.5}, {"color": "red", "license": "cc-by-4.0"})  # fmt: skip
    DESIGNS = (
        design(1, colors=[GREEN], quality=0.6), design(2, colors=[RED], license=License("CC-BY-4.0"), quality=0.5),
        design(3, source="pine", width=5, height=5), design(4, group="wood:1", colors=[GREEN]),
        design(5, group="wood:5"),
    )  # fmt: skip

    @pytest.mark.parametrize("params", QUERIES)
    async def test_it_agrees_with_the_store(self, api, params):
        store = await api[1].store()
        await store.write_designs(list(self.DESIGNS))
        query: DesignQuery = DesignParams(**params).query()
        stored, _ = await store.find_designs(query)
        assert {d.id for d in self.DESIGNS if shows(query, d)} == {d.id for d in stored}


class TestOne:
    async def test_it_says_everything_but_the_address_to_ping(self, api):
        client, house = api
        await (await house.store()).write_designs([full_design()])
        body = (await client.get("/v1/designs/wood:1")).json()
        assert body["license"] == {"code": "CC-BY-4.0", "url": "https://cc.test/by", "version": "4.0"}
        assert body["renditions"][1] == {"url": "https://wood.test/1s.jpg", "width": None, "height": None}
        assert body["verified"] == {"url": None, "image": True, "price": None, "at": "1970-01-01T00:00:02.500Z"}
        assert "ping" not in body

    @pytest.mark.parametrize(("method", "part"), [("GET", ""), ("GET", "/similar"), ("POST", "/use")])
    async def test_an_unknown_one_is_a_404_everywhere(self, api, method, part):
        assert wrong_fields(await api[0].request(method, f"/v1/designs/wood:404{part}")) == (404, [])

    @pytest.mark.parametrize(
        ("method", "path", "field"),
        [("GET", "a%00", "id"), ("GET", "wood:1?x=1", "x"), ("GET", "wood:1/similar?limit=0", "limit"),
         ("POST", "wood:1/use?x=1", "x"), ("POST", f"{'x' * 501}/use", "id")],
    )  # fmt: skip
    async def test_what_cant_be_is_named(self, api, method, path, field):
        assert wrong_fields(await api[0].request(method, f"/v1/designs/{path}")) == (422, [field])

    async def test_a_use_can_only_be_posted(self, api):
        answer = await api[0].get("/v1/designs/wood:1/use")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


class TestSimilar:
    async def test_near_pictures_first_and_no_copy(self, api):
        client, house = api
        near, far = f"{'0' * 60}000f", "f" * 64
        await (await house.store()).write_designs([
            design(1, phash="0" * 64, title="Oak table", colors=[GREEN]),
            design(2, phash=near, colors=[GREEN]), design(3, phash=far, title="Oak table"),
            design(4, phash="0" * 64, group="wood:1"), design(5, phash=near, group="wood:2"),
            design(6, phash=far, title="Cat"), design(7, colors=["#2e8b58"]),
        ])  # fmt: skip
        body = (await client.get("/v1/designs/wood:1/similar")).json()
        assert [(d["id"], d["similarity"]) for d in body["results"]] == [
            ("wood:2", 0.6875), ("wood:3", 0.3), ("wood:7", 0.2973),
        ]  # fmt: skip
        assert ids(await client.get("/v1/designs/wood:1/similar?limit=1")) == ["wood:2"]

    async def test_a_picture_that_was_never_looked_at_has_none(self, api):
        await designs(api[1], 1, title=None)
        assert ids(await api[0].get("/v1/designs/wood:1/similar")) == []


class TestUse:
    async def test_the_last_use_of_each_client_is_kept(self, api):
        client, house = api
        await designs(house, 1)
        await told(house, "wood", kind="designs", terms={"ping": False})
        body = (await client.post("/v1/designs/wood:1/use")).json()
        last = (await client.post("/v1/designs/wood:1/use")).json()
        assert body | {"used_at": ""} == {
            "design_id": "wood:1", "used_at": "", "pinged": False, "reason": "its source does not ask for it",
        }  # fmt: skip
        kept = await (await house.store()).list("use", "wood:1/")
        assert [(document["client"], iso(document["at"])) for _, document in kept] == [("local", last["used_at"])]

    @pytest.mark.parametrize(
        ("terms", "reason"),
        [({"ping": True}, "without an address for it"), (None, "no worker has told what its source asks for")],
    )
    async def test_why_nobody_was_told(self, api, terms, reason):
        client, house = api
        await designs(house, 1)
        if terms:
            await told(house, "wood", kind="designs", terms=terms)
        body = (await client.post("/v1/designs/wood:1/use")).json()
        assert not body["pinged"]
        assert body["reason"].endswith(reason)

    async def test_without_redis_the_use_is_kept_all_the_same(self, tmp_path):
        async with served(tmp_path, "redis://127.0.0.1:1") as (client, house):
            await designs(house, 1)
            assert "Redis" in (await client.post("/v1/designs/wood:1/use")).json()["reason"]
            assert await (await house.store()).count("use") == 1

    @pytest.mark.parametrize(
        ("status", "pinged", "reason"),
        [(200, True, ""), (302, True, ""), (403, False, "its source answers with status 403")],
    )
    async def test_the_source_is_told_where_it_wants_to_be(self, tmp_path, valkey, listener, status, pinged, reason):
        port, asked = listener
        async with served(tmp_path, valkey, HOMEFEED_GUARD_ALLOW=f"127.0.0.1:{port}") as (client, house):
            await designs(house, 1, ping=f"http://127.0.0.1:{port}/{status}?used=1")
            body = (await client.post("/v1/designs/wood:1/use")).json()
            assert (body["pinged"], body["reason"]) == (pinged, reason)
            assert asked == [f"/{status}?used=1"]

    async def test_an_address_inside_is_never_asked(self, api, listener):
        port, asked = listener
        await designs(api[1], 1, ping=f"http://127.0.0.1:{port}/200")
        body = (await api[0].post("/v1/designs/wood:1/use")).json()
        assert (body["pinged"], asked) == (False, [])
        assert "not a public address" in body["reason"]

    async def test_a_source_that_does_not_answer(self, tmp_path, valkey):
        async with served(tmp_path, valkey, HOMEFEED_GUARD_ALLOW="127.0.0.1:1") as (client, house):
            await designs(house, 1, ping="http://127.0.0.1:1/")
            body = (await client.post("/v1/designs/wood:1/use")).json()
            assert (body["pinged"], body["reason"]) == (False, "its source does not answer: ConnectError")


@pytest.fixture
async def listener():
    """(port, paths asked): answers with the status its path begins with, and sends a 302 into nothing."""
    asked = []

    async def answer(reader, writer):
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        asked.append(path)
        status = path[1:4]
        writer.write(f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked
