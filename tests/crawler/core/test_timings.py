from hypothesis import given
from hypothesis import strategies as st

from crawler.core.timings import KEPT, Timings


def timed(*seconds):
    timings = Timings()
    for s in seconds:
        timings.add("/a", s)
    [route] = timings.routes()
    return route


def test_percentiles_are_of_calls_that_were():
    route = timed(*(n / 1000 for n in range(1, 101)))
    assert route == {"route": "/a", "count": 100, "p50_ms": 50.0, "p95_ms": 95.0, "p99_ms": 99.0, "max_ms": 100.0}


def test_one_call_is_all_percentiles():
    assert timed(0.002) == {"route": "/a", "count": 1, "p50_ms": 2.0, "p95_ms": 2.0, "p99_ms": 2.0, "max_ms": 2.0}


def test_the_newest_count_for_percentiles_and_all_for_the_count():
    route = timed(*[9.0] * 10, *[0.001] * KEPT)
    assert (route["count"], route["max_ms"]) == (KEPT + 10, 1.0)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=300))
def test_they_rise(seconds):
    route = timed(*seconds)
    assert route["p50_ms"] <= route["p95_ms"] <= route["p99_ms"] <= route["max_ms"]


def test_prometheus_gets_count_and_sum():
    timings = Timings()
    timings.add("/a", 1.0)
    timings.add("/a", 2.0)
    [family] = timings.collect()
    assert {(s.name, s.value) for s in family.samples} == {
        ("homefeed_request_seconds_count", 2), ("homefeed_request_seconds_sum", 3.0),
    }  # fmt: skip
