"""Goods out of a shop's own JSON, by a table of places."""

import msgspec
import pytest

from crawler.bases.shapes import Shape, facts, offer, value, values, with_variants
from crawler.core.models import Availability

SHAPE = Shape(
    sku="id", title="name", url="path", brand="maker.name", gtin="upc", category="trail.*.name", images="media.*.url",
    specs="rows.*", spec=("label", "text"), rating="stars", votes="count", price="cost.now | cost.only",
    list_price="cost.was", availability="stock", seller="by", condition="state", location="place.zip",
    words={"HAVE": Availability.in_stock}, image=lambda url: url.replace("_small", ""),
)  # fmt: skip
BASE = "https://shop.example/"
SAID = {
    "id": 42, "name": "Oak &amp; Ash Table", "path": "/p/42", "maker": {"name": "Fernholm"}, "upc": "012345678905",
    "trail": [{"name": "Tables"}, {}, {"name": "Dining"}], "media": [{"url": "/a_small.jpg"}, {"url": None}],
    "rows": [{"label": "Width", "text": "90 cm"}, {"label": "Depth", "text": None}], "stars": "4.25", "count": "1,024",
    "cost": {"now": 0, "only": 79.5, "was": "$99.00"}, "stock": "HAVE", "by": "Fernholm Ltd",
}  # fmt: skip


def read(**changed):
    return facts(SAID | changed, SHAPE, BASE, "USD")


def test_every_field_is_read_at_its_place():
    found = read()
    assert (found.sku, found.title, found.url, found.brand) == ("42", "Oak & Ash Table", BASE + "p/42", "Fernholm")
    assert (found.gtin, found.category, found.images) == ("012345678905", ["Tables", "Dining"], [BASE + "a.jpg"])
    assert (found.specs, found.seller) == ({"Width": "90 cm"}, "Fernholm Ltd")
    assert (found.rating.value, found.rating.count) == (4.25, 1024)
    assert (found.price, found.list_price, found.currency) == (7950, 9900, "USD")
    assert found.availability is Availability.in_stock
    assert found.offers == []


def test_places_are_tried_in_order_and_what_is_empty_is_not_there():
    assert value({"a": {"b": 0}, "c": 5}, "a.b | c") == 5
    assert value({"a": [1]}, "a.b") is None
    assert values({"a": {"x": {"n": 1}, "y": {"n": 2}}}, "a.*.n") == [1, 2]
    assert values({"a": 1}, "") == []


@pytest.mark.parametrize("was", [79.5, 20, None, "soon"])
def test_a_list_price_is_above_the_price(was):
    assert read(cost={"only": 79.5, "was": was}).list_price is None


@pytest.mark.parametrize("price", [-1, "1e99", True, {"value": 5}, "free"])
def test_a_price_beyond_belief_is_none(price):
    found = read(cost={"only": price})
    assert (found.price, found.currency, found.list_price) == (None, None, None)


@pytest.mark.parametrize(
    "price", ["$35.00 - $50.00", "From $35.00", "35.00/mo", "$35.00 per item", "See price in cart"]
)
def test_a_text_is_a_price_only_when_it_is_one_and_nothing_else(price):
    assert read(cost={"only": price}).price is None


@pytest.mark.parametrize("price", ["35", "$35.00", "Now $35.00", "USD 35.00", "35.00 USD"])
def test_a_price_as_text(price):
    assert read(cost={"only": price}).price == 3500


def test_an_unbelievable_price_is_counted():
    assert read(cost={"only": -1}).problems == ["negative"]


def test_the_place_the_page_answers_for_stands_beside_the_one_asked():
    found = facts(SAID | {"place": {"zip": "10001"}}, SHAPE, BASE, "USD", asked="94105")
    assert [(o.location, o.location_asked, o.price) for o in found.offers] == [("10001", "94105", 7950)]


@pytest.mark.parametrize(
    ("word", "condition"),
    [
        ("New", "new"),
        ("Restored", "refurbished"),
        ("PRE_OWNED", "used"),
        ("Pre-Owned: Good", "used"),
        ("Open Box", "used"),
    ],
)
def test_condition(word, condition):
    assert offer({"state": word}, SHAPE, "USD", []).condition == condition


def test_the_pages_own_variant_stands_first():
    problems: list[str] = []
    costs = {"Red": 10, "Blue": 12}
    pairs = [(offer({"cost": {"now": c}}, SHAPE, "USD", problems, v), v == "Blue") for v, c in costs.items()]
    found = with_variants(read(place={"zip": "10001"}), pairs)
    assert [(o.variant, o.price, o.seller, o.location) for o in found.offers] == [
        ("Blue", 1200, "Fernholm Ltd", "10001"), ("Red", 1000, "Fernholm Ltd", "10001"),
    ]  # fmt: skip


def test_a_good_without_a_price_costs_what_its_own_variant_costs():
    stock = {"Red": "SOLD_OUT", "Blue": "HAVE"}
    pairs = [
        (offer({"cost": {"now": 10 + i, "was": 20}, "stock": stock[v]}, SHAPE, "USD", [], v), v == "Red")
        for i, v in enumerate(stock)
    ]
    found = with_variants(read(cost={}), pairs)
    assert (found.price, found.list_price, found.currency, found.variant) == (1000, 2000, "USD", "Red")
    assert found.availability is Availability.out_of_stock


def test_a_good_whose_variants_differ_has_no_price():
    pairs = [(offer({"cost": {"now": c}}, SHAPE, "USD", [], str(c)), False) for c in (10, 12)]
    found = with_variants(read(cost={}), pairs)
    assert found.price is None
    assert [o.price for o in found.offers] == [None, 1000, 1200]


def test_no_variants_leave_the_offer_alone():
    assert with_variants(read(), []).offers == []


@pytest.mark.parametrize("said", [None, [], "text", 5, {"id": {"deep": []}}])
def test_another_shape_is_nothing(said):
    found = facts(said, SHAPE, BASE, "USD")
    assert (found.price, found.title, found.images) == (None, None, [])


def test_the_lowest_of_several_prices_is_none():
    said = {"cost": {"now": 20, "was": 30, "range": "$20 - $90"}}
    told = offer(said, msgspec.structs.replace(SHAPE, ranges="cost.range"), "USD", [])
    assert (told.price, told.list_price, told.currency) == (None, None, None)
    assert offer(said, SHAPE, "USD", []).price == 2000
