import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bases.ikea.api import availability, facts, item_no, products, title
from crawler.core.models import Availability


def thing(no="40400003", **more):
    return {"id": no, "name": "TORVALLA", "typeName": "Bench", "pipUrl": f"https://www.ikea.com/in/en/p/x-{no}/"} | more


def test_every_spelling_of_one_item_number_is_one_sku():
    spellings = ("s09317744", "S09317744", "09317744", "093.177.44", " 093.177.44 ",
                 "https://www.ikea.com/us/en/p/torvalla-chair-s09317744/", "https://www.ikea.com/us/en/p/-09317744/#content",
                 "/in/en/p/s09317744?gclid=1", "https://www.ikea.com/in/en/products/744/09317744.json",
                 "https://www.ikea.co.id/in/produk/dapur/torvalla-art-09317744")  # fmt: skip
    assert {item_no(spelling) for spelling in spellings} == {"09317744"}


@pytest.mark.parametrize(
    "text", [None, "", "fu003", "/in/en/cat/sofas-20874/", "x__0484884_pe621348_s5.jpg", "303604680", "/p/x-1234567/"]
)
def test_other_numbers_are_no_item_number(text):
    assert item_no(text) is None


@given(st.integers(0, 99_999_999).map("{:08d}".format))
def test_leading_zeros_stay(digits):
    assert item_no(f"{digits[:3]}.{digits[3:6]}.{digits[6:]}") == item_no(f"s{digits}") == digits


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "items", "shelves"]), inner),
    max_leaves=8,
)


@given(json_like, st.lists(st.sampled_from(["items", "data", "main", "productWindow"]), max_size=4))
def test_products_are_found_in_any_envelope_and_nothing_else_is(noise, path):
    wrapped = [thing("40400003", gprDescription={"variants": [thing("40400009")]}), thing("40400004")]
    for key in path:
        wrapped = {"noise": noise, key: wrapped, "shelves": [thing("99900001")]}
    assert [p["id"] for p in products(wrapped)] == ["40400003", "40400004"]


def test_a_price_without_a_currency_is_of_the_country():
    read = facts(thing(priceNumeral=5490), "INR")
    assert (read.price, read.currency) == (549000, "INR")


def test_a_price_beyond_belief_is_counted_and_not_told():
    read = facts(thing(salesPrice={"numeral": -1, "currencyCode": "INR"}))
    assert (read.price, read.currency, read.problems) == (None, None, ["negative"])


@pytest.mark.parametrize("mark", [{"salesPrice": {"tag": "FAMILY_PRICE"}}, {"tag": "FAMILY_PRICE"},
                                  {"salesPrice": {"tags": ["NEW_PRODUCT", "FAMILY_PRICE"]}},
                                  {"experimental": {"isFamilyPrice": True}}])  # fmt: skip
def test_a_members_price_is_never_the_price(mark):
    sales = {"numeral": 909, "currencyCode": "INR"} | mark.pop("salesPrice", {})
    alone = thing(salesPrice=sales, **mark)
    beside = thing(salesPrice=sales | {"previous": {"wholeNumber": "1,109", "decimals": ""}}, **mark)
    assert [(f.price, f.list_price) for f in map(facts, (alone, beside))] == [(None, None), (110900, None)]


def test_a_former_price_that_is_no_higher_is_no_list_price():
    sales = {"numeral": 55, "currencyCode": "EUR", "previous": {"wholeNumber": "55"}}
    assert facts(thing(salesPrice=sales)).list_price is None


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (None, "unknown"),
        ([], "unknown"),
        ([{"type2": "CASH_AND_CARRY", "status": "LOW_IN_STOCK"}], "in_stock"),
        ([{"type2": "CASH_AND_CARRY", "status": "OUT_OF_STOCK"}], "unknown"),
        ([{"type2": "HOME_DELIVERY", "status": "OUT_OF_STOCK"}], "out_of_stock"),
        ([{"type2": "HOME_DELIVERY", "status": "OUT_OF_STOCK"}, {"type2": "X", "status": "HIGH_IN_STOCK"}], "in_stock"),
    ],
)
def test_stock_is_what_the_tile_states(entries, expected):
    assert availability(entries) is Availability(expected)


def test_online_sellable_alone_says_nothing_about_stock():
    assert facts(thing(onlineSellable=True)).availability is Availability.unknown
    assert facts(thing(onlineSellable=False)).availability is Availability.unknown


def test_the_title_is_the_heading_of_the_product_page():
    assert title(thing(validDesignText="oak", itemMeasureReferenceText="120x40 cm")) == "TORVALLA Bench, oak, 120x40 cm"
    assert title(thing(validDesignText="", itemMeasureReferenceText=None)) == "TORVALLA Bench"
