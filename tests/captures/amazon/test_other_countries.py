"""Amazon's other countries through the base they share; read by the Indian spider, so the ids carry its name."""

from pathlib import Path

import pytest

from tests.reading import CAPTURES, compare, load, read

CASES = load(Path(__file__).with_name("other_countries.json"))
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not CAPTURES.exists(), reason="the private captures are not beside this checkout"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: Path(c["file"]).name)
def test_capture(case):
    assert compare(read("amazon_in", (CAPTURES / case["file"]).read_bytes(), case), case) == []
