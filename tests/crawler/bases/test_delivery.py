"""Which ZIP code a page answers for."""

import pytest

from crawler.bases.delivery import placed, zip_code
from crawler.bases.document import Document
from crawler.bases.facts import Facts, vote
from crawler.core.models import Offer


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Delivering to <span>30339</span>", "30339"),
        ("<p>Delivery to Sacramento, <b>95829</b></p>", "95829"),
        ("Ship to 94105-1234 by Friday", "94105"),
        ("Get it shipped. Model 30339", None),
        ("Free delivery over $35000", None),
        ("Delivery in 3 days for 12345.50", None),
        ("Pick up at store 12345", None),
    ],
)
def test_zip_code(said, place):
    assert zip_code(Document("https://shop.example/p/1", f"<html><body>{said}</body></html>".encode())) == place


def test_a_page_without_a_body_names_no_place():
    assert zip_code(Document("https://shop.example/p/1", b"")) is None


def test_both_places_stand_on_every_offer():
    offers = [Offer(variant="Red"), Offer(variant="Blue", location="10001")]
    [facts] = placed([Facts("state", sku="1", price=100, currency="USD", offers=offers)], "30339", "94105")
    assert [(o.location, o.location_asked) for o in facts.offers] == [("30339", "94105"), ("10001", "94105")]


def test_where_no_reader_has_offers_the_settled_one_gets_the_places():
    readers = [Facts("jsonld", sku="1", title="Lamp", price=100, currency="USD"), Facts("visible", seller="Nordby")]
    offer = vote("shop", placed(readers, "30339", "")).offer
    assert (offer.price, offer.seller, offer.location, offer.place) == (100, "Nordby", "30339", None)


def test_no_place_changes_nothing():
    assert placed([Facts("jsonld", price=100)], None, "")[0].offers == []
