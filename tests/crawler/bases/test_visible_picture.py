"""The picture of a page's product, as the page shows it."""

import pytest

from crawler.bases import visible
from crawler.bases.document import Document

URL = "https://oak.test/p/1"


def image(body, head=""):
    page = f"<html><head><title>Oak Sofa Grey</title>{head}</head><body><h1>Oak Sofa Grey</h1>{body}</body></html>"
    found = visible.product_facts(Document(URL, page.encode())).images
    return found[0] if found else None


def test_what_the_page_calls_its_picture():
    head = '<meta property="og:image" content="/big.jpg">'
    assert image('<img src="/small.jpg" alt="Oak Sofa Grey">', head) == "https://oak.test/big.jpg"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="image" content="/big.jpg">',
        '<meta itemprop="image" content="/big.jpg">',
        '<link rel="image_src" href="/big.jpg">',
    ],
)
def test_what_the_page_calls_its_picture_without_opengraph(head):
    assert image('<img src="/small.jpg" alt="Oak Sofa Grey">', head) == "https://oak.test/big.jpg"


def test_the_largest_of_a_set():
    body = '<img alt="Oak Sofa in grey" src="/s.jpg" srcset="/m.jpg 400w, /l.jpg 1600w, /n.jpg 800w">'
    assert image(body) == "https://oak.test/l.jpg"


def test_the_address_it_is_loaded_from_later():
    assert (
        image('<img alt="Oak Sofa Grey" src="data:image/gif;base64,R0" data-src="/later.jpg">')
        == "https://oak.test/later.jpg"
    )


@pytest.mark.parametrize("body", [
    '<img src="/logo.png" alt="Oak">', '<img src="/pay.png" alt="We take cards">', '<img src="/1.jpg">',
    '<div class="related"><img src="/1.jpg" alt="Oak Sofa Grey 2 seats"></div>',
    '<section><h2>You may also like</h2><a href="/p/2"><img src="/1.jpg" alt="Oak Sofa Grey 2 seats"></a></section>',
    '<div hidden><img src="/1.jpg" alt="Oak Sofa Grey"></div>',
])  # fmt: skip
def test_pictures_of_something_else(body):
    assert image(body) is None
