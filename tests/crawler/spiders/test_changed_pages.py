"""Pages of shops as they come after a redesign, cut off, or with other amounts before the price: what is then stated
with confidence is what was on the page."""

import re

import pytest

from tests.reading import FIXTURES, load, read

SHOPS = ("pepperfry", "urban_ladder", "myntra", "meesho", "stockx")
STRUCTURED = re.compile(r'<script type="application/ld\+json">.*?</script>', re.S)
STATE = re.compile(r'<script>window\.\w+ = .*?</script>|<script id="__NEXT_DATA__".*?</script>', re.S)
OTHER = ("<section><h3>Similar Products</h3><a href='/other-thing-here-1/p/1zz'><img src='/o.jpg' alt='Other thing'>"
         "<span class='price'>₹199</span></a></section>")  # fmt: skip
OFFERS = "<div>EMI from ₹123/month</div><div>₹777 with coupon SAVE50</div><div>Extra ₹333 off with cards</div>"


def bare(page):
    return STATE.sub("", STRUCTURED.sub("", page))


CHANGES = {
    "classes renamed": lambda page: re.sub(r'class="([^"]*)"', lambda m: f'class="x{len(m[1])}"', page),
    "no structured data": lambda page: STRUCTURED.sub("", page),
    "no state": lambda page: STATE.sub("", page),
    "neither": bare,
    "another good first": lambda page: bare(page).replace("<h1", f"{OTHER}<h1", 1),
    "offers before the price": lambda page: bare(page).replace("</h1>", f"</h1>{OFFERS}", 1),
    "cut in the middle": lambda page: page[: len(page) // 2],
    "cut near the end": lambda page: bare(page)[: len(bare(page)) * 9 // 10],
}


def pages(shop):
    for case in sorted((FIXTURES / shop).glob("*/page.html")):
        yield case.read_text(), load(case.with_name("request.json"))


def told(shop, page, request):
    return {item["id"]: item for item in read(shop, page.encode(), request)["items"]}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shop", SHOPS)
def test_a_changed_page_never_misleads(shop, change):
    for page, request in pages(shop):
        known = told(shop, page, request)
        for key, item in told(shop, CHANGES[change](page), request).items():
            assert key in known
            assert_no_other(item, known[key])


def assert_no_other(item, known):
    if item["evidence"]["confidence"] >= 0.5 and item["price"]:
        assert (item["price"], item["currency"]) == (known["price"], known["currency"])
    assert item["list_price"] in (None, known["list_price"])
    assert item["availability"] in ("unknown", known["availability"])


@pytest.mark.parametrize("shop", SHOPS)
def test_prices_are_read_without_any_of_the_pages_data(shop):
    """What is shown is enough, but for a market's product page, where asks and bids stand side by side."""
    for page, request in pages(shop):
        known, seen = told(shop, page, request), told(shop, bare(page), request)
        if shop != "stockx" or "search" in request["url"]:
            assert {k: v["price"] for k, v in seen.items()} == {k: v["price"] for k, v in known.items()}
