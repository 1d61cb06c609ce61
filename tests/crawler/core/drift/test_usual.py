"""What is usual, and what is no chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.drift.measure import level, log_prices, measure, total
from crawler.core.drift.memory import Sample
from crawler.core.drift.usual import middle, unlikely, usual
from tests.crawler.core.drift.sites import GONE, page, tiles


@pytest.mark.parametrize(
    ("share", "pages", "in_a_row", "odd"),
    [(0.0, 20, 1, True), (0.0, 10, 1, False), (0.0, 10, 2, True), (0.5, 100, 4, False), (0.5, 100, 6, True),
     (0.0, 0, 5, False), (0.0, 0, 6, True), (0.0, 20, 0, False)],
)  # fmt: skip
def test_how_often_in_a_row_is_no_chance(share, pages, in_a_row, odd):
    assert unlikely(share, pages, in_a_row) is odd


@given(st.floats(0, 1), st.integers(1, 500), st.integers(1, 12))
def test_more_in_a_row_is_never_likelier(share, pages, in_a_row):
    assert unlikely(share, pages, in_a_row + 1) or not unlikely(share, pages, in_a_row)


def test_nothing_is_usual_before_enough_was_seen():
    pages = [measure(page(n).products) for n in range(7)]
    assert usual("page", pages) is None
    assert usual("page", [*pages, pages[0]]) is not None
    assert usual("list", [measure(tiles(3).products)] * 2) is None


def test_a_few_odd_pages_move_nothing():
    good, odd = measure(tiles(40).products), measure(tiles(40, price=lambda _: None).products)
    found = usual("list", [good] * 9 + [odd] * 2)
    assert found.coverage["price"] == (1.0, 0.0)
    assert (found.fell("price", odd), found.fell("price", good)) == (True, False)


def test_fields_that_a_shop_hardly_tells_are_not_missed():
    found = usual("list", [measure(tiles(40).products)] * 3)
    assert not found.fell("list_price", measure(tiles(40).products))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_counts_of_pages_add_up(kinds):
    make = [lambda: tiles(5), lambda: page(1), lambda: page(1, None), lambda: page(1, None, stock=GONE)]
    pages = [make[kind]().products for kind in kinds]
    whole = total(measure(products) for products in pages)
    assert whole == measure([product for products in pages for product in products])


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_the_middle_is_one_that_half_are_not_above(values):
    centre, spread = middle(values)
    assert sum(value <= centre for value in values) * 2 >= len(values)
    assert spread >= 0


def test_a_page_in_two_currencies_has_no_level():
    mixed = [*page(1, 100).products, *page(2, 100, currency="USD").products]
    assert (level(log_prices(mixed)), level(log_prices(mixed[:1])), level({})) == (
        None,
        pytest.approx(4.605, 0.01),
        None,
    )


def test_an_empty_sample_is_whole():
    assert total([]) == Sample()
