"""What every store does, whichever database is behind it."""

import asyncio

import msgspec
import pytest

from crawler.core.errors import InputError, SchemaError
from crawler.core.models import Seen
from crawler.core.store import PricePoint, SourceRun

from .conftest import BACKENDS, RACED
from .making import change, design, following, full_design, full_record, record

every_backend = pytest.mark.parametrize("backend", BACKENDS)
raced_backend = pytest.mark.parametrize("backend", RACED)


async def stored(store, id_="oak:1"):
    return (await store.records([id_]))[id_]


def point(id_, at=1.0, product_id="oak:1", price=100):
    return PricePoint(id_, product_id, "red|S|new|", price, None, "INR", "in_stock", at)


@every_backend
class TestProducts:
    async def test_every_field_comes_back_as_it_went_in(self, store):
        assert await store.write([full_record()]) == set()
        assert await store.records(["oak:1", "oak:2"]) == {"oak:1": full_record()}

    async def test_every_field_comes_back_after_a_rewrite(self, store):
        await store.write([record()])
        assert await store.write([full_record(rev=2)]) == set()
        assert await stored(store) == full_record(rev=2)

    async def test_what_a_newer_record_leaves_out_is_gone(self, store):
        await store.write([full_record()])
        bare = record(rev=2, at=9.0)
        await store.write([bare])
        assert await stored(store) == bare
        assert await store.outbox() == []

    async def test_seen_is_rev_and_digest_of_the_known(self, store):
        await store.write([record(1), record(2)])
        await store.write([record(2, rev=2)])
        assert await store.seen(["oak:1", "oak:2", "oak:3"]) == {"oak:1": Seen(1, "d1"), "oak:2": Seen(2, "d2")}

    async def test_a_product_is_found_by_the_address_it_has_now(self, store):
        await store.write([record(1), record(2), record(3, url="https://oak.test/3?a=1&b=$x'\"ü")])
        await store.write([record(2, rev=2, url="https://oak.test/moved")])
        asked = ["https://oak.test/1", "https://oak.test/2", "https://oak.test/moved", "https://oak.test/3?a=1&b=$x'\"ü",
                 "https://oak.test/", "https://oak.test/1/"]  # fmt: skip
        assert await store.by_url(asked) == {asked[0]: "oak:1", asked[2]: "oak:2", asked[3]: "oak:3"}

    async def test_two_products_at_one_address_are_one_of_them(self, store):
        await store.write([record(1, url="https://oak.test/"), record(2, url="https://oak.test/")])
        assert (await store.by_url(["https://oak.test/"]))["https://oak.test/"] in ("oak:1", "oak:2")

    async def test_nothing_asked_nothing_done(self, store):
        assert await store.seen([]) == {} == await store.records([]) == await store.designs([])
        assert await store.by_url([]) == {}
        assert await store.write([]) == set()
        await store.touch([], 1.0)
        await store.clear_outbox({})
        await store.write_designs([])

    async def test_only_those_that_moved_are_named_and_the_rest_is_written(self, store):
        await store.write([record(1), record(2)])
        new, next_, stale, skipping = record(3), record(1, rev=2), record(2, rev=1), record(4, rev=2)
        assert await store.write([new, next_, stale, skipping]) == {"oak:2", "oak:4"}
        assert {i: s.rev for i, s in (await store.seen([f"oak:{n}" for n in range(5)])).items()} == {
            "oak:1": 2, "oak:2": 1, "oak:3": 1,
        }  # fmt: skip

    async def test_a_stale_rewrite_among_good_ones_changes_nothing(self, store):
        await store.write([record(1), record(2)])
        await store.write([record(1, rev=2, title="Now")])
        assert await store.write([record(1, rev=2, title="Late"), record(2, rev=2)]) == {"oak:1"}
        assert (await stored(store)).product.title == "Now"
        assert (await stored(store, "oak:2")).rev == 2

    async def test_the_second_of_one_id_in_a_call_must_read_again(self, store):
        assert await store.write([record(title="First"), record(title="Second")]) == {"oak:1"}
        assert (await stored(store)).product.title == "First"

    async def test_touch_moves_last_seen_only_forward_and_nothing_else(self, store):
        await store.write([full_record()])
        for at, expected in ((9.0, 9.0), (4.0, 9.0), (9.5, 9.5)):
            await store.touch(["oak:1", "oak:unknown"], at)
            assert await stored(store) == msgspec.structs.replace(full_record(), last_seen=expected)

    async def test_a_write_does_not_take_back_a_touch(self, store):
        await store.write([record(at=1.0)])
        await store.touch(["oak:1"], 9.0)
        await store.write([record(rev=2, at=5.0)])
        assert (await stored(store)).last_seen == 9.0

    @pytest.mark.parametrize("text", ["\ud800", "a\udc00"])
    async def test_text_that_is_no_unicode_is_refused_whole(self, store, text):
        with pytest.raises(InputError):
            await store.write([record(1, description=text)])
        assert await store.records(["oak:1"]) == {}

    @pytest.mark.parametrize("quality", [float("nan"), float("inf")])
    async def test_a_number_that_is_not_finite_is_refused_whole(self, store, quality):
        with pytest.raises(InputError):
            await store.write([record(1), record(2, quality=quality)])
        assert await store.records(["oak:1", "oak:2"]) == {}

    async def test_an_id_with_a_nul_is_refused(self, store):
        with pytest.raises(InputError):
            await store.write([record("1\0")])

    @pytest.mark.parametrize("name", ["it's", 'a"b', "$x.y", "é", "a b|c#d", "%_*"])
    async def test_any_id_is_found_again(self, store, name):
        await store.write([record(name)])
        assert list(await store.seen([f"oak:{name}", "oak:other"])) == [f"oak:{name}"]
        await store.touch([f"oak:{name}"], 8.0)
        assert (await stored(store, f"oak:{name}")).last_seen == 8.0

    async def test_many_pages_at_once(self, store):
        many = [record(n, price=n + 1, currency="INR") for n in range(200)]
        assert await store.write(many) == set()
        assert await store.write([following(r) for r in many]) == set()
        assert len(await store.records([r.product.id for r in many])) == 200

    async def test_everything_is_there_after_close_and_reopen(self, store, reopen):
        await store.write([full_record()])
        await store.write_designs([full_design()])
        await store.put("kind", "key", 1)
        await store.close()
        again = await reopen()
        assert await stored(again) == full_record()
        assert await again.designs(["wood:1"]) == {"wood:1": full_design()}
        assert await again.get("kind", "key") == 1

    async def test_another_schema_is_refused(self, store, reopen, monkeypatch):
        await store.close()
        monkeypatch.setattr("crawler.core.store.sqlite.SCHEMA_VERSION", 99)
        monkeypatch.setattr("crawler.core.store.mongo.SCHEMA_VERSION", 99)
        with pytest.raises(SchemaError, match="99"):
            await reopen()


@raced_backend
class TestRaces:
    async def test_one_of_two_writers_of_a_new_id_wins(self, store, reopen):
        other = await reopen()
        moved = await asyncio.gather(store.write([record(title="A")]), other.write([record(title="B")]))
        assert sorted(moved, key=len) == [set(), {"oak:1"}]
        assert (await stored(store)).product.title == ("A" if not moved[0] else "B")

    async def test_one_of_many_writers_of_a_next_rev_wins(self, store, reopen):
        other = await reopen()
        await store.write([record(n) for n in range(10)])
        writers = [(store, other)[k % 2].write([record(n, rev=2, title=str(k)) for n in range(10)]) for k in range(6)]
        moved = await asyncio.gather(*writers)
        titles = {i: r.product.title for i, r in (await store.records([f"oak:{n}" for n in range(10)])).items()}
        winners = {i: [str(k) for k in range(6) if i not in moved[k]] for i in titles}
        assert winners == {i: [title] for i, title in titles.items()}

    async def test_no_update_is_lost_between_tasks(self, store, reopen):
        await store.write([record(quality=0.0)])
        other = await reopen()
        await asyncio.gather(*(self._count_up((store, other)[k % 2], 5) for k in range(6)))
        final = await stored(store)
        assert (final.product.quality, final.rev) == (30.0, 31)

    async def _count_up(self, store, times):
        while times:
            known = await stored(store)
            product = msgspec.structs.replace(known.product, quality=known.product.quality + 1)
            if not await store.write([following(known, product=product)]):
                times -= 1

    async def test_relays_and_writers_at_once_lose_no_change(self, store, reopen):
        await store.write([record()])
        other, relayed = await reopen(), []
        writers = [self._append(store, k) for k in range(8)]
        await asyncio.gather(*writers, self._relay(other, relayed, 8), self._relay(store, relayed, 8))
        assert sorted(set(relayed)) == sorted(f"c{k}" for k in range(8))
        assert await store.outbox() == []

    async def _append(self, store, k):
        moved = True
        while moved:
            known = await stored(store)
            moved = await store.write([following(known, outbox=[*known.outbox, change(f"c{k}")])])

    async def _relay(self, store, relayed, expected):
        while len(set(relayed)) < expected:
            for waiting in await store.outbox():
                ids = [c.id for c in waiting.outbox]
                await store.clear_outbox({waiting.product.id: ids})
                relayed.extend(ids)
            await asyncio.sleep(0)


@every_backend
class TestOutbox:
    async def test_records_with_changes_oldest_first(self, store):
        await store.write([record(1, outbox=[change("b", "oak:1", at=7.0)]), record(2)])
        await store.write([record(3, outbox=[change("a", "oak:3", at=3.0), change("c", "oak:3", at=9.0)])])
        waiting = await store.outbox()
        assert [[c.id for c in r.outbox] for r in waiting] == [["a", "c"], ["b"]]
        assert [r.product.id for r in await store.outbox(limit=1)] == ["oak:3"]

    async def test_clearing_takes_only_what_was_relayed(self, store):
        await store.write([full_record(), record(2, outbox=[change("c9", "oak:2")])])
        await store.clear_outbox({"oak:1": ["c1", "unknown"], "oak:404": ["c1"]})
        assert {r.product.id: [c.id for c in r.outbox] for r in await store.outbox()} == {
            "oak:1": ["c2"], "oak:2": ["c9"],
        }  # fmt: skip
        await store.clear_outbox({"oak:1": ["c2"], "oak:2": ["c9"]})
        assert await store.outbox() == []
        assert (await stored(store)).product == full_record().product

    async def test_a_change_appended_meanwhile_survives(self, store):
        await store.write([record(outbox=[change("c1")])])
        known = await stored(store)
        await store.write([following(known, outbox=[*known.outbox, change("c2")])])
        await store.clear_outbox({"oak:1": ["c1"]})
        assert [c.id for c in (await stored(store)).outbox] == ["c2"]

    async def test_a_writer_that_still_holds_a_relayed_change_must_read_again(self, store):
        await store.write([record(outbox=[change("c1")])])
        known = await stored(store)
        await store.clear_outbox({"oak:1": ["c1"]})
        assert await store.write([following(known)]) == {"oak:1"}
        assert (await stored(store)).outbox == []

    async def test_clearing_twice_is_clearing_once(self, store):
        await store.write([record(outbox=[change("c1")])])
        await store.clear_outbox({"oak:1": ["c1"]})
        once = await stored(store)
        await store.clear_outbox({"oak:1": ["c1"]})
        assert await stored(store) == once


@every_backend
class TestPricePoints:
    async def test_kept_once_and_in_order_of_time(self, store):
        first = [point("b", 2.0), point("a", 1.0), point("c", 1.0, "oak:2")]
        await store.clear_outbox({}, first)
        await store.clear_outbox({}, [point("b", 9.0, price=7), point("d", 3.0, price=None)])
        assert await store.price_points("oak:1") == [point("a", 1.0), point("b", 2.0), point("d", 3.0, price=None)]

    async def test_since(self, store):
        await store.clear_outbox({}, [point("a", 1.0), point("b", 2.0), point("c", 3.0)])
        assert [p.id for p in await store.price_points("oak:1", since=2.0)] == ["b", "c"]
        assert await store.price_points("oak:404") == []


@every_backend
class TestSmallThings:
    @pytest.mark.parametrize("value", [None, 0, False, "text", [1, 2.5, None], {"a.b": {"$set": "it's", "": [{}]}}, {}])
    async def test_any_json_comes_back(self, store, value):
        await store.put("kind", "key", value)
        assert await store.get("kind", "key") == value

    async def test_kinds_and_keys_are_apart(self, store):
        await store.put("a", "b:c", 1)
        await store.put("a:b", "c", 2)
        assert [await store.get("a", "b:c"), await store.get("a:b", "c"), await store.get("a", "c")] == [1, 2, None]

    async def test_the_last_put_counts(self, store):
        await store.put("kind", "key", 1, ttl=5)
        await store.put("kind", "key", 2)
        assert await store.get("kind", "key") == 2

    async def test_gone_when_its_time_has_passed(self, store):
        now = 1000.0
        store._clock = lambda: now
        await store.put("kind", "short", 1, ttl=10)
        await store.put("kind", "long", 2, ttl=100)
        await store.put("kind", "ever", 3)
        now = 1009.9
        assert await store.get("kind", "short") == 1
        now = 1010.0
        assert [await store.get("kind", key) for key in ("short", "long", "ever")] == [None, 2, 3]

    async def test_what_is_past_its_time_leaves_the_store(self, store):
        now = 1000.0
        store._clock = lambda: now
        await store.put("kind", "short", 1, ttl=10)
        now = 1010.0
        await store.put("kind", "other", 2)
        assert (await store.counts())["small"] == 1

    async def test_runs_come_newest_first(self, store):
        run = SourceRun("oak", 1.0, 2.5, "ok", "why", "sofa", 3, 40, {"ok": 2, "a.b": 1}, {"price": 0.5, "$x": 1.0})
        await store.add_run(run)
        await store.add_run(SourceRun("elm", 2.0, 3.0, "held"))
        await store.add_run(SourceRun("oak", 3.0, 4.0, "ok"))
        assert [r.finished_at for r in await store.runs()] == [4.0, 3.0, 2.5]
        assert [r.finished_at for r in await store.runs(limit=1)] == [4.0]
        assert (await store.runs("oak"))[1] == run

    async def test_counts(self, store):
        await store.write([record(1), record(2)])
        await store.write([record(1, rev=2)])
        await store.write_designs([design(1)])
        await store.clear_outbox({}, [point("a"), point("b"), point("c")])
        await store.add_run(SourceRun("oak", 1.0, 2.0, "ok"))
        assert await store.counts() == {"products": 2, "price_points": 3, "designs": 1, "runs": 1, "small": 0}
