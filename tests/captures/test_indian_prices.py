"""Prices as crawlers of Pepperfry and Urban Ladder took them from their pages, in blocks like those of the shops."""

import pytest

from crawler.bases import visible
from crawler.core.money import minor, parse
from tests.crawler.bases.pages import page
from tests.reading import CAPTURES, load

HERE = CAPTURES / "retail/india_other"
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not CAPTURES.exists(), reason="the private captures are not beside this checkout"),
]


def _rows(told):
    """Every {"Price": …} of the crawler's nested answer."""
    if isinstance(told, dict):
        if "Price" in told:
            yield told
        for value in told.values():
            yield from _rows(value)
    elif isinstance(told, list):
        for value in told:
            yield from _rows(value)


def _shown(block):
    return visible.price(page(f'<div id="b">{block}</div>').tree.css_first("#b"), "INR")


def test_prices_in_indian_grouping():
    rows = load(HERE / "pepperfry_sofas_names-prices.json")
    assert len(rows) == 48
    for row in rows:
        paise = int(row["Price"].replace(",", "")) * 100
        for text in (row["Price"], f"₹{row['Price']}", f"Rs. {row['Price']}", f"Rs.{row['Price']}/-"):
            assert parse(text, "INR").amount == paise, text
        shown = f"<b>₹{row['Price']}</b><p>EMI from ₹{paise // 2400:,}/month</p><p>₹999 with coupon</p>"
        assert _shown(shown).amount == paise


def test_prices_beside_their_instalments():
    rows = [row for row in _rows(load(HERE / "urbanladder_products_info.json")) if row["Price"]]
    assert len(rows) > 1000
    for row in rows:
        assert minor(row["Price"], "INR") == int(row["Price"]) * 100
    for row in rows[:200]:
        block = f"<div class='price'>₹{int(row['Price']):,}</div><div>EMI starting from ₹{row['Emi']}/month</div>"
        assert _shown(block).amount == int(row["Price"]) * 100
