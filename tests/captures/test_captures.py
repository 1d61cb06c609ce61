"""Real pages that nobody here wrote, read as a shopper sees them. The pages are private and stay outside; what they
say, read by eye, is in `<spider>.json`: a list of {"file", "url", "status"?, "verdict", "count"?, "items": [...]}."""

from pathlib import Path

import pytest

from tests.reading import CAPTURES, compare, load, read

HERE = Path(__file__).parent
CASES = [(p.stem, case) for p in sorted(HERE.glob("*.json")) for case in load(p)]
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not CAPTURES.exists(), reason="the private captures are not beside this checkout"),
]


@pytest.mark.parametrize(("spider", "case"), CASES, ids=[f"{s}-{Path(c['file']).name}" for s, c in CASES])
def test_capture(spider, case):
    assert compare(read(spider, (CAPTURES / case["file"]).read_bytes(), case), case) == []
