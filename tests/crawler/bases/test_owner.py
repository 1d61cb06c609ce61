"""Whose page it is: one good's address answered with another good's page."""

import re

import pytest

from crawler.bases.document import Document
from crawler.bases.owner import belies, named_otherwise
from crawler.bases.standard import StandardSpider
from crawler.core.verdicts import Verdict
from tests.crawler.bases.pages import chair, ld, page
from tests.reading import FIXTURES, read

ASKED = "https://oak.example/p/oslo-armchair-100123"
OTHER = "https://oak.example/p/bergen-stool-100987"
PARENT = "https://oak.example/p/oslo-armchair-100100"


def canonical(url):
    return f'<link rel="canonical" href="{url}">'


def og(url):
    return f'<meta property="og:url" content="{url}">'


class Oak(StandardSpider):
    name = "oak"
    base_url = "https://oak.example"
    currency = "EUR"
    routes = {"search": "/s?q={query}"}
    product_url = re.compile(r"/p/[^/?]*-(?P<sku>\d+)")


@pytest.mark.parametrize(
    ("head", "numbers", "belied"),
    [
        (canonical(OTHER), (), True),
        (og(OTHER), (), True),
        (canonical(ASKED), (), False),
        (canonical("/p/bergen-stool-100987"), (), True),
        (canonical("https://oak.example/"), (), False),
        ("", (), False),
        ("", ["100987"], True),
        (canonical(PARENT), ["100123"], False),
        (canonical(PARENT) + ld(chair(sku="100123")), (), False),
        (canonical(PARENT) + ld(chair(sku="4711-S", gtin13="n/a-100123")), (), True),
        (canonical(OTHER) + og(ASKED), (), False),
        (ld(chair(sku="4711-S")), (), False),
        (ld(chair(offers={"url": OTHER, "price": "9.00", "priceCurrency": "EUR"})), (), True),
    ],
)
def test_a_page_that_names_only_another_number_is_another_goods(head, numbers, belied):
    doc = page("<h1>Oslo Armchair</h1>", head + "<title>Oslo Armchair</title>", ASKED)
    assert belies(doc, Oak(query="x").sku_of, numbers) is belied


@pytest.mark.parametrize(
    ("asked", "named", "belied"),
    [
        ("/products/linden-stool", "/products/oak-table", True),
        ("/products/linden-stool", "/products/linden-stool?variant=2", False),
        ("/products/linden-stool-blue", "/products/linden-stool", False),
        ("/collections/new/products/linden-stool", "/products/oak-table", False),
        ("/products/linden-stool", "/", False),
        ("/p/stool-100123.html", "/p/stool-100987.html", True),
        ("/p/hocker-100123.html", "/p/stool-100123.html", False),
        ("/p/100123", "/p/linden-stool", False),
    ],
)
def test_where_the_form_of_addresses_is_not_known_their_last_parts_tell(asked, named, belied):
    doc = page("<h1>Stool</h1>", canonical(f"https://shop.example{named}"), f"https://shop.example{asked}")
    assert belies(doc, lambda url: None) is belied


@pytest.mark.parametrize(
    ("named", "otherwise"),
    [
        (["/product/oak-sofa-7520574"], True),
        (["/product/linden-stool-7520574"], False),
        (["/product/oak-sofa-7520574", "/products/linden-stool"], False),
        (["/7520574"], False),
        ([], False),
    ],
)
def test_an_old_address_is_compared_by_its_words(named, otherwise):
    head = "".join(f(f"https://shop.example{url}") for f, url in zip((canonical, og), named, strict=False))
    assert named_otherwise(page("", head, "https://shop.example/products/linden-stool?sku=LS1")) is otherwise


@pytest.mark.parametrize(
    ("asked", "told", "belied"),
    [("tcin=88000001&zip=30339", "88000001", False), ("tcin=88000001&zip=30339", "88000002", True),
     ("opname=product&zip=30339", "88000002", False), ("tcin=88000001", None, False)],
)  # fmt: skip
def test_the_answer_of_a_service_is_for_the_number_it_was_asked_for(asked, told, belied):
    doc = Document(f"https://api.oak.example/v1?{asked}", b'{"data": {}}')
    assert belies(doc, lambda url: None, [told] if told else []) is belied


def test_another_goods_page_is_moved_and_says_nothing():
    doc = page(f"<h1>Bergen Stool</h1>{ld(chair(name='Bergen Stool', url=OTHER))}<p>{'words ' * 400}", "", ASKED)
    found = Oak(query="x").read(doc).page
    assert (found.verdict, found.products) == (Verdict.moved, [])


@pytest.mark.parametrize(
    ("shop", "asked", "verdict"),
    [
        ("meesho", "https://www.meesho.com/hand-block-print-kurti/p/8bb11y", "ok"),
        ("meesho", "https://www.meesho.com/hand-block-print-kurti/p/9cc22z", "moved"),
        ("urban_ladder", "https://www.urbanladder.com/products/dalla-side-table?sku=FNTBST51DL10001", "moved"),
    ],
)
def test_what_a_shops_own_numbers_and_addresses_say(shop, asked, verdict):
    """Without the structured data and the addresses that say it too."""
    text = (FIXTURES / shop / "product" / "page.html").read_text()
    text = re.sub(r"<script[^>]*ld\+json.*?</script>", "", text, flags=re.S)
    text = re.sub(r"<link rel=.canonical[^>]*>", "", text) if shop == "meesho" else text
    assert read(shop, text.encode(), {"url": asked})["verdict"] == verdict
