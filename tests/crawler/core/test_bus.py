"""The change stream on a real Valkey: once, in order, resumable, and honest about what was lost."""

import asyncio
import json
import os
import signal
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from crawler.core import bus as bus_module
from crawler.core import redis_client
from crawler.core.bus import EPOCH, STREAM, Bus
from crawler.core.config import Config
from crawler.core.errors import BusAway, InputError
from crawler.core.models import Change
from crawler.core.valkey import acquire


def change(n, shop="oak"):
    return Change(id=f"c{n}", product_id=f"{shop}:{n}", field="price", old="10.00", new="9.00", currency="INR",
                  observed_at=1.5, confirmed="high_confidence")  # fmt: skip


def ids(batch):
    return [c.id for c in batch.changes]


@pytest.fixture
async def bus(valkey):
    bus = Bus(valkey)
    await bus.open()
    yield bus
    await bus.close()


@pytest.fixture
async def redis(valkey):
    async with Redis.from_url(valkey) as client:
        yield client


async def test_positions_rise_and_come_back_with_the_changes(bus):
    positions = await bus.publish([change(1), change(2)])
    batch = await bus.read("0-0")
    assert [c.position for c in batch.changes] == positions
    assert sorted(positions) == positions
    assert batch.next == positions[-1]
    assert batch.recovered
    assert batch.changes[0].id == "c1"
    assert batch.changes[0].new == "9.00"


async def test_a_change_published_again_keeps_its_position_and_is_not_repeated(bus, redis):
    first = await bus.publish([change(1), change(2)])
    again = await bus.publish([change(2), change(3), change(1)])
    assert (again[0], again[2]) == (first[1], first[0])
    assert ids(await bus.read("0-0")) == ["c1", "c2", "c3"]
    assert await redis.ttl("homefeed:seen:c1") > 6 * 86_400


async def test_one_publish_may_hold_the_same_change_twice(bus):
    one, two = await bus.publish([change(1), change(1)])
    assert one == two
    assert ids(await bus.read("0-0")) == ["c1"]


async def test_more_changes_than_one_script_call_takes(bus):
    changes = [change(n) for n in range(1_203)]
    assert len(set(await bus.publish(changes))) == 1_203
    assert ids(await bus.read("0-0", limit=2_000)) == [c.id for c in changes]


async def test_nothing_to_publish(bus):
    assert await bus.publish([]) == []


async def test_each_change_is_told_on_its_retailers_channel_with_its_position(bus, redis):
    async with redis.pubsub() as told:
        await told.subscribe("prices.oak")
        await told.get_message(timeout=1)
        (position, _) = await bus.publish([change(1, "oak"), change(2, "elm")])
        await bus.publish([change(1, "oak")])
        message = await told.get_message(ignore_subscribe_messages=True, timeout=1)
        assert json.loads(message["data"]) | {"position": position} == json.loads(message["data"])
        assert json.loads(message["data"])["product_id"] == "oak:1"
        assert await told.get_message(ignore_subscribe_messages=True, timeout=0.1) is None


async def test_the_payload_is_json(bus, redis):
    await bus.publish([change(1)])
    ((_, fields),) = await redis.xrange(STREAM)
    assert json.loads(fields[b"data"])["id"] == "c1"


async def test_reads_page_by_page_and_the_newest_without_a_position(bus):
    await bus.publish([change(n) for n in range(5)])
    page = await bus.read("0-0", limit=2)
    assert ids(page) == ["c0", "c1"]
    assert ids(await bus.read(page.next, limit=2)) == ["c2", "c3"]
    newest = await bus.read(limit=2)
    assert ids(newest) == ["c3", "c4"]
    assert ids(await bus.read(newest.next)) == []
    assert (await bus.read(newest.next)).next == newest.next


async def test_an_empty_stream_can_be_resumed_from_its_start(bus):
    here = await bus.read()
    assert (here.changes, here.recovered) == ([], True)
    await bus.publish([change(1)])
    assert ids(await bus.read(here.next, epoch=here.epoch)) == ["c1"]


@pytest.mark.parametrize("after", ["", "1", "x-1", "1-1-1", "-", "99999999999999999999-0", "1-0\n", "１-٠"])
async def test_a_position_that_is_none_is_refused(bus, after):
    with pytest.raises(InputError, match="after"):
        await bus.read(after)


async def test_a_trimmed_history_is_not_recovered_and_never_partly_replayed(bus, monkeypatch):
    monkeypatch.setattr(bus_module, "LENGTH", 100)
    positions = await bus.publish([change(n) for n in range(450)])
    batch = await bus.read(positions[0])
    assert (batch.changes, batch.recovered, batch.next) == ([], False, positions[-1])
    assert ids(await bus.read(positions[-3])) == ["c448", "c449"]
    assert (await bus.read("0-0")).recovered is False


@pytest.mark.parametrize("wiped", [(STREAM,), (STREAM, EPOCH)])
async def test_a_wiped_redis_has_another_epoch(bus, redis, wiped):
    (position,) = await bus.publish([change(1)])
    before = (await bus.read()).epoch
    assert (await bus.read()).epoch == before
    await redis.delete(*wiped)
    batch = await bus.read(position, epoch=before)
    assert (batch.changes, batch.recovered) == ([], False)
    assert batch.epoch != before
    assert (await bus.read(position)).recovered is False
    await bus.publish([change(2)])
    assert ids(await bus.read(batch.next, epoch=batch.epoch)) == ["c2"]


async def test_two_buses_agree_on_the_epoch(bus, valkey):
    other = Bus(valkey)
    assert (await other.read()).epoch == (await bus.read()).epoch
    await other.close()


async def collect(tail, wanted):
    got = []
    async for batch in tail:
        got += ids(batch)
        if len(got) >= wanted:
            return got
    raise AssertionError("the tail ended")


async def test_a_tail_replays_and_then_follows_without_gap_or_repeat(bus):
    positions = await bus.publish([change(n) for n in range(3)])
    reader = asyncio.create_task(collect(bus.tail(positions[0], limit=2), 40))
    for n in range(3, 41):
        await bus.publish([change(n)])
    assert await asyncio.wait_for(reader, 10) == [f"c{n}" for n in range(1, 41)]


async def test_a_tail_without_a_position_starts_now(bus):
    await bus.publish([change(1)])
    tail = bus.tail()
    first = await anext(tail)
    assert (first.changes, first.recovered) == ([], True)
    await bus.publish([change(2)])
    assert ids(await anext(tail)) == ["c2"]
    await tail.aclose()


async def test_a_tail_tells_when_the_stream_was_wiped_under_it(bus, redis, monkeypatch):
    monkeypatch.setattr(bus_module, "WAKE_MS", 50)
    await bus.publish([change(1)])
    tail = bus.tail()
    before = await anext(tail)
    await redis.flushall()
    lost = await asyncio.wait_for(anext(tail), 5)
    assert (lost.changes, lost.recovered) == ([], False)
    assert lost.epoch != before.epoch
    await bus.publish([change(2)])
    assert ids(await asyncio.wait_for(anext(tail), 5)) == ["c2"]
    await tail.aclose()


CALLS = st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS, cuts=st.lists(st.integers(1, 4), min_size=1))
async def test_law_however_published_and_read_each_change_comes_once_in_order(valkey, calls, cuts):
    bus = Bus(valkey)
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    for call in calls:
        await bus.publish([change(n) for n in call])
    expected = list(dict.fromkeys(f"c{n}" for call in calls for n in call))
    got, position = [], "0-0"
    for limit in [*cuts, 100]:
        batch = await bus.read(position, limit)
        got, position = got + ids(batch), batch.next
    await bus.close()
    assert got == expected


async def test_away_when_nobody_listens():
    bus = Bus("redis://:secret@127.0.0.1:1/0")
    for call in (bus.open(), bus.publish([change(1)]), bus.read()):
        with pytest.raises(BusAway) as caught:
            await call
        assert "secret" not in str(caught.value)
    await bus.close()


async def test_away_when_the_server_keeps_nothing(bus, redis):
    await redis.config_set("min-replicas-to-write", 1)
    try:
        with pytest.raises(BusAway, match="NOREPLICAS"):
            await bus.publish([change(1)])
    finally:
        await redis.config_set("min-replicas-to-write", 0)


async def test_away_within_its_time_when_the_server_says_nothing(monkeypatch):
    monkeypatch.setattr(redis_client, "CALL_S", 0.2)
    silent = await asyncio.start_server(lambda r, w: asyncio.sleep(30), "127.0.0.1", 0)
    bus = Bus(f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}/0")
    started = time.monotonic()
    with pytest.raises(BusAway):
        await bus.publish([change(1)])
    assert time.monotonic() - started < 3
    silent.close()


async def test_a_killed_server_loses_nothing_and_the_bus_finds_it_again(tmp_path):
    lease = await asyncio.to_thread(acquire, Config(data_dir=tmp_path))
    bus = Bus(lease.url)
    positions = await bus.publish([change(n) for n in range(20)])
    epoch = (await bus.read()).epoch
    os.kill(json.loads((tmp_path / "valkey/server.json").read_text())["pid"], signal.SIGKILL)
    with pytest.raises(BusAway):
        await bus.publish([change(20)])
    assert await asyncio.to_thread(lease.revive) == lease.url
    assert (await bus.publish([change(n) for n in range(21)]))[:20] == positions
    batch = await bus.read("0-0", epoch=epoch)
    assert (ids(batch), batch.recovered) == ([f"c{n}" for n in range(21)], True)
    await bus.close()
    await asyncio.to_thread(lease.release)
