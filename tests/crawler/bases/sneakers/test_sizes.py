import pytest

from crawler.bases.sneakers.sizes import size, style


@pytest.mark.parametrize(
    ("system", "gender", "number", "expected"),
    [("SIZE_UNIT_US", "men", 9, "US M 9"), ("SIZE_UNIT_US", "men", 9.0, "US M 9"), ("us", "women", 7.5, "US W 7.5"),
     ("us", "unisex", "10", "US M 10"), ("us", "youth", 5, "US 5Y"), ("us", "infant", 5.5, "US 5.5C"),
     ("us", "men", "XS/S", "US XS/S"), ("", "men", "9", "M 9"), ("us", None, "12", "US 12"), ("us", "men", None, None),
     ("us", "men", 0, None), ("us", "men", "", None)],
)  # fmt: skip
def test_sizes_have_one_spelling(system, gender, number, expected):
    assert size(system, gender, number) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("HQ7978 100", "HQ7978-100"), ("dd1391-100", "DD1391-100"), ("DD1391_100", "DD1391-100"), ("BY9109", "BY9109"),
     ("Dunk Low", "Dunk Low"), ("", None), (None, None), (7, None)],
)  # fmt: skip
def test_style_codes_have_one_spelling(code, expected):
    assert style(code) == expected
