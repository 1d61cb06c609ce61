"""How several readers' words become one reading: agreement, one voice, and who is believed when they differ."""

import pytest

from crawler.bases.facts import AGREED, ALONE, DISPUTED, UNSURE, Facts, vote
from crawler.core.models import Availability, Offer, Rating

IN, OUT, UNKNOWN = Availability.in_stock, Availability.out_of_stock, Availability.unknown


def facts(reader, **told):
    return Facts(reader, sku="1", title="Sofa", currency="INR", **told)


def test_agreement_is_surer_than_one_voice():
    assert vote("oak", [facts("jsonld", price=100), facts("visible", price=100)]).evidence.confidence == AGREED
    assert vote("oak", [facts("jsonld", price=100), Facts("visible", sku="1")]).evidence.confidence == ALONE


@pytest.mark.parametrize("other", ["microdata", "opengraph"])
def test_structured_data_is_written_by_one_hand_however_often_it_is_told(other):
    evidence = vote("oak", [facts("jsonld", price=100), facts(other, price=100)]).evidence
    assert (evidence.confidence, evidence.witnesses) == (ALONE, {})
    evidence = vote("oak", [facts(other, price=100), facts("state", price=100)]).evidence
    assert (evidence.confidence, evidence.witnesses["price"]) == (AGREED, [other, "state"])


@pytest.mark.parametrize(
    ("readers", "confidence"),
    [
        ([facts("jsonld", price=100), facts("visible", denied=[300])], UNSURE),
        ([facts("jsonld", price=100), facts("opengraph", price=100), facts("visible", denied=[100])], DISPUTED),
        ([facts("jsonld", price=100), facts("state", price=100), facts("visible", denied=[100])], AGREED),
        ([facts("jsonld"), facts("visible", price=100, unsure=True)], UNSURE),
        ([facts("jsonld", price=100), facts("visible", price=100, unsure=True)], AGREED),
        ([facts("jsonld", price=100), facts("visible", price=120, unsure=True)], DISPUTED),
    ],
)
def test_a_lone_price_is_doubtful_where_the_page_shows_it_as_something_else(readers, confidence):
    evidence = vote("oak", readers).evidence
    assert (evidence.confidence, "price" in evidence.disputed) == (confidence, confidence == DISPUTED)


@pytest.mark.parametrize(
    ("field", "data", "shown"), [("price", 7333, 22000), ("list_price", 900, 800), ("availability", IN, OUT)]
)
@pytest.mark.parametrize("first", ["jsonld", "visible"])
def test_where_readers_differ_a_shopper_is_believed_whatever_the_order(field, data, shown, first):
    readers = [facts("jsonld", **{field: data}), facts("visible", **{field: shown})]
    product = vote("oak", readers if first == "jsonld" else readers[::-1])
    assert getattr(product.offer or Offer(list_price=shown), field) == shown
    assert (product.evidence.disputed, product.evidence.confidence) == ([field], DISPUTED)
    assert product.evidence.fields[field] == "visible"


def test_without_a_visible_word_the_most_trusted_is_believed_and_the_field_disputed():
    product = vote("oak", [facts("jsonld", price=100), facts("state", price=120)])
    assert (product.offer.price, product.evidence.disputed) == (100, ["price"])


def test_descriptive_fields_come_from_the_first_who_has_one():
    product = vote("oak", [Facts("jsonld", sku="1", brand="Oak"), Facts("visible", sku="1", title="Sofa", brand="No")])
    assert (product.title, product.brand) == ("Sofa", "Oak")
    assert product.evidence.fields == {"title": "visible", "brand": "jsonld"}
    assert product.offers == []


def test_nobody_knows_which_product_it_is():
    assert vote("oak", [Facts("jsonld", title="Sofa", price=100)]) is None


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"price": 100, "availability": IN},
        {"price": 100, "unsure": True},
        {"availability": OUT, "denied": [100]},
        {"price": 100, "list_price": 120, "rating": Rating(4.0, 3), "images": ["https://oak.test/1.jpg"]},
        {"offers": [Offer(price=100, variant="red"), Offer(price=110, variant="blue")], "price": 100},
        {"availability": OUT, "seller": "Oak & Sons", "specs": {"width": "80 cm"}},
    ],
)
def test_one_reader_is_heard_as_if_others_had_kept_silent(told):
    """`vote` has a short way for list pages; it must say what the long one says."""
    alone = vote("oak", [facts("visible", **told)], fetched_at=1.0)
    assert alone == vote("oak", [facts("visible", **told), Facts("state")], fetched_at=1.0)
