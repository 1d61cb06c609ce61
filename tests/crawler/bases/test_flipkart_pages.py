import json

import pytest

from crawler.bases.document import Document
from crawler.bases.facts import vote
from crawler.bases.flipkart import pages
from crawler.bases.flipkart import product as flipkart_product

URL = "https://www.flipkart.com/hollin-linen-shirt/p/itm1aaaaaaaaaaa1?pid=SHTH1HOLLIN00001"


def ld(price: int) -> str:
    offer = {"@type": "Offer", "price": price, "priceCurrency": "INR", "availability": "https://schema.org/InStock"}
    thing = {"@context": "https://schema.org", "@type": "Product", "name": "Hollin Linen Shirt", "offers": offer}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def document(body: str, head: str = "", url: str = URL) -> Document:
    return Document(url, f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def offer(body: str, price: int = 282):
    product = vote("flipkart", pages.product(document(f"<h1>Hollin Linen Shirt</h1>{body}", ld(price))))
    return product.offers[0] if product and product.offers else None


ROW = "<div><div>₹307</div><div>₹1,299</div><div>76% off</div></div>"


def test_what_is_shown_goes_before_structured_data_without_a_canonical_address_too():
    assert offer(ROW).price == 30700


@pytest.mark.parametrize(("price", "expected"), [(282, None), (307, 30700)])
def test_structured_data_alone_sets_a_price_only_if_the_page_shows_it(price, expected):
    unreadable = "<div><span>₹307</span><span>₹1,299</span><span>₹55 off with a card</span></div>"
    assert offer(unreadable, price).price == expected


def test_a_linked_good_does_not_bear_out_a_price():
    link = '<a href="/other-shirt/p/itm2aaaaaaaaaaa2?pid=SHTH2OTHER000002">₹282</a>'
    assert offer(f"<div>₹307 or more</div>{link}").price is None


@pytest.mark.parametrize("words", ["Coming Soon", "NOTIFY ME"])
def test_goods_yet_to_come_are_neither_in_stock_nor_sold_out(words):
    assert offer(f"{ROW}<div>{words}</div>").availability == "unknown"
    assert offer(f"{ROW}<div>{words}</div><div>Sold Out</div>").availability == "out_of_stock"


@pytest.mark.parametrize("url", ["https://www.flipkart.com/", "https://www.flipkart.com/x/p/itm1aaaaaaaaaaa1"])
def test_a_page_that_counts_its_results_is_a_listing_wherever_it_was_found(url):
    assert pages.kind(document("<span>Showing 1 – 40 of 3,034 results for sofa</span>", url=url)) == "listing"
    assert pages.kind(document("<h1>Welcome</h1>", url=url)) != "listing"


def test_a_tiles_stock_words_and_amounts_are_no_part_of_its_name():
    link = 'href="/hollin-linen-shirt/p/itm1aaaaaaaaaaa1?pid=SHTH1HOLLIN00001"'
    picture = '<img src="https://rukminim2.flixcart.com/image/612/612/xif0q/a/b/c/1-original.jpeg">'
    tile = (
        f"<div><a {link}>{picture}<div>Currently unavailable</div></a><div><div>Hollin</div>"
        f'<a {link} title="Linen Shirt">Linen Shirt</a><a {link}><div>Price: Not Available</div></a></div></div>'
    )
    facts = pages.listing(document(tile, url="https://www.flipkart.com/search?q=shirt"))
    assert [(f.brand, f.title, f.availability) for f in facts] == [("Hollin", "Hollin Linen Shirt", "out_of_stock")]


SIMILAR = (
    "<section><h2>Similar products</h2>"
    "<ul><li><a href='/p/other'>Stool</a><span>Out of stock</span></li></ul></section>"
)
HEADING = "<h1>Cane chair</h1><div><div>₹4,999</div><div>₹12,999</div><span>61% off</span></div>"


def test_a_carousel_above_the_heading_is_no_word_on_the_products_stock():
    page = Document(URL, f"<html><body>{SIMILAR}<button>Buy now</button>{HEADING}</body></html>".encode())
    assert flipkart_product.product(page.tree, URL, "").availability == "in_stock"


@pytest.mark.parametrize(
    ("body", "off"),
    [
        (f"<div id='container'><button>Buy now</button>{HEADING}</div>", True),
        ("<div id='container'><button>Buy now</button><p>Home</p></div>", True),
        (f"<div id='container'>{HEADING}<button>Buy now</button></div>", False),
        (f"<div id='container'>{HEADING}<h2>Similar products</h2></div>", False),
        (f"<div id='container'>{HEADING}</div><script>1</script>", False),
        (f"<div id='container'>{HEADING}<footer>About us</footer></div>", False),
    ],
)
def test_a_page_that_ends_inside_its_product_is_not_read(body, off):
    page = Document(URL, f"<html><body>{body}</body></html>".encode())
    assert flipkart_product.broken_off(page.tree) is off
