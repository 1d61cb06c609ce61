from collections import Counter

import pytest

from crawler.core.models import Design, License, Offer, Product, Rating, Rendition
from crawler.core.odd import design_fault, mend_product, product_fault, unsized, web


def product(**fields) -> Product:
    return Product("s:1", "s", "1", fields.pop("url", "https://s.test/1"), title=fields.pop("title", "Sofa"), **fields)


def design(**fields) -> Design:
    base = {"url": "https://p.test/1", "renditions": [Rendition("https://p.test/1.jpg")], "license": License("cc0-1.0")}
    return Design("p:1", "p", **(base | fields))


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//p.test/1",
        "https://",
        "ftp://p.test/1",
        "https://p.test/" + "x" * 3000,
    ],
)
def test_only_web_addresses_are_linked_to(url):
    assert not web(url)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, None),
        ({"url": "about:blank"}, "no_url"),
        ({"license": License("")}, "no_license"),
        ({"renditions": []}, "no_picture"),
        ({"renditions": [Rendition("x.jpg")]}, "no_picture"),
        ({"width": 150, "height": 900}, "too_small"),
        ({"width": 9000, "height": 900}, "odd_aspect"),
        ({"width": 900}, None),
    ],
)
def test_design_faults(fields, fault):
    assert design_fault(design(**fields)) == fault


def test_a_shape_may_come_from_a_rendition():
    assert unsized(design())
    assert not unsized(design(renditions=[Rendition("https://p.test/1.jpg", 300, 200)]))


@pytest.mark.parametrize(("fields", "fault"), [({}, None), ({"url": ""}, "no_url"), ({"title": None}, "no_title")])
def test_product_faults(fields, fault):
    assert product_fault(product(**fields)) == fault


def test_what_cant_be_true_becomes_unseen_and_is_counted():
    faults = Counter()
    odd = product(
        offers=[
            Offer(price=0, currency="INR"),
            Offer(price=100, list_price=90, currency="INR"),
            Offer(price=100),
            Offer(price=10_000_000_00, list_price=200, currency="INR"),
        ],
        rating=Rating(47.0),
        images=["https://s.test/a.jpg", "data:image/gif;base64,R0"],
    )
    mend_product(odd, faults)
    assert [(o.price, o.list_price) for o in odd.offers] == [(None, None), (100, None), (None, None), (None, 200)]
    assert odd.rating is None
    assert odd.images == ["https://s.test/a.jpg"]
    assert faults == {"odd_price": 3, "list_price_below_price": 1, "odd_rating": 1, "odd_image_url": 1}


def test_a_believable_product_is_left_alone():
    faults, fine = Counter(), product(offers=[Offer(price=100, list_price=200, currency="INR")], rating=Rating(4.5, 0))
    mend_product(fine, faults)
    assert (fine, faults) == (
        product(offers=[Offer(price=100, list_price=200, currency="INR")], rating=Rating(4.5, 0)),
        {},
    )


def test_garbled_text_is_not_kept():
    assert product_fault(product(title="Caf\ufffd Sofa")) == "garbled"
    odd, faults = (
        product(brand="\ufffd", category=["Sof\ufffd"], specs={"Colour": "Gr\ufffdn", "Width": "80 cm"}),
        Counter(),
    )
    mend_product(odd, faults)
    assert (odd.brand, odd.category, odd.specs, faults) == (None, [], {"Width": "80 cm"}, {"garbled": 3})
