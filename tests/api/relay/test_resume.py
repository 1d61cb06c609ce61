"""No gap, no repeat, in order: whatever is published, wherever a client is cut off, whatever Redis does."""

import asyncio
import json
import os
import random
import signal

import pytest
import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from api.relay import relay as relay_module
from api.relay.catch_up import catch_up
from api.relay.feed import Feed
from api.relay.relay import Relay
from bench.common import free_port
from crawler.core import bus as bus_module
from crawler.core.bus import Bus
from crawler.core.errors import BusAway
from crawler.core.positions import order
from tests.api.relay.live import change, changes, heard, serving, subscribed


async def nothing(tags=None):
    pass


class Stalled(Bus):
    """A real bus whose readers are held back as the law wants, so that publishing and telling interleave."""

    def __init__(self, url, pauses):
        super().__init__(url)
        self._pauses = iter(pauses)

    async def read(self, *args, **kwargs):
        batch = await super().read(*args, **kwargs)
        await asyncio.sleep(next(self._pauses, 0) / 1000)
        return batch


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.integers(0, 6), known=st.integers(0, 6), batches=st.lists(st.integers(1, 4), max_size=6),
    pauses=st.lists(st.integers(0, 4), max_size=40), gaps=st.lists(st.integers(0, 3), min_size=6, max_size=6),
)  # fmt: skip
async def test_law_replay_and_live_meet_without_gap_or_repeat(valkey, before, known, batches, pauses, gaps):
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    bus, relay_bus = Stalled(valkey, pauses), Stalled(valkey, pauses[::-1])
    feed = Feed()
    places = ["0-0", *await bus.publish([change(n) for n in range(before)])]
    relay = Relay(lambda: as_coroutine(relay_bus), nothing, nothing)
    await relay.start()
    try:
        await relay.ready()
        relay.bus = lambda: as_coroutine(bus)
        publishing = asyncio.create_task(publish(bus, before, batches, gaps))
        start = places[min(known, before)]
        assert await catch_up(relay, feed, {"retailer:oak": start}, relay.hub.mark)
        places += await publishing
        await relay.reached(places[-1])
        expected = places[1 + min(known, before) :]
        got = [m.position for m in await feed.next()] if expected else []
        assert got == sorted(expected, key=order)
    finally:
        await relay.stop()
        await bus.close()
        await relay_bus.close()


class Meanwhile(Feed):
    """While it is replayed to, the hub goes on by one change at a time."""

    def __init__(self, hub, bus):
        super().__init__()
        self.hub, self.bus = hub, bus

    async def drained(self):
        self.hub.advance(await self.bus.read(self.hub.head, 1))


async def test_the_replay_stops_at_what_the_hub_has_told_and_the_hub_goes_on_from_there(valkey):
    bus = Bus(valkey)
    relay = Relay(lambda: as_coroutine(bus), nothing, nothing)
    positions = await bus.publish([change(n) for n in range(8)])
    relay.hub.advance(await bus.read("0-0", 2))
    feed = Meanwhile(relay.hub, bus)
    assert await catch_up(relay, feed, {"retailer:oak": "0-0"}, relay.hub.mark)
    relay.hub.advance(await bus.read(relay.hub.head))
    assert [m.position for m in await feed.next()] == positions
    await bus.close()


async def as_coroutine(value):
    return value


async def publish(bus, start, batches, gaps):
    places = []
    for size, gap in zip(batches, gaps, strict=False):
        places += await bus.publish([change(start + len(places) + n) for n in range(size)])
        await asyncio.sleep(gap / 1000)
    return places


class Coming:
    """A client that is cut off at random, comes back from where it was, and keeps what it was told."""

    def __init__(self, live, channel, rng):
        self.live, self.channel, self.rng = live, channel, rng
        self.got, self.place, self.cuts = [], {}, 0

    async def run(self, wanted):
        while len(self.got) < wanted:
            async with self.live.client() as ws:
                await self.listen(ws, wanted, self.rng.randrange(1, 40))
                if self.rng.random() < 0.5:
                    ws.transport.abort()
            self.cuts += 1

    async def listen(self, ws, wanted, patience):
        (reply,) = await subscribed(ws, {"channel": self.channel} | self.place)
        assert reply["recovered"]
        self.place = {"after": reply["position"], "epoch": reply["epoch"]}
        while len(self.got) < wanted and patience:
            message = await heard(ws)
            self.got.append(message["data"]["id"])
            self.place["after"], patience = message["position"], patience - 1


async def test_twenty_clients_that_are_cut_off_again_and_again_lose_and_repeat_nothing(live):
    rng = random.Random(7)
    clients = [Coming(live, "retailer:oak" if n % 2 else "product:oak:1", rng) for n in range(20)]
    (start,) = await live.publish(change("start"))
    for client in clients:
        client.place = {"after": start}
    following = asyncio.gather(*(client.run(300) for client in clients))
    for n in range(0, 300, 10):
        await live.publish(*(change(m, product="1") for m in range(n, n + 10)))
        await asyncio.sleep(0.005)
    await asyncio.wait_for(following, 40)
    for client in clients:
        assert client.got == [f"oak-{n}" for n in range(300)]
        assert client.cuts > 3


@pytest.mark.slow
async def test_a_killed_redis_is_started_again_and_nothing_is_missed(tmp_path):
    async with serving(tmp_path) as live, live.client() as ws:
        (start,) = await subscribed(ws, "retailer:oak")
        await live.publish(change(1))
        os.kill(json.loads((tmp_path / "valkey/server.json").read_text())["pid"], signal.SIGKILL)
        await published(live, change(2))
        await published(live, change(3))
        assert await changes(ws, 3) == [("retailer:oak", f"oak-{n}") for n in (1, 2, 3)]
        async with live.client() as late:
            place = {"after": start["position"], "epoch": start["epoch"]}
            assert (await subscribed(late, {"channel": "retailer:oak"} | place))[0]["recovered"]
            assert await changes(late, 3) == [("retailer:oak", f"oak-{n}") for n in (1, 2, 3)]


async def published(live, *some):
    """As the outbox does it: again until Redis has it."""
    async with asyncio.timeout(15):
        while True:
            try:
                return await live.publish(*some)
            except BusAway:
                await asyncio.sleep(0.1)


@pytest.mark.parametrize("wipe", ["flushall", "trim"])
async def test_when_the_stream_is_lost_everybody_is_told_and_starts_afresh(tmp_path, valkey, monkeypatch, wipe):
    monkeypatch.setattr(bus_module, "WAKE_MS", 50)
    async with serving(tmp_path, valkey) as live, live.client() as one, live.client() as two:
        await live.hub.reached((await live.publish(change(1)))[0])
        (first,) = await subscribed(one, "retailer:oak")
        await subscribed(two, "product:oak:1", "product:oak:2")
        async with Redis.from_url(valkey) as redis:
            await (redis.flushall() if wipe == "flushall" else redis.delete(bus_module.STREAM))
        for ws, names in ((one, ["retailer:oak"]), (two, ["product:oak:1", "product:oak:2"])):
            told = (await heard(ws))["channels"]
            assert [t["channel"] for t in told] == names
            assert {t["recovered"] for t in told} == {False}
            assert first["epoch"] not in {t["epoch"] for t in told}
        await live.publish(change(5, product="1"))
        assert await changes(one, 1) == [("retailer:oak", "oak-5")]
        assert await changes(two, 1) == [("product:oak:1", "oak-5")]


async def test_the_api_serves_while_redis_is_away(tmp_path, monkeypatch):
    monkeypatch.setattr(relay_module, "READY_S", 0.2)
    port = free_port()
    async with serving(tmp_path, f"redis://127.0.0.1:{port}/0") as live, live.client() as ws:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await subscribed(ws, "retailer:oak")
        assert closed.value.rcvd.code == 1013
        assert not live.hub.head
