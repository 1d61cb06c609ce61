"""Which rules fire: by cases read like a story, and by laws that hold for any history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.store import PricePoint
from crawler.core.watches import Rules, hits

ALL = Rules(any=True, drop_percent=10, increase_percent=10, target_price=800, currency="INR", back_in_stock=True)


def history(*values, offer="a", currency="INR"):
    """One point a second from 1 on: a price, or an availability without price, or (price, availability, list price)."""
    points = []
    for at, value in enumerate(values, 1):
        price, stock, listed = value if isinstance(value, tuple) else (value, "in_stock", None)
        if isinstance(value, str):
            price, stock, listed = None, value, None
        points.append(PricePoint(f"{offer}{at}", "oak:1", offer, price, listed, currency, stock, float(at)))
    return points


def fired(rules, *values, since=1.0, **more):
    return [(int(hit.at), hit.old, hit.new) for hit in hits(rules, since, history(*values, **more))]


class TestPercents:
    def test_a_slow_slide_counts_from_where_the_watch_began(self):
        assert fired(Rules(drop_percent=10), 1000, 950, 901, 900) == [(4, 1000, 900)]

    def test_then_from_the_last_hit(self):
        assert fired(Rules(drop_percent=10), 1000, 900, 850, 811, 810, 700) == [
            (2, 1000, 900),
            (5, 900, 810),
            (6, 810, 700),
        ]

    def test_a_return_and_the_same_drop_again_is_no_new_low(self):
        assert fired(Rules(drop_percent=10), 1000, 900, 1000, 900) == [(2, 1000, 900)]

    def test_increase(self):
        assert fired(Rules(increase_percent=10), 1000, 1099, 1100, 1200, 1210) == [(3, 1000, 1100), (5, 1100, 1210)]
        assert fired(Rules(increase_percent=10), 1000, 900, 500) == []

    def test_what_happened_before_the_watch_is_where_it_starts(self):
        assert fired(Rules(drop_percent=10), 2000, 1000, 950, since=2.0) == []
        assert fired(Rules(drop_percent=10), 2000, 1000, 900, since=2.0) == [(3, 1000, 900)]


class TestTarget:
    RULES = Rules(target_price=800, currency="INR")

    def test_each_time_it_is_reached_from_above(self):
        assert fired(self.RULES, 1000, 801, 800, 700, 900, 750) == [(3, 801, 800), (6, 900, 750)]

    def test_not_when_the_price_was_there_already(self):
        assert fired(self.RULES, 800, 790) == []

    def test_not_in_another_currency(self):
        assert fired(self.RULES, 1000, 700, currency="USD") == []


class TestStock:
    RULES = Rules(back_in_stock=True)

    @pytest.mark.parametrize("before", ["out_of_stock", "preorder", "backorder", "discontinued"])
    def test_back(self, before):
        assert fired(self.RULES, before, 500) == [(2, before, "in_stock")]

    def test_unknown_is_no_state_to_come_back_from(self):
        assert fired(self.RULES, "unknown", 500) == []
        assert fired(self.RULES, 500, "unknown", 500) == []
        assert fired(self.RULES, "out_of_stock", "unknown", 500) == [(3, "out_of_stock", "in_stock")]

    def test_unknown_before_the_watch_hides_nothing(self):
        assert fired(self.RULES, "out_of_stock", "unknown", 500, since=2.0) == [(3, "out_of_stock", "in_stock")]

    def test_not_when_it_goes(self):
        assert fired(self.RULES, 500, "out_of_stock") == []


class TestAny:
    RULES = Rules(any=True)

    def test_every_value_that_moves(self):
        story = (1000, "in_stock", 1500), (900, "in_stock", 1500), (900, "out_of_stock", 1400)
        assert fired(self.RULES, *story) == [(2, 1000, 900), (3, "in_stock", "out_of_stock"), (3, 1500, 1400)]

    def test_a_value_that_was_not_seen_changes_nothing(self):
        assert fired(self.RULES, (1000, "in_stock", 1500), (None, "unknown", None), (1000, "in_stock", 1500)) == []

    def test_nothing_moved(self):
        assert fired(self.RULES, 1000, 1000) == []


class TestOffers:
    def test_each_is_compared_with_itself(self):
        points = history(1000, 1000) + history(400, 400, offer="b")
        assert hits(ALL, 0.0, points) == []

    def test_one_that_is_new_is_learned(self):
        points = [*history(1000), PricePoint("b9", "oak:1", "b", 100, None, "INR", "in_stock", 9.0)]
        assert hits(ALL, 1.0, points) == []

    def test_another_currency_is_learned_and_then_compared_within(self):
        points = [*history(1000), *(p for p in history(0, 10, 8, currency="USD") if p.price)]
        found = hits(ALL, 1.0, points)
        assert [(h.rule, h.old, h.new, h.currency) for h in found] == [
            ("any", 10, 8, "USD"), ("drop_percent", 10, 8, "USD"),
        ]  # fmt: skip


STOCK = st.sampled_from(["in_stock", "out_of_stock", "preorder", "backorder", "discontinued", "unknown"])
POINT = st.builds(
    PricePoint, st.uuids().map(str), st.just("oak:1"), st.sampled_from("ab"), st.none() | st.integers(1, 2000),
    st.none() | st.integers(1, 2000), st.sampled_from(["INR", "USD"]), STOCK, st.integers(1, 40).map(float),
)  # fmt: skip
HISTORY = st.lists(POINT, max_size=25, unique_by=lambda p: p.at)


@given(HISTORY, st.integers(0, 40))
def test_nothing_fires_before_its_time(points, since):
    assert all(hit.at > since for hit in hits(ALL, since, points))


@given(HISTORY, st.integers(0, 40), st.randoms())
def test_the_order_in_which_history_is_read_does_not_matter(points, since, random):
    shuffled = points[:]
    random.shuffle(shuffled)
    assert hits(ALL, since, points) == hits(ALL, since, shuffled)


@given(HISTORY, st.integers(0, 40), st.integers(0, 40))
def test_what_fired_stays_whatever_comes_later(points, since, until):
    early = hits(ALL, since, [p for p in points if p.at <= until])
    assert hits(ALL, since, points)[: len(early)] == early


@given(HISTORY, st.integers(0, 40))
def test_every_hit_is_as_large_as_its_rule_asks_and_within_one_currency(points, since):
    by_time = {p.at: p for p in points}
    for hit in hits(ALL, since, points):
        if hit.field == "availability":
            assert hit.old != hit.new == by_time[hit.at].availability
            continue
        assert hit.currency == by_time[hit.at].currency
        seen = {p.price if hit.field == "price" else p.list_price for p in points if p.currency == hit.currency}
        assert {hit.old, hit.new} <= seen
        assert {
            "any": hit.new != hit.old, "drop_percent": hit.new * 10 <= hit.old * 9,
            "increase_percent": hit.new * 10 >= hit.old * 11, "target_price": hit.new <= 800 < hit.old,
        }[hit.rule]  # fmt: skip


@given(st.lists(st.integers(1, 2000), max_size=20))
def test_prices_that_never_have_their_currency_twice_running_never_fire(prices):
    points = [
        PricePoint(str(n), "oak:1", "a", price, price, ("INR", "USD")[n % 2], "in_stock", float(n))
        for n, price in enumerate(prices)
    ]
    assert hits(ALL, 0.0, points) == []


@given(HISTORY, st.integers(0, 40))
def test_no_rule_no_hit(points, since):
    assert hits(Rules(), since, points) == []
