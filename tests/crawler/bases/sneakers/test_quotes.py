import pytest

from crawler.bases.facts import Facts, vote
from crawler.bases.sneakers.quotes import amount, put, quote, told_once, whole
from crawler.core.models import Availability


@pytest.mark.parametrize(
    ("said", "places", "expected"),
    [("25000", 2, 25000), (25000, 2, 25000), ("100", 0, 10000), (172, 0, 17200), (172.5, 0, 17250), (None, 0, None),
     ("", 2, None), ("0", 2, None), (0, 0, None), ("0.00", 0, None), (True, 0, None)],
)  # fmt: skip
def test_an_amount_counts_what_its_market_counts(said, places, expected):
    problems = []
    assert (amount(said, "USD", problems, places), problems) == (expected, [])


@pytest.mark.parametrize("odd", ["soon", "-100", "1e99", "NaN", [], {}])
def test_an_unbelievable_amount_is_a_counted_problem(odd):
    problems = []
    assert amount(odd, "USD", problems, 2) is None
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("ask", "asks", "stock"),
    [(100, 3, "in_stock"), (100, None, "in_stock"), (None, 0, "out_of_stock"), (None, "0", "out_of_stock"),
     (None, None, "unknown"), (None, 2, "unknown"), (None, False, "unknown")],
)  # fmt: skip
def test_only_the_markets_own_zero_is_sold_out(ask, asks, stock):
    assert quote(ask, None, None, "USD", asks).availability == stock


def test_a_good_before_a_size_is_chosen_shows_its_lowest_ask_and_highest_bid():
    sizes = [quote(300, 100, 90, "USD"), quote(200, 120, None, "USD"), quote(50, 40, None, "USD", condition="used")]
    assert whole(sizes) == quote(200, 120, None, "USD")


def test_used_ones_never_price_a_good_that_nobody_sells_new():
    first = whole([quote(50, 40, None, "USD", condition="used")])
    assert (first.price, first.availability, first.bid) == (None, Availability.unknown, None)


def test_a_good_is_sold_out_only_when_every_size_says_so():
    gone, silent = quote(None, None, None, "USD", 0, "US M 9"), quote(None, None, None, "USD", None, "US M 10")
    assert whole([gone, gone]).availability is Availability.out_of_stock
    assert whole([gone, silent]).availability is Availability.unknown
    assert whole([]) is None


def test_one_size_told_twice_is_one_offer():
    used = quote(99, 1, 2, "USD", None, "US M 9", "used")
    told = [(300, 100, 90, None), (250, 80, None, None), (None, 200, None, 0)]
    once = told_once([*(quote(ask, bid, sale, "USD", asks, "US M 9") for ask, bid, sale, asks in told), used])
    assert once == [quote(250, 200, 90, "USD", None, "US M 9"), used]


def test_bids_and_last_sales_reach_the_product():
    facts = put(Facts("api", sku="x", title="X"), quote(300, 100, 90, "USD"), [quote(300, 100, 90, "USD", 1, "US M 9")])
    first, size = vote("alias", [facts]).offers
    assert (first.price, first.bid, first.last_sale, first.variant) == (300, 100, 90, None)
    assert (size.price, size.bid, size.last_sale, size.variant) == (300, 100, 90, "US M 9")
