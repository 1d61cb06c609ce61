import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.retries import JITTER, back_off


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2.0), (2, 4.0), (3, 8.0)])
def test_each_wait_is_twice_the_last(attempt, seconds):
    assert back_off(attempt, 2.0, lambda low, high: (low + high) / 2) == seconds


@given(attempt=st.integers(1, 3), first=st.floats(0.01, 60))
def test_law_jitter_never_lets_a_later_wait_be_shorter(attempt, first):
    assert back_off(attempt + 1, first) > back_off(attempt, first)
    assert abs(back_off(attempt, first) / (first * 2 ** (attempt - 1)) - 1) <= JITTER + 1e-9
