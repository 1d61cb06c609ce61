"""Offers of several readers as one list."""

from crawler.bases.facts import Facts, vote
from crawler.bases.merging import merged
from crawler.core.models import Availability, Offer

IN, OUT, UNKNOWN = Availability.in_stock, Availability.out_of_stock, Availability.unknown


def small(price=900, stock=IN, **more):
    return Offer(price, None, "INR", stock, "Small", **more)


def large(price=1200, stock=IN, **more):
    return Offer(price, None, "INR", stock, "Large", **more)


def test_what_two_readers_agree_on_is_kept():
    assert merged([[small(), large()], [small(), large()]]) == [small(), large()]


def test_a_price_they_contradict_each_other_in_is_unknown():
    first = merged([[small(), large()], [small(950), large()]])[0]
    assert (first.price, first.variant, first.availability) == (None, "Small", IN)


def test_another_currency_is_a_contradiction():
    assert merged([[small(), large()], [Offer(900, None, "USD", IN, "small")]])[0].price is None


def test_what_one_does_not_know_the_other_adds():
    assert merged([[small(None, UNKNOWN), large()], [small(), large()]]) == [small(), large()]


def test_stock_they_contradict_each_other_in_is_unknown():
    assert merged([[small(), large()], [small(stock=OUT)]])[0].availability is UNKNOWN


def test_variants_only_one_names_are_added():
    huge = Offer(1500, None, "INR", IN, "Huge")
    assert merged([[small(), large()], [large(), huge]]) == [small(), large(), huge]


def test_variants_by_other_names_are_not_mixed():
    assert merged([[small(), large()], [Offer(900, None, "INR", IN, "SKU-1")]]) == [small(), large()]


def test_sellers_and_conditions_stay_apart():
    used = small(500, condition="used")
    assert merged([[small(), large()], [used, large()]]) == [small(), large(), used]


def test_the_default_stays_first_and_has_what_was_settled():
    product = vote("oak", [
        Facts("jsonld", sku="1", title="Sofa", price=900, currency="INR", offers=[small(), large(None, UNKNOWN)]),
        Facts("state", offers=[large(), small()]), Facts("visible", price=900, currency="INR", availability=IN),
    ])  # fmt: skip
    assert product.offers == [small(), large()]
