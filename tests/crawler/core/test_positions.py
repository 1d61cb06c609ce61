import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.errors import InputError
from crawler.core.positions import Reach, check, order

PLACES = st.tuples(st.integers(0, 30), st.integers(0, 3)).map(lambda p: f"{p[0]}-{p[1]}")


def test_positions_compare_by_number_not_by_text():
    assert order("9-2") < order("9-10") < order("10-0")


@pytest.mark.parametrize("text", ["", "1", "-", "a-1", "1-1-1", " 1-0", "9223372036854775808-0", "１-0"])
def test_text_that_is_no_position_names_the_field(text):
    with pytest.raises(InputError, match="since: must be a position") as caught:
        check(text, "since")
    assert caught.value.field == "since"


@given(after=PLACES, kept=st.lists(PLACES, unique=True).map(lambda p: sorted(p, key=order)), trimmed=st.booleans())
def test_law_a_stream_covers_what_it_still_holds_whole(after, kept, trimmed):
    reach = Reach("e", kept[0] if kept else "", kept[-1] if kept else "15-0", trimmed)
    behind = trimmed and order(after) < order(reach.first or reach.last)
    assert reach.covers(after) is not (behind or order(after) > order(reach.last))
    assert reach.covers(after, "e") is reach.covers(after)
    assert not reach.covers(after, "another")
