import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.store.colors import NAMES, named
from crawler.core.store.facets import design_terms
from tests.crawler.core.store.making import design


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("#ffffff", "white"), ("#000000", "black"), ("#808080", "grey"), ("#ff0000", "red"), ("#8b4513", "brown"),
        ("#ff8c00", "orange"), ("#ffd700", "yellow"), ("#228b22", "green"), ("#008080", "teal"), ("#1e3a8a", "blue"),
        ("#87ceeb", "blue"), ("#800080", "purple"), ("#ffc0cb", "pink"), ("#f5deb3", "beige"), ("#fafafa", "white"),
        ("#FF0000", "red"), ("ff0000", "red"),
    ],
)  # fmt: skip
def test_names_people_would_give(color, name):
    assert named(color) == name


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_has_a_name(value):
    assert named(f"#{value:06x}") in NAMES


@pytest.mark.parametrize("color", ["", "blue", "#12345", "#1234567", "#12345g", "#12345６"])
def test_what_is_no_colour_has_none(color):
    assert named(color) is None


def test_a_design_is_found_by_value_and_by_name():
    assert design_terms(design(colors=["#ff0000", "Dark Red"]))[-3:] == ["color:ff0000", "color:dark_red", "color:red"]
