"""A product page of any shop, read as a shopper reads it."""

import pytest

from crawler.bases import visible
from tests.crawler.bases.pages import page

HEAD = "<title>Oslo Armchair | Nordlys</title>"
HEADING = "<h1>Oslo Armchair</h1>"


def read(body, head=HEAD):
    return visible.product_facts(page(f"<main>{body}</main>", head))


def box(inner):
    return f'<section><div>{HEADING}</div><div class="buy">{inner}</div></section>'


@pytest.mark.parametrize(
    "price",
    [
        '<div class="product-price">€499.00</div>',
        '<div data-testid="price-block"><b>€499.00</b></div>',
        "<p>€499.00</p>",
        '<div class="price">€499.00 <s>€599.00</s></div>',
        '<div class="price">€499.00</div><div class="emi price">€42.00 per month</div>',
        '<div class="price">€499.00</div><div class="member-price">€449.00</div>',
        '<div class="price">€499.00</div><div class="other-sellers"><b class="price">€450.00</b></div>',
        '<div class="price">€499.00</div><div class="price">€249.50 per item</div>',
        '<div class="price">€499.00</div><div class="sticky price">€499.00</div>',
        '<div class="price">€499.00</div><div>Protection plan for €39.00</div>',
        "<p>499,00 € inkl. MwSt. zzgl. Versandkosten</p>",
        "<p>EUR 499.– statt EUR 599.–</p>",
        '<div class="price">€499.00 <s>€599.00</s></div><ul class="prices-tier"><li>3 for €450.00, save 20%</li></ul>',
    ],
)
def test_the_main_price(price):
    facts = read(box(price))
    assert (facts.title, facts.price, facts.currency) == ("Oslo Armchair", 49900, "EUR")


@pytest.mark.parametrize(
    "named", ["price-compare", "js-compare-price-display price-compare", "compare-at-price", "price--compare"]
)
def test_what_the_price_is_compared_with_is_no_comparison_of_goods(named):
    facts = read(box(f'<div class="price-box"><b class="{named}">€599.00</b><b class="price">€499.00</b></div>'))
    assert (facts.price, facts.list_price) == (49900, 59900)


@pytest.mark.parametrize(
    "block",
    [
        '<div class="price">€499.00</div><div class="price">€599.00</div>',
        '<div class="price">€499.00 – €799.00</div>',
        '<div class="price">From €499.00</div>',
        "<p>Orders of €499.00 ship free today and tomorrow</p>",
        '<div class="product-carousel"><b class="price">€499.00</b></div>',
        '<ul class="recommended-items"><li><b class="price">€499.00</b></li></ul>',
        '<aside><b class="price">€499.00</b></aside>',
        '<div class="price" style="display: none">€499.00</div>',
        '<div class="price"><del>€499.00</del></div>',
    ],
)
def test_null_rather_than_a_guess(block):
    facts = read(box(block))
    assert (facts.title, facts.price, facts.list_price) == ("Oslo Armchair", None, None)


def test_related_products_never_give_the_price_of_a_page_without_one():
    related = '<div class="related-products"><b class="price">€79.00</b><button>Add to cart</button></div>'
    facts = read(box("<button disabled>Sold out</button>") + related)
    assert (facts.price, facts.availability) == (None, "out_of_stock")


def test_list_price_and_shared_signs():
    facts = read(
        box('<div class="price"><b>$80.00</b> <del>$100.00</del> 20% off</div>'),
        HEAD + '<meta property="og:price:currency" content="CAD">',
    )
    assert (facts.price, facts.list_price, facts.currency) == (8000, 10000, "CAD")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("<button>Add to cart</button>", "in_stock"),
        ('<input type="submit" value="ADD TO BAG">', "in_stock"),
        ('<a class="btn" role="button">Buy it now</a>', "in_stock"),
        ("<button disabled>Add to cart</button>", "unknown"),
        ('<button aria-disabled="true">Add to cart</button>', "unknown"),
        ("<button>Notify me</button>", "out_of_stock"),
        ("<button>dodaj do koszyka</button>", "in_stock"),
        ("<button>In mijn winkelwagen</button>", "in_stock"),
        ("<button>장바구니 담기</button>", "in_stock"),
        ("<button>カートに入れる</button>", "in_stock"),
        ("<button>Agregar al carrito</button>", "in_stock"),
        ("<button>Comprar</button>", "in_stock"),
        ("<button>Comprar por categoria</button>", "unknown"),
        ("<button>Dodaj u košaricu</button>", "in_stock"),
        ("<button>أضف إلى السلة</button>", "in_stock"),
        ("<button>放入購物車</button>", "in_stock"),
        ("<button>Сообщить о поступлении</button>", "out_of_stock"),
        ("<button>再入荷のお知らせ</button>", "out_of_stock"),
        ("<button>품절</button>", "out_of_stock"),
        ("<button>Slutsåld</button>", "out_of_stock"),
        ('<div class="product_cat-accessories"><button>Add to cart</button></div>', "in_stock"),
        ('<p class="stock-status">Out of stock</p>', "out_of_stock"),
        ('<p class="stock-status">Only 3 left</p><button>Add to cart</button>', "in_stock"),
        ('<p class="stock-status">Out of stock</p><button>Add to cart</button>', "unknown"),
        ('<p class="stock-status" hidden>Out of stock</p><button>Add to cart</button>', "in_stock"),
        ('<div class="accessories"><button>Add to cart</button></div>', "unknown"),
        ("<p>Ready when you are</p>", "unknown"),
    ],
)
def test_stock_needs_positive_evidence(block, expected):
    assert read(box(f'<b class="price">€499.00</b>{block}')).availability == expected


@pytest.mark.parametrize(
    ("headings", "title"),
    [
        ("<h1>Oslo Armchair</h1>", "Oslo Armchair"),
        ("<h1>Nordlys</h1><h1>Oslo Armchair</h1>", None),
        ("<aside><h1>Nordlys</h1></aside><h1>Oslo Armchair</h1>", "Oslo Armchair"),
        ("<h1> </h1>", None),
    ],
)
@pytest.mark.parametrize("head", ["", "<title></title>"])
def test_of_a_page_without_title_the_only_heading_counts(headings, title, head):
    facts = read(f'<div>{headings}</div><b class="price">€499.00</b>', head)
    assert (facts and facts.title) == title


def test_the_heading_is_the_one_the_title_repeats():
    facts = read("<h1>Find a store</h1>" + box('<b class="price">€5</b>') + "<h1>Newsletter</h1>")
    assert (facts.title, facts.price) == ("Oslo Armchair", 500)


@pytest.mark.parametrize(
    "body", ["", "<h1></h1>", "<h1>Find a store</h1>", "<nav><h1>Oslo Armchair</h1></nav>", "<p>€499"]
)
def test_no_product_heading_no_facts(body):
    assert read(body) is None


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ("₹0", "zero"),
        ("₹99,99,99,999", "absurd"),
        ("-₹4,999", "negative"),
        ("₹-4,999", "negative"),
        ("<b>-</b>₹9", "negative"),
    ],
)
def test_a_price_that_cant_be_believed_is_counted(shown, reason):
    facts = read(box(f'<p class="price">{shown}</p>'))
    assert (facts.price, facts.problems) == (None, [reason])


def test_parts_of_a_price_that_are_named_so_too_are_one_price():
    parts = '<span class="price-sign">$</span><span>189</span><span>.</span><span class="price-sign">00</span>'
    facts = read(box(f'<div class="price"><div class="price-main">{parts}</div></div>'))
    assert (facts.price, facts.currency, facts.problems) == (18900, "USD", [])
