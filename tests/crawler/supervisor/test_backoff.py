from hypothesis import given
from hypothesis import strategies as st

from crawler.supervisor.backoff import Backoff


def test_doubles_from_one_second_to_thirty():
    backoff = Backoff()
    assert [backoff.after(1, 0.1) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_recycled_worker_is_back_at_once():
    assert Backoff().after(0, 60.0) == 0


def test_one_that_ends_well_at_once_is_no_busy_loop():
    backoff = Backoff()
    assert [backoff.after(0, 0.1) for _ in range(3)] == [1, 2, 4]


def test_a_long_life_forgives():
    backoff = Backoff()
    for _ in range(5):
        backoff.after(1, 0.1)
    assert backoff.after(-9, 60.0) == 1
    assert backoff.after(1, 0.1) == 1


@given(st.lists(st.tuples(st.integers(-15, 3), st.floats(0, 100)), max_size=30))
def test_always_within_bounds(deaths):
    backoff = Backoff()
    for code, lived in deaths:
        pause = backoff.after(code, lived)
        assert 1 <= pause <= 30 or (pause, code) == (0, 0)
