"""`GET /v1/changes` and `/v1/changes/stream`: the same events and positions as the socket."""

import asyncio
import json

import httpx2
import pytest
from redis.asyncio import Redis

from crawler.core import bus as bus_module
from tests.api.relay.live import change, serving, until
from tests.api.served import wrong_fields


async def publish(house, *changes):
    return await (await house.bus()).publish(list(changes))


def ids(answer):
    return [c["id"] for c in answer.json()["results"]]


async def test_without_a_place_the_newest_fifty_oldest_first(api):
    client, house = api
    positions = await publish(house, *(change(n) for n in range(60)))
    answer = await client.get("/v1/changes")
    assert ids(answer) == [f"oak-{n}" for n in range(10, 60)]
    assert answer.json()["next"] == positions[-1]
    assert answer.json()["recovered"]
    assert answer.json()["results"][0] == {
        "id": "oak-10", "product_id": "oak:10", "field": "price", "old": "10.00", "new": "9.00", "currency": "INR",
        "observed_at": "1970-01-01T00:00:01.500Z", "confirmed": "high_confidence", "variant": None, "seller": None,
        "location": None, "condition": "new", "position": positions[10],
    }  # fmt: skip


@pytest.mark.parametrize("channel", [None, "retailer:oak", "product:oak:1"])
async def test_page_by_page_nothing_is_left_out_or_repeated(api, channel):
    client, house = api
    changes = [change(n, shop, product="1") for n in range(9) for shop in ("oak", "elm")]
    await publish(house, *changes)
    got, after = [], "0-0"
    while page := (await client.get("/v1/changes", params={"after": after, "limit": 4}
                                    | ({"channel": channel} if channel else {}))):  # fmt: skip
        assert len(ids(page)) <= 4
        got, after = got + ids(page), page.json()["next"]
        if not ids(page):
            break
    assert got == [c.id for c in changes if channel is None or c.id.startswith("oak")]


async def test_the_newest_of_one_channel(api):
    client, house = api
    await publish(house, *(change(n, shop) for n in range(5) for shop in ("oak", "elm")))
    assert ids(await client.get("/v1/changes?channel=retailer:elm&limit=2")) == ["elm-3", "elm-4"]


@pytest.mark.parametrize("place", ["after=9999999999999-0", "after=0-0&epoch=another"])
async def test_a_history_that_does_not_reach_back_is_said_so(api, place):
    client, house = api
    (position,) = await publish(house, change(1))
    found = (await client.get(f"/v1/changes?{place}")).json()
    assert (found["results"], found["recovered"], found["next"]) == ([], False, position)
    assert (await client.get(f"/v1/changes?{place}&wait_ms=5000")).json()["recovered"] is False


@pytest.mark.parametrize(("query", "field"), [
    ("after=yesterday", "after"), ("after=9223372036854775808-0", "after"), ("limit=0", "limit"),
    ("limit=501", "limit"),
    ("limit=many", "limit"), ("channel=stock:1", "channel"), ("channel=search:1", "channel"), ("channel=*", "channel"),
    ("wait_ms=25001&after=0-0", "wait_ms"), ("wait_ms=1", "wait_ms"), ("since=1", "since"), ("epoch=a%00", "epoch"),
])  # fmt: skip
async def test_what_can_not_be_names_the_field(api, query, field):
    client, _ = api
    assert wrong_fields(await client.get(f"/v1/changes?{query}")) == (422, [field])


@pytest.mark.parametrize("header", ["1-0", "/1-0", "epoch/", "epoch/now"])
async def test_an_event_id_that_is_none(api, header):
    client, _ = api
    answer = await client.get("/v1/changes/stream", headers={"Last-Event-ID": header})
    assert wrong_fields(answer) == (422, ["Last-Event-ID"])


async def test_a_waiting_client_is_told_as_soon_as_something_changes_on_its_channel(api):
    client, house = api
    (position,) = await publish(house, change(0))
    query = f"/v1/changes?after={position}&channel=retailer:oak&wait_ms=20000"
    waiting = asyncio.create_task(client.get(query))
    await until(lambda: "retailer:oak" in house.relay.hub._channels)
    await publish(house, change(1, "elm"))
    await publish(house, change(2))
    assert ids(await asyncio.wait_for(waiting, 5)) == ["oak-2"]
    assert "retailer:oak" not in house.relay.hub._channels


async def test_a_client_waits_no_longer_than_it_asked_or_than_the_server_lives(api):
    client, house = api
    (position,) = await publish(house, change(0))
    found = (await client.get(f"/v1/changes?after={position}&wait_ms=50")).json()
    assert (found["results"], found["next"], found["recovered"]) == ([], position, True)
    waiting = asyncio.create_task(client.get(f"/v1/changes?after={position}&wait_ms=20000"))
    await until(lambda: "*" in house.relay.hub._channels)
    house.closing.set()
    assert ids(await asyncio.wait_for(waiting, 5)) == []


class Events:
    """A reader of one event stream."""

    def __init__(self, answer):
        self.lines = answer.aiter_lines()

    async def next(self):
        """(event, id, data) of the next one."""
        found = {}
        while True:
            line = await asyncio.wait_for(anext(self.lines), 5)
            if not line and "event" in found:
                return found["event"], found["id"], json.loads(found["data"])
            name, _, value = line.partition(": ")
            found[name] = value


@pytest.fixture
async def live(tmp_path, valkey):
    async with serving(tmp_path, valkey) as live, httpx2.AsyncClient(base_url=f"http://127.0.0.1:{live.port}") as http:
        live.http = http
        yield live


def stream(live, query="", **headers):
    return live.http.stream("GET", f"/v1/changes/stream{query}", headers=headers)


async def test_an_event_stream_begins_now_and_resumes_behind_its_last_event(live):
    (before,) = await live.publish(change(0))
    await live.hub.reached(before)
    async with stream(live) as answer:
        events = Events(answer)
        name, place, data = await events.next()
        assert (name, data["recovered"], place) == ("subscribed", True, f"{data['epoch']}/{before}")
        positions = await live.publish(change(1), change(2, "elm"))
        name, last, data = await events.next()
        assert (name, data["channel"], data["data"]["id"]) == ("change", "product:oak:1", "oak-1")
        assert last.endswith(f"/{positions[0]}")
    await live.publish(change(3))
    async with stream(live, **{"Last-Event-ID": last}) as answer:
        events = Events(answer)
        assert (await events.next())[2]["recovered"]
        await live.publish(change(4))
        assert [(await events.next())[2]["data"]["id"] for _ in range(3)] == ["elm-2", "oak-3", "oak-4"]
    await until(lambda: not live.hub._channels)


async def test_an_event_stream_of_one_channel(live):
    async with stream(live, "?channel=retailer:oak&after=0-0") as answer:
        events = Events(answer)
        await events.next()
        await live.publish(change(1, "elm"), change(2))
        name, _, data = await events.next()
        assert (name, data["channel"], data["data"]["id"]) == ("change", "retailer:oak", "oak-2")


async def test_an_event_stream_ends_when_the_stream_is_lost_and_then_says_so(tmp_path, valkey, monkeypatch):
    monkeypatch.setattr(bus_module, "WAKE_MS", 50)
    async with serving(tmp_path, valkey) as live, httpx2.AsyncClient(base_url=f"http://127.0.0.1:{live.port}") as http:
        live.http = http
        await live.publish(change(1))
        async with stream(live, "?after=0-0") as answer:
            events = Events(answer)
            await events.next()
            _, last, _ = await events.next()
            async with Redis.from_url(valkey) as redis:
                await redis.flushall()
            with pytest.raises(StopAsyncIteration):
                await events.next()
        async with stream(live, **{"Last-Event-ID": last}) as answer:
            name, place, data = await Events(answer).next()
            assert (name, data["recovered"]) == ("subscribed", False)
            assert not place.startswith(last.partition("/")[0])
