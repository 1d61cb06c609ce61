import pytest

from crawler.bases.document import Document
from crawler.bases.ikea import pages

URL = "https://www.ikea.com/us/en/cat/sofas-fu003/"
GROUP = '<meta property="og:type" content="product.group">'


def document(body: str, head: str = "", url: str = URL) -> Document:
    return Document(url, f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def card(number: int) -> str:
    link = f"https://www.ikea.com/us/en/p/tovik-sofa-{number}/"
    return (
        f'<div class="plp-fragment-wrapper"><div data-product-number="{number}" data-product-name="TOVIK">'
        f'<a href="{link}">TOVIK</a></div></div>'
    )


def test_a_carousel_is_no_listing_even_on_a_page_without_one():
    carousel = f"<div><h2>You might also like</h2><div>{card(11111111)}{card(11111112)}</div></div>"
    assert pages.tiles(document(f"<h1>Sofas</h1>{carousel}")) == []
    assert [f.sku for f in pages.tiles(document(f"<h1>Sofas</h1>{carousel}<main>{card(22222222)}</main>"))] == [
        "22222222"
    ]


def test_a_page_that_calls_itself_a_group_is_a_listing_wherever_it_was_found():
    url = "https://www.ikea.com/us/en/p/tovik-sofa-11111111/"
    assert pages.kind(document("<h1>Sofas</h1>", GROUP, url)) == "listing"
    assert pages.kind(document("<h1>TOVIK</h1>", "", url)) == "product"


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.ikea.com/de/en/p/a-12345678/", "de"),
        ("https://www.ikea.co.id/in/produk/a-12345678", "id"),
        ("https://www.ikea.com/p/a-12345678/", None),
        ("https://www.ikea.com/xx/yy/", None),
    ],
)
def test_the_country_an_address_names(url, country):
    assert pages.country_of(url) == country
