"""When each shop has its turn, and how its pages are parted."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crawler.jobs.rechecks import AT_ONCE, jobs, turn

NAMES = st.text("abcdefgh", min_size=1, max_size=8)


@given(NAMES, st.floats(0, 1e10), st.floats(0.5, 86_400))
def test_the_latest_turn_began_within_one_pause(name, now, every):
    assert -1e-3 <= now - turn(name, now, every) <= every + 1e-3


@given(NAMES, st.integers(0, 10**9), st.integers(1, 10**5))
def test_turns_follow_each_other_by_one_pause(name, now, every):
    assert abs(turn(name, now + every, every) - turn(name, now, every) - every) < 1e-3


def test_shops_do_not_start_at_once():
    starts = sorted(turn(f"shop{n}", 1e9, 300) % 300 for n in range(20))
    assert max(b - a for a, b in pairwise(starts)) < 100
    assert len({round(start) for start in starts}) > 15


@given(st.lists(st.integers(0, 99).map(lambda n: f"https://oak.test/{n}"), max_size=90))
def test_every_page_once_and_few_at_a_time(urls):
    parts = list(jobs(urls))
    assert [url for part in parts for url in part] == list(dict.fromkeys(urls))
    assert all(0 < len(part) <= AT_ONCE == 20 for part in parts)


def test_an_address_that_would_read_as_two_is_left_out():
    assert list(jobs(["https://oak.test/a b", "", "https://oak.test/c"])) == [["https://oak.test/c"]]
