"""A state is the shop's own business and may change its shape any day: odd parts give nothing, never an error."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.bases.document import Document
from crawler.bases.facts import together, vote
from crawler.bases.flipkart import state as flipkart_state
from tests.reading import FIXTURES

ODD = [None, [], {}, "x", 5, -1, [1], ["x"], {"a": 1}, True, float("nan"), float("inf"), "1e999", 10**30]


def state(case):
    body = (FIXTURES / "flipkart" / case / "page.html").read_bytes()
    return Document("https://www.flipkart.com/", body).states["__INITIAL_STATE__"]


def places(obj):
    items = obj.items() if isinstance(obj, dict) else enumerate(obj) if isinstance(obj, list) else ()
    for key, value in list(items):
        yield obj, key
        yield from places(value)


STATES = {case: state(case) for case in ("product_state", "product_state_v4", "search_state_v4", "search_state_multi")}


@pytest.mark.parametrize("case", STATES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_law_an_odd_part_is_no_error(case, data):
    odd = copy.deepcopy(STATES[case])
    holder, key = data.draw(st.sampled_from(list(places(odd))))
    holder[key] = data.draw(st.sampled_from(ODD))
    flipkart_state.has_more(odd)
    assert flipkart_state.page_type(odd) in ("product", "listing", "")
    for readers in together([f for f in [flipkart_state.product(odd), *flipkart_state.tiles(odd)] if f]):
        vote("flipkart", readers)


def test_a_zero_is_no_price_and_an_absurd_one_is_counted():
    odd = copy.deepcopy(STATES["search_state_multi"])
    slots = odd["multiWidgetState"]["widgetsData"]["slots"]
    first, second = (p["value"]["pricing"] for p in slots[1]["slotData"]["widget"]["data"]["products"])
    first["displayPrice"], second["displayPrice"] = 0, 10**30
    zero, absurd, *_ = flipkart_state.tiles(odd)
    assert (zero.price, zero.list_price, zero.problems) == (None, None, [])
    assert (absurd.price, absurd.list_price, absurd.problems) == (None, None, ["absurd"])


def test_a_list_price_below_the_price_is_none():
    odd = copy.deepcopy(STATES["product_state"])
    odd["multiWidgetState"]["pageDataResponse"]["pageContext"]["fdpEventTracking"]["events"]["psi"]["ppd"]["mrp"] = 100
    assert flipkart_state.product(odd).list_price is None
