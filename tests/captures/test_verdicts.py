"""Real pages are read and real block pages are not. All of them are private and stay outside."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.core.verdicts import Verdict, judge
from tests.reading import CAPTURES

URL = "https://shop.test/"
REAL = sorted([*CAPTURES.glob("retail/**/*.html"), *CAPTURES.glob("sneakers/*.html"), *CAPTURES.glob("parsing/*.html")])
BODIES = sorted(
    [*CAPTURES.glob("images/**/*.json"), *CAPTURES.glob("retail/**/*.json"), *CAPTURES.glob("sneakers/*.json")]
)
RECORDED = sorted(CAPTURES.glob("blocked_pages/**/failed.json"))
STANDING_IN_THE_WAY = (Verdict.blocked, Verdict.captcha)
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not REAL, reason="the private captures are not beside this checkout"),
]


def responses() -> Iterator[tuple[int, dict[str, str], bytes]]:
    for path in RECORDED:
        response = json.loads(path.read_text())["log"]["entries"][0]["response"]
        headers = {header["name"].lower(): header["value"] for header in response["headers"]}
        yield response["status"], headers, response["content"]["text"].encode()
    for path in CAPTURES.glob("blocked_pages/*.html"):
        yield 403, {}, path.read_bytes()


def test_there_are_captures():
    assert len(REAL) >= 50
    assert len(list(responses())) >= 5


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.name)
def test_a_real_page_is_ok(path: Path):
    assert judge(200, {}, URL, URL, path.read_bytes()) == (Verdict.ok, "")


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.name)
def test_a_real_page_cut_short_is_not(path: Path):
    body = path.read_bytes()
    assert all(judge(200, {}, URL, URL, body[: len(body) * n // 7])[0] is not Verdict.ok for n in range(1, 7))


def test_answers_of_programs_are_ok():
    wrong = [p.name for p in BODIES if judge(200, {}, URL, URL, p.read_bytes())[0] is not Verdict.ok]
    assert wrong == []


def test_recorded_refusals():
    for status, headers, body in responses():
        assert judge(status, headers, URL, URL, body)[0] in STANDING_IN_THE_WAY
        assert judge(200, {}, URL, URL, body)[0] in (STANDING_IN_THE_WAY if body else (Verdict.empty,))
