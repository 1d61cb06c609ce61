"""What goes back and forth is told less and less often; what settles is told for sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.damping import FREE, STANDS, WINDOW, moved, pause
from crawler.core.models import Move

MINUTE, HOUR, DAY = 60.0, 3600.0, 24 * 3600.0


def told(looks, start="a"):
    """The published moves of a shop that shows these (time, value), by the rule alone: (time, value)."""
    published, waiting, moves, found = start, None, [], []
    for at, value in looks:
        if value == published:
            waiting = None
            continue
        if waiting is None or waiting[1] != value:
            waiting = (at, value)
        if at - waiting[0] >= pause(moves, value, at):
            moves = moved(moves, published, value, at)
            published, waiting = value, None
            found.append((at, value))
    return found


def wobble(every, until, states="ba", look=5 * MINUTE):
    """A value that takes another of the states each `every` seconds, looked at each `look` seconds."""
    return [(n * look, states[int(n * look // every) % len(states)]) for n in range(int(until / look))]


def test_a_sale_that_comes_and_goes_twice_is_told():
    looks = [(0, "b"), (HOUR, "a"), (2 * HOUR, "b")]
    assert told(looks) == looks


def test_the_third_return_of_a_day_must_stand_for_an_hour():
    looks = [(0, "b"), (900, "a"), (1800, "b"), (2700, "a"), (2700 + STANDS - 1, "a"), (2700 + STANDS, "a")]
    assert told(looks) == [*looks[:3], looks[-1]]


def test_each_further_return_stands_twice_as_long():
    moves = [Move("a", 0.0), *[Move("ab"[n % 2], 1.0, back=True) for n in range(5)]]
    assert [pause(moves[: n + 1], "a", 2.0) for n in range(6)] == [0, 0, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]


def test_another_value_between_starts_the_wait_anew():
    first = [(0, "b"), (900, "a"), (1800, "b")]
    assert told([*first, (2700, "a"), (4500, "b"), (2700 + STANDS, "a")]) == first
    assert told([*first, (2700, "a"), (4500, "b"), (5400, "a"), (5400 + STANDS, "a")])[-1] == (9000, "a")


def test_three_values_in_turn_flap_too():
    assert len(told(wobble(15 * MINUTE, DAY, "bca"))) <= FREE + 3


def test_a_value_not_seen_before_is_told_at_once_however_much_flapped():
    looks = wobble(15 * MINUTE, 6 * HOUR)
    assert told([*looks, (6 * HOUR, "c")])[-1] == (6 * HOUR, "c")


def test_a_slow_slide_is_never_held():
    looks = [(n * MINUTE, str(n)) for n in range(300)]
    assert told(looks) == looks


@pytest.mark.parametrize("every", [DAY, 1.5 * DAY, 7 * DAY])
def test_what_moves_back_after_a_day_is_no_flapping(every):
    looks = [(n * every, "ba"[n % 2]) for n in range(20)]
    assert told(looks) == looks


def test_after_a_day_of_rest_all_is_told_again():
    moves = [Move("a", 0.0), *[Move("ab"[n % 2], 1.0, back=True) for n in range(5)]]
    assert pause(moves, "a", 1.0 + WINDOW) == 0


@given(st.lists(st.tuples(st.floats(1, 6 * HOUR), st.sampled_from("ab")), max_size=200))
def test_law_two_values_are_told_seven_times_a_day_at_most(steps):
    at, looks = 0.0, []
    for wait, value in steps:
        at += wait
        looks.append((at, value))
    times = [t for t, _ in told(looks)]
    assert all(sum(start <= t < start + WINDOW for t in times) <= 7 for start in times)


@given(st.integers(1, 200), st.sampled_from([5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR]), st.sampled_from(["ba", "bca"]))
def test_law_what_settles_is_told(flips, every, states):
    looks = [(n * every, states[n % len(states)]) for n in range(flips)]
    last = looks[-1][1]
    still = [(looks[-1][0] + n * HOUR, last) for n in range(1, 26)]
    found = told([*looks, *still])
    assert (found[-1][1] if found else "a") == last


@given(st.integers(20, 300), st.sampled_from([5 * MINUTE, 15 * MINUTE, 30 * MINUTE]))
def test_law_what_flips_faster_than_hourly_is_told_three_times_a_day(flips, every):
    looks = [(n * every, "ba"[n % 2]) for n in range(flips)]
    assert len([t for t, _ in told(looks) if t < DAY]) == 1 + FREE
