"""A page not found: what counts, what clears it, what makes a product discontinued, and what never does."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.core.absence import gone, missed
from crawler.core.changes import decide

from .test_changes import IN, OUT, changes, history, offer, reading

HOUR, DAY = 3600.0, 24 * 3600.0
THREE = [(DAY, "direct"), (DAY + 5, "direct#confirm"), (2 * DAY, "direct")]


def after(record, misses):
    for at, way in misses:
        record = missed(record, at, way)
    return record


def states(record):
    return [str(o.availability) for o in record.product.offers]


@pytest.fixture
def known():
    return history(reading(offer(1000, IN, variant="red"), offer(2000, OUT, variant="blue")))


def test_three_looks_over_a_day_by_two_ways(known):
    record = after(known, THREE)
    assert [(c.old, c.new, c.confirmed, c.variant) for c in record.outbox[1:]] == [
        ("in_stock", "discontinued", "repeat", "red"), ("out_of_stock", "discontinued", "repeat", "blue"),
    ]  # fmt: skip
    assert (states(record), record.last_changed) == (["discontinued"] * 2, 2 * DAY)
    assert [o.price for o in record.product.offers] == [1000, 2000]


@pytest.mark.parametrize("misses", [
    THREE[:2], [*THREE[:2], (2 * DAY - 1, "direct")],
    [(DAY, "direct"), (DAY + HOUR, "direct"), (3 * DAY, "direct")], [(DAY, ""), (DAY + HOUR, ""), (3 * DAY, "direct")],
    [(DAY, "direct"), (2 * DAY, "browser")], [(DAY, "direct"), (DAY + 5, "direct"), (2 * DAY, "browser")],
    [(2 * DAY, "direct"), (DAY, "browser"), (DAY + 1, "browser")],
])  # fmt: skip
def test_less_is_not_enough(known, misses):
    record = after(known, misses)
    assert (record.outbox, states(record)) == (known.outbox, states(known))


def test_every_new_look_is_written_and_makes_the_next_reading_count(known):
    record = missed(known, DAY, "direct")
    assert (record.rev, record.digest, record.last_seen) == (known.rev + 1, "", known.last_seen)
    assert missed(record, DAY + 1, "direct") is record
    assert missed(known, 0.5, "direct") is known


def test_once_gone_nothing_more_is_counted(known):
    record = after(known, THREE)
    assert missed(record, 9 * DAY, "browser") is record


def test_its_own_page_clears_what_was_counted(known):
    record = decide(after(known, THREE[:2]), known.product, DAY + HOUR, way="direct")
    assert (record.absent, bool(record.digest)) == (None, True)
    assert changes(after(record, [(2 * DAY, "direct"), (2 * DAY + 5, "browser")])) == []


def test_a_tile_clears_nothing(known):
    tile = reading(offer(1000, IN, variant="red"), depth="list")
    record = decide(after(known, THREE[:2]), tile, DAY + HOUR, way="direct")
    assert record.absent.times == 2
    assert states(after(record, THREE[2:])) == ["discontinued"] * 2


def test_what_never_was_known_is_discontinued_from_nothing():
    record = after(history(reading(offer(1000))), THREE)
    assert changes(record) == [("availability", None, "discontinued")]


def test_a_product_that_returns_is_told_after_a_second_look():
    record, back = after(history(reading(offer(1000, IN))), THREE), reading(offer(1000, IN))
    once = decide(record, back, 3 * DAY, way="direct")
    assert (states(once), [c.reason for c in once.candidates.values()]) == (["discontinued"], ["back"])
    twice = decide(once, back, 3 * DAY + 5, way="direct#confirm")
    assert changes(twice)[-1] == ("availability", "discontinued", "in_stock")


def test_tiles_alone_bring_nothing_back():
    record, tile = after(history(reading(offer(1000, IN))), THREE), reading(offer(1000, IN), depth="list")
    for n in range(3, 9):
        record = decide(record, tile, n * DAY, way="direct")
    assert states(record) == ["discontinued"]
    assert states(decide(record, reading(offer(1000, IN)), 9 * DAY, way="direct")) == ["in_stock"]


MISSES = st.lists(
    st.tuples(st.floats(0, 5 * DAY), st.sampled_from(["", "direct", "browser", "direct#confirm"])), max_size=9
)


@settings(max_examples=100)
@given(MISSES)
def test_law_discontinued_only_by_three_looks_over_a_day_by_two_ways(misses):
    known = history(reading(offer(1000, IN)))
    record, seen = known, []
    for at, way in misses:
        record, seen = missed(record, at + 2, way), [*seen, (at, way)]
        if record.absent and gone(record.absent):
            times = [at for at, _ in seen]
            assert (len(seen) >= 3, max(times) - min(times) >= DAY) == (True, True)
            assert len({way for _, way in seen if way}) >= 2
            return
    assert (record.outbox, record.product) == (known.outbox, known.product)


VARIANTS = [offer(1000 + n, IN, variant=str(n)) for n in range(4)]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sets(st.integers(0, 3)), st.sampled_from(["page", "list"])), max_size=8))
def test_law_readings_never_discontinue_what_they_leave_out(looks):
    """However few of its offers the later pages show."""
    record = history(reading(*VARIANTS))
    for n, (shown, depth) in enumerate(looks, 1):
        some = [msgspec.structs.replace(o) for i, o in enumerate(VARIANTS) if i in shown]
        record = decide(record, reading(*some, depth=depth), n * HOUR)
    assert changes(record) == []
    kept = [msgspec.structs.replace(o, unseen_since=None) for o in record.product.offers]
    assert sorted(kept, key=lambda o: o.variant) == VARIANTS
