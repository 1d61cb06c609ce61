"""The name of a tile's good among all that a tile says, and that it is gone."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.bases.visible import tile_facts


def title(html):
    tree = LexborHTMLParser(f"<div id='tile'><a href='/p/1'>{html}<h5>₹141</h5></a></div>")
    return tile_facts(tree.css_first("#tile"), tree.css("a"), "https://shop.example/").title


@pytest.mark.parametrize(
    "aside",
    ["4.4 454 Reviews", "(1.2k ratings)", "Free Delivery", "4.3 Supplier", "+7 More", "Only few left!", "Best Seller",
     "Add to Wishlist", "VIEW SIMILAR", "Product Tile Link", "Sponsored", "New"],
)  # fmt: skip
def test_what_stands_beside_a_name_is_no_name(aside):
    assert title(f"<p>Oak bed</p><p>{aside}</p>") == "Oak bed"
    assert title(f"<p>{aside}</p>") is None


@pytest.mark.parametrize(
    "name", ["Supplier Reviews Handbook", "Newport Chair", "Free Delivery Van Toy", "Sale Sign A4"]
)
def test_names_may_hold_such_words(name):
    assert title(f"<p>{name}</p>") == name


def test_what_is_said_of_a_link_is_no_part_of_the_name():
    assert title("<h3>Oak bed <span class='clipped'>Opens in a new window or tab</span></h3>") == "Oak bed"


def test_a_heading_is_the_name():
    assert title("<h3>Oak bed</h3><p>A very long line about wood and care</p>") == "Oak bed"


def test_the_words_of_an_icon_are_no_name():
    assert title("<p>Oak bed</p><img src='/trusted.svg' alt='Shop Trusted Gold'>") == "Oak bed"
    assert title("<img src='/bed.webp' alt='Oak bed'>") == "Oak bed"


@pytest.mark.parametrize(
    ("said", "stock"),
    [
        ("Rupture de stock", "out_of_stock"),
        ("Нет в наличии", "out_of_stock"),
        ("売り切れ", "out_of_stock"),
        ("Sold out in red", "unknown"),
        ("Never out of stock again", "unknown"),
        ('<span class="availability">Skladem <b>(&gt;5 ks)</b></span>', "in_stock"),
        ('<span class="stock available">In stock</span>', "in_stock"),
        ('<span class="stock">Pre-order</span>', "preorder"),
        ('<span class="stock" hidden>In stock</span>', "unknown"),
        ('<i class="swatch in-stock">XL</i><i class="swatch out-of-stock">S</i>', "unknown"),
        ('<i class="stock">In stock</i><i class="stock">Sold out</i>', "unknown"),
        ('<a class="stock" href="/c">In stock</a> online', "in_stock"),
    ],
)
def test_what_a_tile_says_of_stock(said, stock):
    tree = LexborHTMLParser(
        f"<div id='tile'><a href='/p/1'><h3>Oak bed</h3></a><p>€141</p><ul><li>{said}</li></ul></div>"
    )
    assert tile_facts(tree.css_first("#tile"), tree.css("a"), "https://shop.example/").availability == stock
