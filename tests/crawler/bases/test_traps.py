# ruff: noqa: E501  a case a line
"""Product pages that mislead, each invented after a kind of trap real shops set: read as `shop` reads any page. A case
says what must be stated; None means that nothing may be stated."""

import json

import pytest

from crawler.bases.document import Document
from crawler.core.public import product_json
from crawler.spiders.retailers.shop import ShopSpider

URL = "https://www.alder.test/p/alder-sofa-1234"
MONEY = ("price", "list_price", "currency", "availability")
FILL = "<p>" + "A sofa of solid alder with linen covers that come off for washing. " * 12 + "</p>"
LINKS = "".join(f'<a href="/c/{n}">Category {n}</a>' for n in range(8))
BUY = "<button>Add to cart</button>"


def page(shown, *things, head="", lang="en-IN"):
    data = "".join(f'<script type="application/ld+json">{json.dumps(t)}</script>' for t in things)
    return (f'<!doctype html><html lang="{lang}"><head><title>Alder Sofa | Alder</title>{head}{data}</head><body>'
            f"<nav>{LINKS}</nav><main><div class='detail'><h1>Alder Sofa</h1>{shown}</div>{FILL}</main></body></html>")  # fmt: skip


def read(html, url=URL):
    found = ShopSpider(url=url).read(Document(url, html.encode())).page
    return product_json(found.products[0]) if found.products else dict.fromkeys(MONEY) | {"verdict": found.verdict}


def stated(html, **about):
    got = read(html, **about)
    return {field: got[field] for field in MONEY}


def price(html, **about):
    got = read(html, **about)
    return got["price"], got["currency"]


def product(offers, **more):
    return {"@type": "Product", "name": "Alder Sofa", "sku": "AS-1", "offers": offers} | more


def offer(amount, currency="INR", **more):
    return {"@type": "Offer", "price": amount, "priceCurrency": currency} | more


# shown near the real price of ₹24,999, before or after it
BESIDE = [
    "<div>EMI from ₹1,199/month</div>",
    "<div class='price-emi'><span class='price'>₹1,199</span> per month</div>",
    "<div class='emi'>No cost EMI ₹4,167 x 6</div>",
    "<div>Pay in 3 interest-free payments of ₹8,333</div>",
    "<div class='price'>₹899 off</div>",
    "<div class='offer'>Flat ₹899 off with code SOFA</div>",
    "<div class='price'>₹23,999 with coupon</div>",
    "<div class='offer'>Get it for ₹22,499 with bank offer</div>",
    "<div class='offer'><b>Best Price: <span class='price'>Rs. 999</span></b><li>Coupon code: SAVE200</li></div>",
    "<div class='price'>Plus members pay <b>₹23,499</b></div>",
    "<div class='price club'>Club price ₹23,499</div>",
    "<div class='price'>Used from ₹9,999</div>",
    "<div class='price'>Open box: ₹14,999</div>",
    "<div class='price'>Refurbished ₹12,999</div>",
    "<div class='price'>₹2,000 off on exchange</div>",
    "<div class='price'>With exchange ₹19,999</div>",
    "<div class='price'>₹312 / kg</div>",
    "<div class='price'>(₹31.20 per 100 g)</div>",
    "<div class='price'>₹8,333 each</div>",
    "<div class='price'>+ ₹499 delivery</div>",
    "<div class='price'>Delivery ₹499</div>",
    "<div class='price'>Shipping charges: ₹499</div>",
    "<div class='price'>Assembly ₹799</div>",
    "<label><input type='checkbox'> 2-year protection plan <span class='price'>₹1,999</span></label>",
    "<label>Extended warranty for <span class='price'>₹1,999</span></label>",
    "<div class='price'>₹5,000 deposit</div>",
    "<div class='price'>Gift card ₹500</div>",
    "<div class='price'>You save ₹5,000</div>",
    "<div class='price'>Free delivery over ₹999</div>",
    "<div class='price'>Cashback ₹250</div>",
    "<div class='price'>Earn 250 points worth ₹25</div>",
    "<div class='price'>New &amp; used (3) from ₹9,999</div>",
    "<div class='price'>Other sellers from ₹21,000</div>",
    "<div class='price'>Lowest price in 30 days: ₹23,000</div>",
    "<div class='price'>Rent it for ₹999 a month</div>",
    "<div class='price' hidden>₹1</div>",
    "<div class='price' style='display:none'>₹1</div>",
    "<noscript><div class='price'>₹1</div></noscript>",
    "<template><div class='price'>₹1</div></template>",
    "<div><a href='/p/2'><img src='/2.jpg'>Oak Bench</a><span class='price'>₹11,111</span></div>",
    "<div><a href='/p/2'>Oak Bench <b class='price'>₹11,111</b></a><button>Add to cart</button></div>",
    "<div class='related'><a href='/p/2'><img src='/2.jpg'>Oak Sofa</a><span class='price'>₹11,111</span></div>",
]


@pytest.mark.parametrize("other", BESIDE)
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_what_stands_beside_the_price(other, first):
    own = "<div class='price'>₹24,999</div>"
    assert price(page((other + own if first else own + other) + BUY)) == ("24999.00", "INR")


@pytest.mark.parametrize("other", BESIDE)
def test_what_stands_beside_the_price_is_none_without_it(other):
    assert price(page(other + BUY))[0] is None


@pytest.mark.parametrize("other", BESIDE)
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_the_same_without_telling_class_names(other, first):
    own, plain = "<div>₹24,999</div>", other.replace("class='price'", "").replace("class='related'", "")
    got = read(page((plain + own if first else own + plain) + BUY))
    assert got["price"] in ("24999.00", None)


SHOWN = [
    ("<div class='price'>₹1,29,990</div>", "129990.00", None, "INR"),
    ("<div class='price'>Rs. 1,29,990.00</div>", "129990.00", None, "INR"),
    ("<div class='price'>Rs.24999/-</div>", "24999.00", None, "INR"),
    ("<div class='price'>INR 24,999</div>", "24999.00", None, "INR"),
    ("<div class='price'>1.299,- €</div>", "1299.00", None, "EUR"),
    ("<div class='price'>1.299,00 €</div>", "1299.00", None, "EUR"),
    ("<div class='price'>1 299,00 €</div>", "1299.00", None, "EUR"),
    ("<div class='price'>CHF 1'234.50</div>", "1234.50", None, "CHF"),
    ("<div class='price'>SAR ١٬٢٩٩٫٠٠</div>", "1299.00", None, "SAR"),
    ("<div class='price'><span>₹</span><span>24,999</span></div>", "24999.00", None, "INR"),
    ("<div class='price'>£1,299<sup>99</sup></div>", "1299.99", None, "GBP"),
    ("<div class='price'><span class='sr-only'>£1,299.99</span><span aria-hidden='true'>£1,299<sup>99</sup></span></div>",
     "1299.99", None, "GBP"),
    ("<div class='price'>₹24,999 <span>M.R.P.: ₹39,999</span> (38% off)</div>", "24999.00", "39999.00", "INR"),
    ("<div class='price'>M.R.P.: <s>₹39,999</s> ₹24,999</div>", "24999.00", "39999.00", "INR"),
    ("<div class='price'><del>£399.00</del> <ins>£299.00</ins></div>", "299.00", "399.00", "GBP"),
    ("<div class='price'>Was £399.00 Now £299.00</div>", "299.00", "399.00", "GBP"),
    ("<div class='price'>UVP 399,00 € 299,00 €</div>", "299.00", "399.00", "EUR"),
    ("<div class='price'>From ₹24,999</div>", None, None, None),
    ("<div class='price'>₹24,999 - ₹39,999</div>", None, None, None),
    ("<div class='price'>₹24,999 to ₹39,999</div>", None, None, None),
    ("<div class='price'>₹24,999</div><div class='price'>₹39,999</div>", None, None, None),
    ("<div class='price'>₹0</div>", None, None, None),
    ("<div class='price'>Price on request</div>", None, None, None),
    ("<div class='price'>Alder Sofa</div>", None, None, None),
    ("<div class='price'>Price $<br>(1952)</div>", None, None, None),
    ("<div class='price'>(1952)</div>", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "paid", "listed", "currency"), SHOWN, ids=[s[0][:60] for s in SHOWN])
def test_how_prices_are_shown(shown, paid, listed, currency):
    got = stated(page(shown + BUY, product({})))
    assert (got["price"], got["list_price"], got["currency"]) == (paid, listed, currency)


DOLLARS = [
    ("https://www.alder.com.au/p/a-1234", "en", "AUD"), ("https://www.alder.ca/p/a-1234", "en", "CAD"),
    ("https://www.alder.com/p/a-1234", "en-US", "USD"), ("https://www.alder.com/p/a-1234", "en-NZ", "NZD"),
    ("https://www.alder.com/p/a-1234", "en-SG", "SGD"), ("https://www.alder.se/p/a-1234", "sv-SE", None),
]  # fmt: skip


@pytest.mark.parametrize(("url", "lang", "code"), DOLLARS)
def test_a_dollar_is_what_the_page_says_it_is(url, lang, code):
    got = read(page("<div class='price'>$499.00</div>" + BUY, lang=lang), url=url)
    assert got["currency"] in ((code,) if code else (None, "USD"))


def test_a_dollar_is_the_one_of_the_structured_data():
    html = page("<div class='price'>$499.00</div>" + BUY, product(offer("499.00", "AUD")), lang="en")
    assert price(html) == ("499.00", "AUD")


STRUCTURED = {
    "one": (product(offer("24999")), "24999.00", None),
    "empty": (product(offer({})), None, None),
    "range": (product({"@type": "AggregateOffer", "lowPrice": "100", "highPrice": "900", "priceCurrency": "INR"}), None, None),
    "range of one": (product({"@type": "AggregateOffer", "lowPrice": "900", "highPrice": "900", "priceCurrency": "INR"}), "900.00", None),
    "low only, many": (product({"@type": "AggregateOffer", "lowPrice": "900", "offerCount": 7, "priceCurrency": "INR"}), None, None),
    "used and new": (product([offer("500", itemCondition="UsedCondition"), offer("900", itemCondition="NewCondition")]), "900.00", None),
    "struck through": (product(offer(None, priceSpecification=[
        {"@type": "UnitPriceSpecification", "price": 900, "priceCurrency": "INR"},
        {"@type": "UnitPriceSpecification", "priceType": "https://schema.org/StrikethroughPrice", "price": 1200, "priceCurrency": "INR"},
    ])), "900.00", "1200.00"),
    "strikethrough first": (product(offer(None, priceSpecification=[
        {"priceType": "StrikethroughPrice", "price": 1200}, {"price": 900}])), "900.00", "1200.00"),
    "per kilo first": (product(offer(None, priceSpecification=[
        {"price": 3, "referenceQuantity": {"value": 100, "unitCode": "GRM"}}, {"price": 900}])), "900.00", None),
    "member tier": (product(offer(None, priceSpecification=[
        {"price": 800, "validForMemberTier": {"@type": "MemberProgramTier"}}, {"price": 900}])), "900.00", None),
    "two sellers, two prices": (product([offer("900", seller={"name": "A"}), offer("950", seller={"name": "B"})]), None, None),
    "related first": ([{"@type": "Product", "name": "Oak Bench", "url": "https://www.alder.test/p/oak-9", "offers": offer("11")},
                       product(offer("900"))], "900.00", None),
    "variants": ({"@type": "ProductGroup", "name": "Alder Sofa", "hasVariant": [
        {"@type": "Product", "sku": "1", "size": "2 seats", "offers": offer("900")},
        {"@type": "Product", "sku": "2", "size": "3 seats", "offers": offer("1200")}]}, None, None),
    "one variant is the page's": ({"@type": "ProductGroup", "name": "Alder Sofa", "hasVariant": [
        {"@type": "Product", "sku": "1", "size": "2 seats", "url": "https://www.alder.test/p/x-1", "offers": offer("900")},
        {"@type": "Product", "sku": "2", "size": "3 seats", "url": URL, "offers": offer("1200")}]}, "1200.00", None),
    "title for a price": (product(offer("Alder Sofa 2 seats")), None, None),
    "negative": (product(offer("-5")), None, None),
    "thousands of a country": (product(offer("1,29,990.00")), "129990.00", None),
    "a price that ended": (product(offer("900", priceValidUntil="2019-01-01")), "900.00", None),
    "somebody else's": ({"@type": "Product", "name": "Oak Bench", "url": "https://www.alder.test/p/oak-9", "offers": offer("11")}, None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", STRUCTURED)
def test_structured_data_alone(name):
    things, paid, listed = STRUCTURED[name]
    got = read(page(BUY, *(things if isinstance(things, list) else [things])))
    assert (got["price"], got["list_price"]) == (paid, listed)


def test_the_page_is_believed_where_structured_data_counts_pieces():
    got = read(page("<div class='price'>₹24,999</div>" + BUY, product(offer("12499.50"))))
    assert (got["price"], got["evidence"]["disputed"]) == ("24999.00", ["price"])
    assert got["evidence"]["confidence"] < 0.5


DOUBTFUL = {
    "M.R.P. where the price stood": ("<div class='price'>₹34,999</div><div class='off'>29% off</div>", None),
    "price of a piece": ("<div class='price'>(₹6,250 per item)</div>", "6250"),
    "only what is struck": ("<div class='price'><s>₹34,999</s></div>", "24999"),
    "only an instalment": ("<div class='price'>EMI from ₹1,199/month</div>", "24999"),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_price_the_page_does_not_show_as_one_is_never_stated_for_sure(name):
    shown, told = DOUBTFUL[name]
    things = [product(offer(told))] if told else []
    got = read(page(shown + BUY, *things, head="<meta property='og:title' content='Alder Sofa'>"))
    assert got["evidence"]["confidence"] < 0.5


def test_a_price_that_only_a_shopper_sees_is_believed():
    assert read(page("<div class='price'>₹24,999</div>" + BUY))["evidence"]["confidence"] == 0.8


def test_a_long_piece_with_a_picture_of_something_else_is_no_card():
    maker = "<a href='/makers/oak-works'><img src='/oak.jpg' alt='Oak Works, makers'></a>"
    html = page(f"<div class='info'>{maker}{FILL * 2}<div class='price'>₹24,999</div>{BUY}</div>")
    assert price(html) == ("24999.00", "INR")


STOCK = [
    ("<div class='price'>₹900</div><button>Add to cart</button>", "in_stock"),
    ("<div class='price'>₹900</div><button disabled>Sold out</button>", "out_of_stock"),
    ("<div class='price'>₹900</div><p class='stock'>Out of stock</p>", "out_of_stock"),
    ("<div class='price'>₹900</div><p class='stock'>Only 2 left</p>", "in_stock"),
    ("<div class='price'>₹900</div><ul class='swatches'><li>Red <i>Sold out</i></li><li>Blue</li></ul><button>Add to cart</button>",
     "in_stock"),
    ("<div class='price'>₹900</div><button>Add to cart</button><div class='related'><a href='/p/2'>Oak</a><b>Sold out</b></div>",
     "in_stock"),
    ("<div class='price'>₹900</div><div class='related'><a href='/p/2'>Oak</a><button>Sold out</button></div>", "unknown"),
    ("<div class='price'>₹900</div>", "unknown"),
    ("<div class='price'>₹900</div><div><a href='/p/2'>Oak Bench <b>₹111</b></a><button>Add to cart</button></div>", "unknown"),
    ("<div class='price'>₹900</div><p class='delivery'>Delivery not available at 560001</p><button>Add to cart</button>", "unknown"),
    ("<div class='price'>₹900</div><button>Pre-order</button>", "preorder"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "stock"), STOCK, ids=[s[0][27:80] for s in STOCK])
def test_whose_stock_it_is(shown, stock):
    assert stated(page(shown, product(offer("900"))))["availability"] == stock


def test_a_sold_out_good_has_no_price_of_others():
    cards = "".join(
        f"<div><a href='/p/{n}'><img src='/{n}.jpg'>Oak {n}</a><span>₹{n}00</span>{BUY}</div>" for n in range(2, 6)
    )
    html = page(f"<p class='stock'>Sold out</p><section><h2>Similar products</h2>{cards}</section>", product(offer({})))
    got = stated(html)
    assert (got["price"], got["availability"]) == (None, "out_of_stock")
