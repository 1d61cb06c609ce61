"""Every fixture folder is a test: `fixtures/<spider>/<case>/{request.json,page.*,expected.json}`."""

import pytest

from tests.reading import FIXTURES, compare, load, read, spiders

CASES = sorted(p.parent for p in FIXTURES.glob("*/*/request.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_fixture(case):
    page = next(p for p in case.iterdir() if p.stem == "page")
    assert (
        compare(read(case.parent.name, page.read_bytes(), load(case / "request.json")), load(case / "expected.json"))
        == []
    )


@pytest.mark.parametrize("name", sorted(spiders()))
def test_every_spider_has_a_fixture(name):
    assert list((FIXTURES / name).glob("*/expected.json"))
