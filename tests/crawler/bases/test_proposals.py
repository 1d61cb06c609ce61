"""Where the values a reader misses stand; proposals only, and only from pages that are what they claim."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.proposals import _amount, proposals

STATE = {"product": {"pricing": {"final": 129990, "was": 159990}, "name": "Oak stool"}}
PAGE = f"""<!doctype html><html><head><title>Oak stool</title></head><body><main><h1>Oak stool</h1>
<div id="buy"><p class="x1 y2 z3"><b>₹1,29,990</b></p><p class="emi">EMI from ₹10,833</p></div>
<aside><ul class="also"><li><span>₹4,999</span></li></ul></aside></main>
<script>window.__INITIAL_STATE__ = {json.dumps(STATE)};</script></body></html>"""


def doc(body=PAGE, status=200):
    return Document("https://oak.test/p/1", body.encode(), status)


def by_reader(found, field="price"):
    return {p.reader: p for p in found if p.field == field}


def test_a_silent_reader_is_shown_where_the_price_stands():
    found = by_reader(proposals(doc(), [Facts("jsonld", price=12999000, currency="INR")]))
    assert set(found) == {"state", "visible"}
    visible = found["visible"]
    assert (visible.trouble, visible.value) == ("is silent", "129990.00")
    assert visible.visible == ["div#buy > p.x1.y2 > b"]
    assert visible.data == ["__INITIAL_STATE__.product.pricing.final"]


def test_a_reader_that_disagrees_is_told_what_others_say():
    readers = [Facts("jsonld", price=12999000, currency="INR"), Facts("visible", price=499900, currency="INR")]
    found = by_reader(proposals(doc(), readers))
    assert found["jsonld"].trouble == "says 129990.00"
    assert found["jsonld"].value == "4999.00"
    assert found["jsonld"].visible[0].endswith("ul.also > li > span")
    assert found["visible"].value == "129990.00"


def test_titles_are_found_whole():
    found = by_reader(proposals(doc(), [Facts("jsonld", title="Oak stool")]), "title")
    assert found["visible"].visible == ["main > h1"]
    assert found["visible"].data == ["__INITIAL_STATE__.product.name"]


def test_where_all_agree_nothing_is_proposed():
    readers = [Facts(name, price=12999000, currency="INR") for name in ("jsonld", "state", "visible")]
    assert proposals(doc(), readers) == []


def test_others_are_heard_and_not_advised():
    found = proposals(doc(), [Facts("state")], others=[Facts("microdata", price=12999000, currency="INR")])
    assert "microdata" not in by_reader(found)
    assert by_reader(found)["state"].value == "129990.00"


@pytest.mark.parametrize("status", [403, 404, 503])
def test_nothing_is_proposed_from_a_page_that_shows_no_product(status):
    assert proposals(doc(status=status), [Facts("jsonld", price=12999000, currency="INR")]) == []


@given(st.integers(1, 10**7), st.integers(0, 99), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_an_amount_is_the_same_however_it_is_written(whole, cents, marks):
    thousands, point = marks
    written = f"{whole:,}".replace(",", thousands) + f"{point}{cents:02d}"
    assert _amount(written) == _amount(f"{whole}.{cents:02d}")
