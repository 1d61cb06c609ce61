"""Cron lines: what is read, what is refused and why, and which minute is due."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.errors import ConfigError
from crawler.jobs.crons import LATE_S, Cron, due, parse

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC).timestamp()
ARGUMENTS = ("pages", "url", "category")


def lines(text):
    return parse(text, ["oak", "wood"], ARGUMENTS)


def at(when):
    return Cron("", when, "oak", "sofa", {})


def test_a_line_is_read():
    first, second = lines("0 6 * * * oak query='blue sofa' pages=2;\n 30 */4 * * 1-5 wood category=beds ;")
    assert first == Cron("0 6 * * * oak query='blue sofa' pages=2", "0 6 * * *", "oak", "blue sofa", {"pages": "2"})
    assert (second.when, second.spider, second.query, second.args) == (
        "30 */4 * * 1-5",
        "wood",
        "",
        {"category": "beds"},
    )


@pytest.mark.parametrize("text", ["", " ", ";", " ; ;"])
def test_nothing_planned(text):
    assert lines(text) == []


@pytest.mark.parametrize(("text", "why"), [
    ("* * * * oak query=x", "'oak'"), ("* * * *", "five cron fields"), ("* * * * *", "five cron fields"),
    ("61 * * * * oak query=x", "61 out of range"), ("x * * * * oak query=x", "'x'"),
    ("0 0 30 2 * oak query=x", "never comes"),
    ("0 6 * * * elm query=x", "there is no spider 'elm'; use one of oak, wood"), ("0 6 * * * oak", "say what to crawl"),
    ("0 6 * * * oak pages=2", "say what to crawl"),
    ("0 6 * * * oak sofa", "'sofa' is no argument; use query=…, pages=…"),
    ("0 6 * * * oak query=", "'query=' is no argument"), ("0 6 * * * oak query=x key=1", "'key=1' is no argument"),
    ("0 6 * * * oak query='x", "No closing quotation"),
])  # fmt: skip
def test_a_wrong_line_is_named_with_what_is_wrong(text, why):
    with pytest.raises(ConfigError) as caught:
        lines(f"0 6 * * * oak query=fine; {text}")
    assert caught.value.field == "HOMEFEED_CRONS"
    assert repr(text) in str(caught.value)
    assert why in str(caught.value)


@pytest.mark.parametrize(("when", "after_s", "expected"), [
    ("0 12 * * *", 0, 0), ("0 12 * * *", 59.9, 0), ("0 12 * * *", -0.1, None), ("0 12 * * *", LATE_S, 0),
    ("0 12 * * *", LATE_S + 1, None), ("*/5 * * * *", 299.9, 0), ("*/5 * * * *", 300, 300),
    ("0 11 * * *", 0, -3600), ("59 10 * * *", 0, None),
])  # fmt: skip
def test_the_latest_minute_within_an_hour_is_due(when, after_s, expected):
    assert due(at(when), NOON + after_s) == (None if expected is None else NOON + expected)


@given(st.floats(0, 86_400), st.sampled_from(["* * * * *", "*/7 * * * *", "3,50 */2 * * *", "0 0 * * *"]))
def test_what_is_due_began_within_the_hour_and_stays_due_for_its_minute(after, when):
    now = NOON + after
    minute = due(at(when), now)
    if minute is not None:
        assert minute % 60 == 0
        assert 0 <= now - minute <= LATE_S
        assert due(at(when), minute) == minute == due(at(when), minute + 59)
