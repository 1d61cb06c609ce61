"""Searches over HTTP against a real queue; a worker's part is played by the test."""

import asyncio
import json
from contextlib import aclosing
from random import Random

import pytest

from api.searches.events import job_events
from crawler.core.errors import BusAway
from crawler.core.models.jobs import JobEvent, SourceInfo, SourceProgress
from tests.api.served import named, served, wrong_fields
from tests.crawler.core.store.making import design, record

ASK = {"kind": "products", "query": "sofa"}
DONE = JobEvent("done", state="done")


def items(*ids):
    return JobEvent("item", items=[{"id": f"oak:{i}"} for i in ids])


def going(name="oak", status="running", **more):
    return JobEvent("progress", source=SourceProgress(name, status, **more))


async def stock(house, *numbers, title="Sofa"):
    await (await house.store()).write([record(n, title=title, price=n * 100, currency="INR") for n in numbers])


async def started(api, **more):
    """(id, the job as a worker has it)."""
    client, house = api
    answer = await client.post("/v1/searches", json=ASK | more)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"], await (await house.queue()).take("slot")


async def report(api, job, *events):
    await (await api[1].queue()).report(job, events)


def told(body):
    """(event, data, id) of each event of a stream."""
    found = []
    for block in body.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"]), lines.get("id")))
    return found


async def events(api, id_, after=None):
    headers = {"Last-Event-ID": after} if after else {}
    answer = await api[0].get(f"/v1/searches/{id_}/events", headers=headers)
    assert answer.status_code == 200, answer.text
    return told(answer.text)


class TestStart:
    async def test_it_waits_in_line_with_what_is_stored(self, api):
        await stock(api[1], 1, 2)
        await stock(api[1], 3, title="Bed")
        answer = await api[0].post("/v1/searches", json=ASK)
        search = answer.json()
        assert answer.status_code == 202
        assert answer.headers["location"] == f"/v1/searches/{search['id']}"
        assert (search["state"], search["position"], search["count"]) == ("waiting", 0, 0)
        assert {p["id"] for p in search["results"]} == {"oak:1", "oak:2"}
        assert search["results"][0]["price"] in ("1.00", "2.00")
        assert search["search_id"] == search["id"]
        assert [s["reason"] for s in search["sources"]] == ["waits: no worker is alive"]

    async def test_place_in_line(self, api):
        ids = [(await api[0].post("/v1/searches", json=ASK | {"query": q})).json()["id"] for q in ("sofa", "bed")]
        places = [(await api[0].get(f"/v1/searches/{i}")).json()["position"] for i in ids]
        assert places == [0, 1]

    async def test_the_same_search_is_one_search(self, api):
        asked = [api[0].post("/v1/searches", json=ASK | {"query": q}) for q in ["Blue  Sofa", "blue sofa"] * 5]
        assert len({answer.json()["id"] for answer in await asyncio.gather(*asked)}) == 1

    async def test_what_is_asked_reaches_the_worker(self, api):
        _, job = await started(api, pages=2, category="beds", location="560001", country="de", sources=["oak"])
        assert (job.kind, job.query, job.sources, job.priority) == ("products", "sofa", ["oak"], "person")
        assert job.args == {"pages": "2", "category": "beds", "location": "560001", "country": "de"}

    async def test_the_client_is_who_asked(self, api):
        await api[0].post("/v1/searches", json=ASK, headers=named("ann/phone"))
        assert (await (await api[1].queue()).take("slot")).client == "ann/phone"

    async def test_only_what_the_asked_sources_have_is_known(self, api):
        store = await api[1].store()
        await store.write([record(1, title="Sofa"), record(1, title="Sofa", retailer="elm")])
        answer = await api[0].post("/v1/searches", json=ASK | {"sources": ["elm"]})
        assert [p["id"] for p in answer.json()["results"]] == ["elm:1"]

    async def test_designs(self, api):
        await (await api[1].store()).write_designs([design(1, title="Sofa"), design(2, title="Bed")])
        answer = await api[0].post("/v1/searches", json={"kind": "designs", "query": "sofa"})
        assert [d["id"] for d in answer.json()["results"]] == ["wood:1"]

    async def test_a_search_that_ends_within_the_wait_is_answered_whole(self, api):
        client, house = api
        await stock(house, 7, title="Cot")
        asked = asyncio.create_task(client.post("/v1/searches", json=ASK | {"wait_ms": 20_000}))
        queue = await house.queue()
        while (job := await queue.take("slot")) is None:
            await asyncio.sleep(0.01)
        await queue.report(job, [going(count=1), items(7), going(status="ok", count=1), DONE])
        answer = await asyncio.wait_for(asked, 10)
        assert answer.status_code == 200
        assert [p["id"] for p in answer.json()["results"]] == ["oak:7"]
        assert [(s["name"], s["status"]) for s in answer.json()["sources"]] == [("oak", "ok")]

    async def test_one_that_does_not_is_answered_with_what_there_is(self, api):
        await stock(api[1], 1)
        answer = await asyncio.wait_for(api[0].post("/v1/searches", json=ASK | {"wait_ms": 50}), 10)
        assert answer.status_code == 202
        assert len(answer.json()["results"]) == 1

    async def test_nobody_waits_for_a_server_that_stops(self, api):
        asked = asyncio.create_task(api[0].post("/v1/searches", json=ASK | {"wait_ms": 20_000}))
        queue = await api[1].queue()
        while not await queue.waiting():
            await asyncio.sleep(0.01)
        api[1].closing.set()
        assert (await asyncio.wait_for(asked, 5)).status_code == 202

    @pytest.mark.parametrize(("change", "field"), [
        ({"kind": "recheck"}, "kind"), ({"kind": None}, "kind"), ({"query": ""}, "query"), ({"query": " -- "}, "query"),
        ({"query": "so\0fa"}, "query"), ({"query": "x" * 201}, "query"), ({"query": 7}, "query"),
        ({"query": "\ud800"}, "query"), ({"pages": 0}, "pages"), ({"pages": 51}, "pages"), ({"pages": "2"}, "pages"),
        ({"wait_ms": -1}, "wait_ms"), ({"wait_ms": 20_001}, "wait_ms"), ({"wait_ms": 1.5}, "wait_ms"),
        ({"sources": "oak"}, "sources"), ({"sources": [""]}, "sources.0"), ({"sources": ["a"] * 51}, "sources"),
        ({"category": ""}, "category"), ({"location": "a\0"}, "location"), ({"colour": "red"}, "colour"),
        ({"country": "Germany"}, "country"), ({"country": "DE"}, "country"),
    ])  # fmt: skip
    async def test_a_wrong_field_is_named(self, api, change, field):
        body = json.dumps(ASK | change)
        answer = await api[0].post("/v1/searches", content=body, headers={"content-type": "application/json"})
        assert wrong_fields(answer) == (422, [field])

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"sofa"', b"\xff"])
    async def test_a_body_that_is_none(self, api, body):
        answer = await api[0].post("/v1/searches", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422)
        assert answer.json()["type"] == "urn:homefeed:problem:invalid"

    async def test_a_source_that_can_not_be_searched_is_told_with_those_that_can(self, api):
        queue = await api[1].queue()
        await queue.tell_sources([SourceInfo("oak", "products", "https://oak.test"),
                                  SourceInfo("mail", "products", "https://mail.test", searchable=False),
                                  SourceInfo("wood", "designs", "https://wood.test")])  # fmt: skip
        for name in ("wood", "mail", "elm"):
            answer = await api[0].post("/v1/searches", json=ASK | {"sources": ["oak", name]})
            assert wrong_fields(answer) == (422, ["sources"])
            assert answer.json()["detail"] == f"sources: {name} can't be searched for products; use oak"
        assert (await api[0].post("/v1/searches", json=ASK | {"sources": ["oak"]})).status_code == 202

    async def test_a_full_line_is_told(self, tmp_path, valkey):
        async with served(tmp_path, valkey, HOMEFEED_LINE="1") as (client, _):
            assert (await client.post("/v1/searches", json=ASK)).status_code == 202
            answer = await client.post("/v1/searches", json=ASK | {"query": "bed"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")

    async def test_redis_away_is_told(self, tmp_path):
        async with served(tmp_path, "redis://127.0.0.1:1/0") as (client, _):
            answer = await asyncio.wait_for(client.post("/v1/searches", json=ASK), 10)
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:homefeed:problem:redis-away")


class TestRead:
    async def test_results_in_the_order_they_came_in_pages_that_stay(self, api):
        await stock(api[1], 5)
        await stock(api[1], 1, 2, 3, title="Chair")
        id_, job = await started(api)
        await report(api, job, items(3, 1), items(5, 2))
        first = (await api[0].get(f"/v1/searches/{id_}?per_page=3")).json()
        assert [p["id"] for p in first["results"]] == ["oak:5", "oak:3", "oak:1"]
        assert (first["total"], first["next"]) == (4, f"/v1/searches/{id_}?page=2&per_page=3")
        answer = await api[0].get(first["next"])
        assert [p["id"] for p in answer.json()["results"]] == ["oak:2"]
        assert answer.json()["next"] is None
        assert 'rel="prev"' in answer.headers["link"]

    async def test_its_state(self, api):
        id_, job = await started(api)
        running = (await api[0].get(f"/v1/searches/{id_}")).json()
        assert (running["state"], running["position"], running["finished_at"]) == ("running", None, None)
        await report(api, job, going(status="robots", reason="forbidden"), DONE)
        over = (await api[0].get(f"/v1/searches/{id_}")).json()
        assert (over["state"], over["sources"][0]["status"]) == ("done", "robots")
        assert over["finished_at"] >= over["started_at"] >= over["created_at"] > "2020"

    @pytest.mark.parametrize(("query", "field"), [
        ("page=0", "page"), ("page=1001", "page"), ("page=x", "page"), ("per_page=101", "per_page"), ("x=1", "x"),
        ("page=1&page=2", "page"),
    ])  # fmt: skip
    async def test_a_wrong_parameter_is_named(self, api, query, field):
        id_, _ = await started(api)
        assert wrong_fields(await api[0].get(f"/v1/searches/{id_}?{query}")) == (422, [field])

    @pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/events"), ("DELETE", "")])
    async def test_an_unknown_search(self, api, method, path):
        assert (await api[0].request(method, f"/v1/searches/none{path}")).status_code == 404
        assert wrong_fields(await api[0].request(method, f"/v1/searches/a%00b{path}")) == (422, ["id"])
        assert wrong_fields(await api[0].request(method, f"/v1/searches/none{path}?x=1")) == (422, ["x"])


class TestEvents:
    async def test_everything_in_order_and_then_the_end(self, api):
        id_, job = await started(api)
        await report(api, job, going(), items(1, 2), going(status="ok", count=2, ms=7), DONE)
        found = await events(api, id_)
        assert [name for name, _, _ in found] == ["progress", "item", "progress", "done"]
        assert found[1][1] == {"items": [{"id": "oak:1"}, {"id": "oak:2"}]}
        assert found[2][1] == {"source": {"name": "oak", "status": "ok", "count": 2, "ms": 7, "reason": ""}}
        assert found[3][1] == {"state": "done", "reason": ""}

    async def test_any_cut_is_resumed_without_loss_or_repeat(self, api):
        id_, job = await started(api)
        for n in range(4):
            await report(api, job, going(count=n), items(n))
        await report(api, job, DONE)
        whole = await events(api, id_)
        assert len(whole) == 9
        for cut in range(8):
            assert await events(api, id_, whole[cut][2]) == whole[cut + 1 :]

    @pytest.mark.parametrize("seed", range(5))
    async def test_a_client_that_is_cut_again_and_again_while_it_runs_hears_everything_once(self, api, seed):
        id_, job = await started(api)
        dice, heard, last = Random(seed), [], None

        async def work():
            for n in range(0, 40, 2):
                await report(api, job, going(count=n), items(n, n + 1))
                await asyncio.sleep(dice.choice([0, 0, 0.003]))
            await report(api, job, DONE)

        working = asyncio.create_task(work())
        while not heard or heard[-1][0] != "done":
            left = dice.randrange(1, 6)
            async with aclosing(job_events(api[1], id_, last)) as stream:
                async for chunk in stream:
                    taken = told(chunk.decode())[:left]  # the connection may break between any two events
                    heard, last, left = heard + taken, taken[-1][2], left - len(taken)
                    if not left:
                        break
        await working
        assert heard == await events(api, id_)
        assert [i["id"] for _, data, _ in heard for i in data.get("items", [])] == [f"oak:{n}" for n in range(40)]

    async def test_a_client_that_knows_the_end_is_told_to_stop_asking(self, api):
        id_, job = await started(api)
        await report(api, job, DONE)
        last = (await events(api, id_))[-1][2]
        answer = await api[0].get(f"/v1/searches/{id_}/events", headers={"Last-Event-ID": last})
        assert (answer.status_code, answer.content) == (204, b"")

    async def test_what_comes_while_it_is_followed_comes_at_once(self, api):
        id_, job = await started(api)
        following = asyncio.create_task(events(api, id_))
        await report(api, job, going())
        await asyncio.sleep(0)
        await report(api, job, items(1), DONE)
        assert [name for name, _, _ in await asyncio.wait_for(following, 5)] == ["progress", "item", "done"]

    async def test_it_outlives_redis_and_goes_on_where_it_was(self, api, monkeypatch):
        monkeypatch.setattr("api.searches.events.AWAY_S", 0.01)
        id_, job = await started(api)
        queue, calls = await api[1].queue(), []
        await report(api, job, going(), items(1))
        follow = queue.follow

        async def breaking(job_id, after=None):
            calls.append(after)
            if len(calls) == 2:
                raise BusAway("gone")
            async for batch in follow(job_id, after):
                yield batch
                if len(calls) == 1:
                    raise BusAway("gone")

        monkeypatch.setattr(queue, "follow", breaking)
        following = asyncio.create_task(events(api, id_))
        while len(calls) < 3:
            await asyncio.sleep(0.01)
        await report(api, job, items(2), DONE)
        heard = await asyncio.wait_for(following, 5)
        assert [name for name, _, _ in heard] == ["progress", "item", "item", "done"]
        assert calls == [None, heard[1][2], heard[1][2]]

    @pytest.mark.parametrize("position", ["x", "1", "1-", "-1", "1-2-3", "9" * 19 + "-0", "1-0 "])
    async def test_no_position(self, api, position):
        id_, _ = await started(api)
        answer = await api[0].get(f"/v1/searches/{id_}/events", headers={"Last-Event-ID": position})
        assert wrong_fields(answer) == (422, ["Last-Event-ID"])

    async def test_headers_that_keep_proxies_from_holding_it_back(self, api):
        id_, job = await started(api)
        await report(api, job, DONE)
        headers = (await api[0].get(f"/v1/searches/{id_}/events")).headers
        assert headers["content-type"].startswith("text/event-stream")
        assert (headers["x-accel-buffering"], headers["cache-control"]) == ("no", "no-store")

    async def test_it_ends_when_the_server_stops(self, api):
        id_, _ = await started(api)
        following = asyncio.create_task(events(api, id_))
        await asyncio.sleep(0.05)
        assert not following.done()
        api[1].closing.set()
        assert await asyncio.wait_for(following, 5) == []


class TestCancel:
    async def test_it_ends_when_nobody_wants_it(self, api):
        id_, _ = await started(api)
        assert (await api[0].delete(f"/v1/searches/{id_}")).status_code == 204
        search = (await api[0].get(f"/v1/searches/{id_}")).json()
        assert (search["state"], search["reason"]) == ("cancelled", "nobody waits for it any longer")
        assert (await events(api, id_))[-1][1]["state"] == "cancelled"

    async def test_not_while_somebody_else_does(self, api):
        for name in ("ann", "bob"):
            id_ = (await api[0].post("/v1/searches", json=ASK, headers=named(name))).json()["id"]
        for name, state in (("ann", "waiting"), ("bob", "cancelled")):
            assert (await api[0].delete(f"/v1/searches/{id_}", headers=named(name))).status_code == 204
            assert (await api[0].get(f"/v1/searches/{id_}")).json()["state"] == state

    async def test_what_is_over_stays_as_it_is(self, api):
        id_, job = await started(api)
        await report(api, job, DONE)
        answer = await api[0].delete(f"/v1/searches/{id_}")
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:homefeed:problem:conflict")
        assert (await api[0].get(f"/v1/searches/{id_}")).json()["state"] == "done"
