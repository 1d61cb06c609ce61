"""A page that does not deliver to a place: what that says of stock, and where."""

import pytest

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.refusal import Refusal, refusal, withheld
from crawler.core.models import Availability, Offer
from crawler.spiders.retailers.shop import ShopSpider
from tests.crawler.bases.test_traps import BUY, URL, offer, page, product

IN, OUT, UNKNOWN = Availability.in_stock, Availability.out_of_stock, Availability.unknown


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("<p>Not deliverable to <b>560001</b></p>", "560001"),
        ("<p>Delivery not available at 560001</p>", "560001"),
        ("<p>This item can't be shipped to 30339</p>", "30339"),
        ("<p>We do not deliver to your pincode</p>", ""),
        ("<div>560001</div><div>Your location is currently not serviceable</div>", ""),
        ("<p>This product is not available for delivery in 400001. Change</p>", "400001"),
        ("<p>Shipping is unavailable to your selected address</p>", ""),
        (f"<p>Free delivery</p><p>{'Oak. ' * 60}</p><p>Not deliverable to 560001</p>", "560001"),
        ("<p>If we do not deliver to your pincode, tell us</p>", None),
        ("<p>Some items are not deliverable to 560001</p>", None),
        ("<p>Not deliverable to your pincode?</p>", None),
        ("<p>We can't deliver orders to your address on Sundays</p>", None),
        ("<p>Delivery by Friday to 560001</p>", None),
        ("<p>Not deliverable</p><p>Model 560001</p>", None),
        ("<p>Cash on delivery not available</p>", None),
        ("<p hidden>Not deliverable to 560001</p>", None),
        ("<script>const no = 'Not deliverable to 560001'</script>", None),
    ],
)
def test_what_a_page_refuses(said, place):
    doc = Document("https://shop.example/p/1", f"<html><body>{said}</body></html>".encode())
    assert refusal(doc) == (None if place is None else Refusal(place))


def test_nothing_is_refused_without_a_page():
    assert refusal(Document("https://shop.example/p/1", b"")) is None
    assert refusal(Document("https://shop.example/p/1", b'{"note": "Not deliverable to 560001"}')) is None


@pytest.mark.parametrize(
    ("place", "asked", "stock"),
    [("560001", "560001", OUT), ("560001", "400001", UNKNOWN), ("560001", "", UNKNOWN), ("", "560001", UNKNOWN)],
)
def test_only_at_the_place_that_was_asked_for_a_good_is_known_not_to_be_had(place, asked, stock):
    offers = [Offer(availability=IN, variant="Red"), Offer(availability=IN, variant="Blue")]
    readers = withheld([Facts("jsonld", availability=IN), Facts("state", offers=offers)], Refusal(place), asked)
    assert {f.availability for f in readers} == {o.availability for o in readers[1].offers} == {stock}
    assert {o.location_asked for o in readers[1].offers} == {asked if place and asked else None}


@pytest.mark.parametrize(("asked", "stock"), [("560001", OUT), ("", UNKNOWN), ("400001", UNKNOWN)])
def test_a_spider_states_it(asked, stock):
    html = page(f"<div class='price'>₹900</div>{BUY}<p>Not deliverable to 560001</p>",
                product(offer("900", availability="InStock")))  # fmt: skip
    [found] = ShopSpider(url=URL, location=asked).read(Document(URL, html.encode())).page.products
    assert (found.offer.availability, found.offer.price) == (stock, None if asked == "400001" else 90000)
