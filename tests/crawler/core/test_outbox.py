"""Store to stream under crashes: whatever step fails, and however often, each change arrives exactly once."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from crawler.core.bus import Bus
from crawler.core.changes import decide
from crawler.core.models import Availability, Change, Evidence, Offer, Product
from crawler.core.outbox import learned, points, relay, sweep
from crawler.core.settle import DAY
from crawler.core.store import open_store

STEPS = ("publish", "clear_outbox")


def product(n=1, price=1000, list_price=None, availability="in_stock", **more):
    offer = Offer(price=price, list_price=list_price, currency="INR", availability=Availability(availability))
    return Product(id=f"oak:{n}", retailer="oak", sku=str(n), url=f"https://oak.test/{n}", title="Stool",
                   offers=[offer, *more.pop("others", [])], evidence=Evidence(**more))  # fmt: skip


def history(*readings):
    """The record after these readings, a second apart, nothing relayed."""
    record = None
    for at, reading in enumerate(readings, 1):
        record = decide(record, reading, float(at))
    return record


class Crash(Exception):
    pass


class Flaky:
    """The store and bus behind one plan: "before" fails a call before its effect, "after" when it has happened."""

    def __init__(self, inner, plan):
        self._inner, self._plan = inner, plan

    def __getattr__(self, name):
        method = getattr(self._inner, name)
        if name not in STEPS:
            return method

        async def call(*args):
            fault = self._plan.pop((name, "before"), None)
            if fault:
                raise Crash(name)
            result = await method(*args)
            if self._plan.pop((name, "after"), None):
                raise Crash(name)
            return result

        return call


@pytest.fixture
async def bus(valkey):
    bus = Bus(valkey)
    yield bus
    await bus.close()


async def streamed(bus):
    return [c.id for c in (await bus.read("0-0", 10_000)).changes]


async def keep(store, reading, at):
    """What the store stage does with one reading; returns the record written, or None when nothing moved."""
    known = (await store.records([reading.id])).get(reading.id)
    record = decide(known, reading, at)
    if known and record.rev == known.rev:
        return None
    assert not await store.write([record])
    return record


async def test_relay_writes_history_publishes_and_forgets(store, bus):
    record = await keep(store, product(), 1.0)
    assert await relay(store, bus, [record]) == 1
    assert await streamed(bus) == [c.id for c in record.outbox]
    assert [p.price for p in await store.price_points("oak:1")] == [1000]
    assert await store.outbox() == []


async def test_records_without_changes_ask_nothing_of_anyone():
    record = msgspec.structs.replace(history(product()), outbox=[])
    assert await relay(None, None, [record]) == 0
    assert await relay(None, None, []) == 0


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
async def test_a_crash_at_any_step_is_mended_by_the_sweep(store, bus, step, moment):
    plan = {(step, moment): True}
    records = [await keep(store, product(n), 1.0) for n in range(3)]
    with pytest.raises(Crash):
        await relay(Flaky(store, plan), Flaky(bus, plan), records)
    assert bool(await store.outbox()) == ((step, moment) != ("clear_outbox", "after"))
    await sweep(store, bus)
    assert sorted(await streamed(bus)) == sorted(c.id for r in records for c in r.outbox)
    assert await store.outbox() == []
    assert [len(await store.price_points(f"oak:{n}")) for n in range(3)] == [1, 1, 1]


async def test_the_sweep_goes_through_all_pages(store, bus):
    for n in range(7):
        await keep(store, product(n), float(n))
    assert await sweep(store, bus, page=3) == 7
    assert len(await streamed(bus)) == 7
    assert await sweep(store, bus, page=3) == 0


async def test_a_change_decided_while_another_is_relayed_stays_and_comes_after_it(store, bus):
    record = await keep(store, product(price=1000), 1.0)
    await keep(store, product(price=900), 2.0)
    await relay(store, bus, [record])
    assert [c.field for r in await store.outbox() for c in r.outbox] == ["price"]
    await sweep(store, bus)
    assert [(c.field, c.new) for c in (await bus.read("0-0")).changes] == [("new", "10.00"), ("price", "9.00")]


FAULTS = st.sets(st.tuples(st.sampled_from(STEPS), st.sampled_from(["before", "after"])))
READINGS = st.lists(st.tuples(st.integers(1, 3), st.integers(800, 1000), FAULTS), min_size=1, max_size=10)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings=READINGS)
async def test_law_crawled_with_any_crashes_each_change_is_streamed_once_in_order(valkey, tmp_path_factory, readings):
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    store, bus = open_store(f"sqlite:///{tmp_path_factory.mktemp('law') / 'homefeed.db'}"), Bus(valkey)
    await store.open()
    decided = {}
    for at, (n, price, faults) in enumerate(readings, 1):
        record = await keep(store, product(n, price), float(at))
        plan = dict.fromkeys(faults, True)
        if record:
            decided |= {c.id: c for c in record.outbox}
            with suppress(Crash):
                await relay(Flaky(store, plan), Flaky(bus, plan), [record])
    await sweep(store, bus)
    changes = (await bus.read("0-0", 1000)).changes
    for n in (1, 2, 3):
        mine = [c.id for c in changes if c.product_id == f"oak:{n}"]
        assert mine == [i for i, c in decided.items() if c.product_id == f"oak:{n}"]
        prices = [p.price for p in await store.price_points(f"oak:{n}")]
        assert prices == [price for i, price in _moves(readings) if i == n]
    assert len(changes) == len(decided)
    await store.close()
    await bus.close()


def _moves(readings):
    last = {}
    for n, price, _ in readings:
        if last.get(n) != price:
            last[n] = price
            yield n, price


def test_points_of_a_first_sight_are_one_for_each_offer():
    other = Offer(price=700, currency="INR", condition="used", seller="Elm")
    unseen = Offer(variant="blue")
    record = history(product(others=[other, unseen]))
    found = points(record)
    assert [(p.price, p.offer) for p in found] == [(1000, "||new|"), (700, "|Elm|used|")]
    assert found[0].id == record.outbox[0].id
    assert len({p.id for p in found}) == 2


def test_points_leave_out_a_price_that_readers_dispute():
    record = history(product(disputed=["price"]))
    assert [(p.price, p.availability) for p in points(record)] == [(None, "in_stock")]


def test_points_of_fields_that_moved_together_are_one_with_the_newest_change_as_id():
    record = history(product(price=1000, list_price=1200), product(price=900, list_price=1100))
    first, second = points(record)
    assert (second.price, second.list_price, second.id) == (900, 1100, record.outbox[-1].id)
    assert (first.price, first.list_price, first.at) == (1000, 1200, 1.0)


def test_points_undo_later_changes_to_tell_what_an_earlier_one_published():
    prices = [product(price=price) for price in (1000, 900, 800)]
    record = history(*prices, product(availability="preorder", price=800))
    found = points(record)
    assert [(p.price, p.availability, p.at) for p in found] == [
        (1000, "in_stock", 1.0), (900, "in_stock", 2.0), (800, "in_stock", 3.0), (800, "preorder", 4.0),
    ]  # fmt: skip
    assert [p.id for p in found] == [c.id for c in record.outbox]


def test_a_change_of_an_offer_no_longer_shown_tells_only_its_own_value():
    gone = Change(id="g", product_id="oak:1", field="price", old="5.00", new="4.00", currency="INR", observed_at=2.0,
                  confirmed="repeat", seller="Elm")  # fmt: skip
    record = msgspec.structs.replace(history(product()), outbox=[gone])
    (point,) = points(record)
    assert (point.price, point.list_price, point.availability, point.offer) == (400, None, "unknown", "|Elm|new|")


def test_points_keep_the_minor_units_of_currencies_without_decimals():
    yen = product(price=12800)
    yen.offers[0].currency = "JPY"
    assert points(history(yen))[0].price == 12800


def test_what_was_learned_has_a_point_of_its_own():
    known = decide(None, product(price=None, availability="unknown"), 1.0)
    record = decide(known, product(price=1000), 2.0)
    assert [c.field for c in record.outbox] == ["new"]
    assert [(p.price, p.availability, p.at, p.offer) for p in learned(known, record)] == [
        (1000, "in_stock", 2.0, "||new|")
    ]


def test_what_changed_has_only_the_point_of_its_change():
    known = decide(None, product(list_price=None), 1.0)
    record = decide(known, product(price=900, list_price=1200), 2.0)
    assert (learned(known, record), [p.list_price for p in points(record)][-1]) == ([], 1200)


@pytest.mark.parametrize("reading", [product(), product(disputed=["price"]), product(price=100)])
def test_nothing_learned_is_no_point(reading):
    known = decide(None, product(), 1.0)
    assert learned(known, decide(known, reading, 2.0)) == []


def test_another_currency_is_learned():
    known, dollars = decide(None, product(), 1.0), product(price=15)
    dollars.offers[0].currency = "USD"
    waiting = decide(known, dollars, 2.0)
    record = decide(waiting, dollars, 2.0 + DAY)
    assert learned(known, waiting) == []
    assert [(p.price, p.currency) for p in learned(waiting, record)] == [(15, "USD")]
