"""`WS /v1/ws` over real sockets: what a client asks, is told, and is told again after it was away."""

import asyncio
import json
from contextlib import suppress

import pytest
import websockets
from starlette.testclient import TestClient

from api.app import create_app
from api.seats import SOCKETS
from crawler.core.config import load
from crawler.core.models import Product, Record
from tests.api.relay.live import change, changes, heard, quiet, said, serving, subscribed

STATE = {"epoch", "position", "recovered", "channel", "snapshot"}


async def test_a_change_reaches_those_who_follow_its_product_or_retailer_and_nobody_else(live):
    async with live.client() as product, live.client() as retailer, live.client() as other:
        await subscribed(product, "product:oak:1")
        await subscribed(retailer, "retailer:oak", "product:elm:1")
        await subscribed(other, "product:oak:2", "retailer:elm")
        (position,) = await live.publish(change(1))
        message = await heard(product)
        assert (message["channel"], message["position"]) == ("product:oak:1", position)
        assert message["data"] == {
            "id": "oak-1", "product_id": "oak:1", "field": "price", "old": "10.00", "new": "9.00", "currency": "INR",
            "observed_at": "1970-01-01T00:00:01.500Z", "confirmed": "high_confidence", "variant": None, "seller": None,
            "location": None, "condition": "new", "position": position,
        }  # fmt: skip
        assert await changes(retailer, 1) == [("retailer:oak", "oak-1")]
        await quiet(other)


async def test_subscribed_gives_the_product_as_stored_and_where_the_stream_is(live):
    store = await live.house.store()
    product = Product(id="oak:1", retailer="oak", sku="1", url="https://oak.test/1", title="Oak table")
    await store.write([Record(product, 1, first_seen=1.0, last_seen=2.0, last_changed=1.0)])
    (position,) = await live.publish(change(1))
    async with live.client() as ws:
        await live.hub.reached(position)
        known, unknown, retailer = await subscribed(ws, "product:oak:1", "product:oak:2", "retailer:oak")
    assert set(known) == STATE
    assert known["snapshot"]["title"] == "Oak table"
    assert known["snapshot"]["first_seen"] == "1970-01-01T00:00:01.000Z"
    assert (unknown["snapshot"], retailer["snapshot"]) == (None, None)
    assert {(r["position"], r["recovered"]) for r in (known, unknown, retailer)} == {(position, True)}


async def test_a_thousand_channels_in_one_message(live):
    async with live.client() as ws:
        names = [f"product:a-long-shop-name.example.test:{n:016x}" for n in range(1_000)]
        (first, *_) = await subscribed(ws, names[0])
        place = {"after": first["position"], "epoch": first["epoch"]}
        replies = await subscribed(ws, *({"channel": name} | place for name in names))
        assert [r["channel"] for r in replies] == names
        assert all(r["recovered"] for r in replies)


async def test_after_replays_what_was_missed_then_goes_on_live(live):
    async with live.client() as ws:
        (start,) = await subscribed(ws, "retailer:oak")
    positions = await live.publish(*(change(n, shop) for n in range(3) for shop in ("oak", "elm")))
    async with live.client() as ws:
        place = {"after": positions[0], "epoch": start["epoch"]}
        (reply,) = await subscribed(ws, {"channel": "retailer:oak"} | place)
        assert (reply["recovered"], reply["position"], reply["snapshot"]) == (True, positions[0], None)
        await live.publish(change(3))
        assert await changes(ws, 3) == [("retailer:oak", f"oak-{n}") for n in (1, 2, 3)]
        await quiet(ws)


async def test_each_channel_goes_on_from_its_own_place(live):
    positions = await live.publish(*(change(n, product="1") for n in range(4)))
    async with live.client() as ws:
        await subscribed(ws, {"channel": "product:oak:1", "after": positions[2]},
                         {"channel": "retailer:oak", "after": positions[1]})  # fmt: skip
        expected = [("retailer:oak", "oak-2"), ("retailer:oak", "oak-3"), ("product:oak:1", "oak-3")]
        assert await changes(ws, 3) == expected


async def test_to_subscribe_again_loses_nothing_for_whoever_listened_before(live):
    positions = await live.publish(change(1), change(2))
    async with live.client() as ws:
        await subscribed(ws, {"channel": "retailer:oak", "after": positions[1]})
        replies = await subscribed(ws, "retailer:oak", {"channel": "retailer:oak", "after": positions[0]})
        assert [r["recovered"] for r in replies] == [True, True]
        await live.publish(change(3))
        assert await changes(ws, 2) == [("retailer:oak", "oak-2"), ("retailer:oak", "oak-3")]
        await quiet(ws)


@pytest.mark.parametrize("place", [{"after": "9999999999999-0"}, {"after": "1-0", "epoch": "another"}])
async def test_a_place_that_is_not_in_this_stream_is_not_recovered(live, place):
    (position,) = await live.publish(change(1))
    async with live.client() as ws:
        await live.hub.reached(position)
        (reply,) = await subscribed(ws, {"channel": "product:oak:1"} | place)
        assert (reply["recovered"], reply["position"]) == (False, position)
        await live.publish(change(2, product="1"))
        assert await changes(ws, 1) == [("product:oak:1", "oak-2")]


async def test_unsubscribed_is_told_no_more(live):
    async with live.client() as ws:
        await subscribed(ws, "retailer:oak", "product:oak:1")
        await said(ws, type="unsubscribe", channels=["retailer:oak", "product:never"])
        assert (await heard(ws))["type"] == "unsubscribed"
        await live.publish(change(1))
        assert await changes(ws, 1) == [("product:oak:1", "oak-1")]
        await quiet(ws)


async def test_ping(live):
    async with live.client() as ws:
        await said(ws, type="ping")
        assert await heard(ws) == {"type": "pong"}


@pytest.mark.parametrize("bad", ["stock:1", "product:", "product", "retailer:a\x00b", "*", "retailer:" + "x" * 301])
async def test_a_channel_that_can_not_be_is_refused_and_the_others_go_on(live, bad):
    async with live.client() as ws:
        await said(ws, type="subscribe", channels=[bad, {"channel": "retailer:oak"}])
        error = await heard(ws)
        assert (error["type"], error["channel"], error["field"]) == ("error", bad, "channel")
        assert (await heard(ws))["type"] == "subscribed"
        await live.publish(change(1))
        assert await changes(ws, 1) == [("retailer:oak", "oak-1")]


async def test_a_bad_place_names_the_field(live):
    async with live.client() as ws:
        await said(ws, type="subscribe", channels=[{"channel": "retailer:oak", "after": "yesterday"}])
        error = await heard(ws)
        assert (error["type"], error["channel"], error["field"]) == ("error", "retailer:oak", "after")


@pytest.mark.parametrize(("text", "field"), [
    ("{", "message"), ("[]", "message"), ('{"type":"shout"}', "type"), ('{"type":"subscribe"}', "message"),
    ('{"type":"subscribe","channels":[{"channel":1}]}', "channels[0].channel"), ("x" * 300_000, "message"),
])  # fmt: skip
async def test_what_can_not_be_read_is_answered_and_forgiven_a_few_times(live, text, field):
    async with live.client() as ws:
        for _ in range(5):
            await ws.send(text)
            error = await heard(ws)
            assert (error["type"], error["field"]) == ("error", field)
            assert error["detail"]
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await heard(ws)
        assert closed.value.rcvd.code == 1008


async def test_more_channels_than_a_connection_may_have(live):
    async with live.client() as ws:
        for start in range(0, 5_000, 1_000):
            await subscribed(ws, *(f"product:oak:{n}" for n in range(start, start + 1_000)))
        for more in ("product:oak:5000", "search:5000"):
            await said(ws, type="subscribe", channels=[more])
            error = await heard(ws)
            assert (error["channel"], error["field"]) == (more, "channels")


async def test_many_commands_at_once_are_carried_out_in_order(live):
    async with live.client() as ws:
        for n in range(100):
            await said(ws, type="subscribe", channels=[f"product:oak:{n}"])
        await said(ws, type="ping")
        got = [await heard(ws) for _ in range(101)]
        assert [m["channels"][0]["channel"] for m in got[:-1]] == [f"product:oak:{n}" for n in range(100)]
        assert got[-1] == {"type": "pong"}


async def test_who_went_leaves_nothing_behind(live):
    async with live.client() as ws:
        await subscribed(ws, "retailer:oak")
        assert live.hub._channels
    async with asyncio.timeout(5):
        while live.hub._channels:
            await asyncio.sleep(0.01)


async def test_long_messages_are_compressed_and_short_ones_are_not(live):
    store = await live.house.store()
    product = Product(id="oak:1", retailer="oak", sku="1", url="https://oak.test/1", title="T",
                      description="wood " * 900)  # fmt: skip
    await store.write([Record(product, 1, first_seen=1.0, last_seen=2.0, last_changed=1.0)])
    frames = []
    async with live.client() as ws:
        extension = ws.protocol.extensions[0]
        decode = extension.decode
        extension.decode = lambda frame, **k: frames.append((frame.rsv1, len(frame.data))) or decode(frame, **k)
        (reply,) = await subscribed(ws, "product:oak:1")
        await live.publish(change(1))
        await heard(ws)
        (again,) = await subscribed(ws, "product:oak:1")
    assert again["snapshot"] == reply["snapshot"]
    assert [packed for packed, _ in frames[:3]] == [True, False, True]
    assert frames[0][1] < 1_000
    async with live.client(compression=None) as ws:
        assert (await subscribed(ws, "product:oak:1"))[0]["snapshot"] == reply["snapshot"]


async def test_the_same_conversation_where_the_server_offers_no_raw_socket(tmp_path, valkey):
    async with serving(tmp_path, valkey, ws="websockets-sansio") as live, live.client() as ws:
        positions = await live.publish(change(1), change(2))
        await subscribed(ws, {"channel": "retailer:oak", "after": positions[0]})
        await live.publish(change(3))
        assert await changes(ws, 2) == [("retailer:oak", "oak-2"), ("retailer:oak", "oak-3")]
        for _ in range(5):
            await ws.send("nonsense")
        assert {json.loads(text)["field"] async for text in closing(ws)} == {"message"}
        assert ws.close_code == 1008


async def closing(ws):
    """Every message to the end of the connection."""
    with suppress(websockets.ConnectionClosed):
        while True:
            yield await asyncio.wait_for(ws.recv(), 5)


def test_the_test_client_of_starlette_can_follow(tmp_path, valkey):
    app = create_app(load({"HOMEFEED_DATA_DIR": str(tmp_path), "HOMEFEED_REDIS_URL": valkey}, tmp_path / "no.env"))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client, client.websocket_connect("/v1/ws") as ws:
        ws.send_json({"type": "subscribe", "channels": ["retailer:oak"]})
        assert ws.receive_json()["channels"][0]["recovered"]


async def test_one_access_holds_so_many_sockets(live, monkeypatch):
    monkeypatch.setattr(SOCKETS, "most", 2)
    async with live.client() as one, live.client() as two:
        await subscribed(one, "retailer:oak")
        await subscribed(two, "retailer:oak")
        async with live.client() as three:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await heard(three)
            assert closed.value.rcvd.code == 1013
    async with asyncio.timeout(5):
        while SOCKETS._taken:
            await asyncio.sleep(0.01)
    async with live.client() as again:
        await subscribed(again, "retailer:oak")
