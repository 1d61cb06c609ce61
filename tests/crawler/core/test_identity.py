"""A product's page that tells of another good is believed in nothing."""

import pytest

from crawler.core.changes import decide
from crawler.core.identity import same_good
from crawler.core.models import Product
from crawler.core.settle import DAY

from .test_changes import IN, OUT, changes, history, offer, reading

SHELF = {"title": "Walnut wall shelf", "images": ["https://cdn.test/600x/shelf-1.jpg?v=1"]}
LAMP = {"title": "Linen lampshade, natural", "images": ["https://cdn.test/lamp.jpg"]}


def good(**more):
    return Product("oak:1", "oak", "1", "https://oak.test/1", **more)


@pytest.mark.parametrize(("known", "seen", "same"), [
    (SHELF, LAMP, False), (SHELF, {"title": "WALNUT Wall Shelf, 60 cm"}, True), (SHELF, {"title": None}, True),
    (SHELF, {"title": "Walnut coffee table"}, False), ({"title": None}, LAMP, True),
    (SHELF, {"title": "दीवार शेल्फ", "images": ["https://img.test/1200x/shelf-1.jpg"]}, True),
    ({**SHELF, "gtin": "1"}, {**SHELF, "gtin": "2"}, True), ({**SHELF, "gtin": "1"}, {**LAMP, "gtin": "1"}, True),
    ({**SHELF, "mpn": "a"}, {**LAMP, "mpn": "a"}, True), ({**SHELF, "mpn": "a"}, LAMP, False),
])  # fmt: skip
def test_whether_two_readings_are_of_one_good(known, seen, same):
    assert same_good(good(**known), good(**seen)) is same


@pytest.mark.parametrize("other", [offer(950, IN), offer(500, IN), offer(950, OUT)])
def test_another_good_s_page_is_believed_in_nothing_however_often(other):
    record = history(reading(offer(1000, IN), **SHELF), *[reading(other, **LAMP)] * 5, every=4 * 3600.0)
    assert (changes(record), record.product.title, record.product.offers) == ([], SHELF["title"], [offer(1000, IN)])
    assert (record.rev, record.digest) == (2, "")


def test_its_own_page_ends_it():
    shelf, lamp = reading(offer(1000, IN), **SHELF), reading(offer(500, IN), **LAMP)
    record = history(shelf, lamp, shelf, lamp, every=DAY - 1)
    assert (changes(record), record.product.title) == ([], SHELF["title"])


def test_a_product_that_was_renamed_says_its_price_under_the_new_name():
    record = history(
        reading(offer(1000, IN), **SHELF), reading(offer(1000, IN), **LAMP), reading(offer(950, IN), **LAMP)
    )
    assert (changes(record), record.product.title) == ([("price", "10.00", "9.50")], LAMP["title"])


def test_a_product_renamed_and_repriced_at_once_is_believed_after_a_day():
    record = history(reading(offer(1000, IN), **SHELF), *[reading(offer(950, IN), **LAMP)] * 2, every=DAY)
    assert (changes(record), record.product.title, record.candidates) == (
        [("price", "10.00", "9.50")],
        LAMP["title"],
        {},
    )


def test_a_tile_is_known_by_its_number_alone():
    tile = reading(offer(950, IN), depth="list", **LAMP)
    assert changes(history(reading(offer(1000, IN), **SHELF), tile)) == [("price", "10.00", "9.50")]
    first = decide(None, tile, 1.0)
    assert changes(decide(first, reading(offer(900, IN), **SHELF), 2.0)) == [("price", "9.50", "9.00")]
