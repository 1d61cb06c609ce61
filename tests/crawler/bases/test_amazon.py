"""What the Amazon readers promise beyond single fixtures: kinds of pages, stock sentences, prices as they are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.bases.amazon import parts as amazon_parts
from crawler.bases.amazon import product as amazon_product
from crawler.bases.amazon import specs as amazon_specs
from crawler.bases.amazon import stock as amazon_stock
from crawler.bases.document import Document
from crawler.core.models import Availability
from crawler.core.money import Money
from crawler.spiders.retailers.amazon_in import AmazonInSpider

HOST = "https://www.amazon.in"
BLOCK = '<div id="ppd"><h1 id="title"><span id="productTitle">Cane stool</span></h1>%s</div>'
TILE = '<div data-component-type="s-search-result" data-asin="B0TILE0001"><h2>Stool</h2></div>'
PRICE = '<span class="a-price"><span class="a-offscreen">₹449</span></span>'
CORE = (
    '<div id="corePriceDisplay_desktop_feature_div"><span class="a-price priceToPay">'
    '<span class="a-offscreen">%s</span></span></div>'
)
CART = '<div id="buybox"><form id="addToCart"><input id="ASIN" value="B0ARMCHR01">%s</form></div>'
FORM = (
    '<input name="items[0.base][customerVisiblePrice][amount]" value="999.0">'
    '<input name="items[0.base][asin]" value="%s">'
)


@pytest.fixture
def spider():
    return AmazonInSpider(query="stool")


def doc(body, path="/dp/B0ARMCHR01"):
    return Document(HOST + path, f"<html><body>{body}</body></html>".encode())


def node(markup):
    return LexborHTMLParser(markup).body.child


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/dp/B0ARMCHR01", BLOCK % "", "product"),
        ("/Cane-Stool/dp/B0ARMCHR01/ref=sr_1_1", "", "product"),
        ("/gp/product/B0ARMCHR01", "", "product"),
        ("/gp/aw/d/B0ARMCHR01", "", "product"),
        ("/", BLOCK % "", "product"),
        ("/", TILE, "listing"),
        ("/s", "", "listing"),
        ("/Chairs-Furniture/b/", "", "listing"),
        ("/gp/bestsellers/furniture", "", "listing"),
        ("/product-reviews/B0ARMCHR01", BLOCK % "", "other"),
        ("/gp/offer-listing/B0ARMCHR01", BLOCK % "", "other"),
        ("/", "", "other"),
        ("/gp/help/customer/display.html", "", "other"),
    ],
)
def test_kind(spider, path, body, kind):
    assert spider.kind(doc(body, path)) == kind


@pytest.mark.parametrize(
    ("sentence", "meaning"),
    [
        ("In stock", "in_stock"),
        ("In Stock.", "in_stock"),
        ("Only 1 left in stock.", "in_stock"),
        ("Only 2 left in stock - order soon.", "in_stock"),
        ("Usually dispatched in 4 to 5 days.", "in_stock"),
        ("Usually dispatched in 3 to 4 weeks.", "backorder"),
        ("Usually ships within 1 to 2 months", "backorder"),
        ("In stock soon. Order it now.", "backorder"),
        ("In stock on 5 January 2026. Order it now.", "backorder"),
        ("Temporarily out of stock. Order now and we'll deliver when available.", "backorder"),
        ("Temporarily out of stock. We are working hard to be back in stock.", "out_of_stock"),
        ("Currently unavailable. We don't know when or if this item will be back in stock.", "out_of_stock"),
        ("This title will be released on March 3, 2026.", "preorder"),
        ("Available from these sellers.", "unknown"),
        ("No featured offers available", "unknown"),
        ("This item cannot be shipped to your selected delivery location.", "unknown"),
        ("Not available in your region", "unknown"),
        ("Auf Lager", "in_stock"),
        ("फ़िलहाल उपलब्ध नहीं है.", "out_of_stock"),
        ("To buy, select Size", "unknown"),
        ("", "unknown"),
    ],
)
def test_stock(sentence, meaning):
    assert amazon_stock.stock(sentence) == Availability(meaning)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.amazon.in/dp/X", "INR"),
        ("https://amazon.com/dp/X", "USD"),
        ("https://www.amazon.co.uk/dp/X", "GBP"),
        ("https://www.amazon.com.au/dp/X", "AUD"),
        ("https://www.amazon.sa/-/en/dp/X", "SAR"),
        ("https://www.amazon.co.jp/dp/X", "JPY"),
        ("http://127.0.0.1:8000/dp/X", "INR"),
        ("https://www.notamazon.com/dp/X", "INR"),
    ],
)
def test_currency_follows_the_host(url, code):
    assert amazon_parts.currency(url, "INR") == code


def test_products_are_named_by_the_shop_or_by_what_stands_in_for_it():
    assert amazon_parts.home("http://m.amazon.in/gp/aw/d/X", "") == "https://www.amazon.in"
    assert amazon_parts.home("https://www.amazon.co.uk/dp/X", HOST) == "https://www.amazon.co.uk"
    assert amazon_parts.home("http://127.0.0.1:8000/dp/X", "http://127.0.0.1:8000/") == "http://127.0.0.1:8000"
    assert amazon_parts.home("file:///tmp/page.html", HOST) == HOST


@given(st.integers(1, 9_999_999), st.integers(0, 99), st.booleans())
def test_a_price_is_read_as_drawn(rupees, paise, spoken):
    whole = f"{rupees:,}"
    said = f"₹{whole}.{paise:02d}" if spoken else " "
    drawn = node(
        f'<span class="a-price"><span class="a-offscreen">{said}</span><span aria-hidden="true">'
        f'<span class="a-price-symbol">₹</span>'
        f'<span class="a-price-whole">{whole}<span class="a-price-decimal">.</span></span>'
        f'<span class="a-price-fraction">{paise:02d}</span></span></span>'
    )
    assert amazon_parts.money(amazon_parts.amount(drawn), "INR", []) == Money(rupees * 100 + paise, "INR")


def test_a_range_is_no_price():
    assert amazon_parts.money("₹1,299.00 - ₹2,499.00", "INR", []) is None


def test_what_is_beyond_belief_is_named():
    problems = []
    assert amazon_parts.money("₹0.00", "INR", problems) is None
    assert problems == ["zero"]


def test_readers_that_disagree_leave_the_shopper_right_and_say_so(spider):
    body = BLOCK % (CORE % "₹12,999" + CART % (FORM % "B0ARMCHR01"))
    product = spider.read(doc(body)).page.products[0]
    assert (product.offer.price, product.evidence.disputed) == (1299900, ["price"])


def test_a_form_of_another_product_is_no_word_on_this_one(spider):
    body = BLOCK % (CORE % "₹12,999" + CART % (FORM % "B0OTHER001"))
    product = spider.read(doc(body)).page.products[0]
    assert (product.offer.price, product.evidence.disputed) == (1299900, [])


def test_an_impossible_price_is_counted_and_unknown(spider):
    page = spider.read(doc(BLOCK % (CORE % "₹0" + CART % ""))).page
    assert (page.products[0].offers, page.dropped) == ([], {"zero": 1})


def test_the_last_price_without_a_widget_is_the_spoken_one(spider):
    label = '<span class="apex-pricetopay-accessibility-label">₹8,990.00 with 31 percent savings</span>'
    body = BLOCK % (f'<div id="apex_desktop">{label}</div>' + CART % "")
    assert spider.read(doc(body)).page.products[0].offer.price == 899000


@pytest.mark.parametrize(
    ("line1", "line2", "place"),
    [
        ("Delivering to Jaipur 302021", "Update location", "Jaipur 302021"),
        ("Deliver to", "Spain", "Spain"),
        ("Deliver to Asha", "Pune 411001\u200c", "Pune 411001"),
        ("Hello", "Select your address", None),
        ("Liefern nach Köln 50667", "Standort aktualisieren", "Köln 50667"),
        ("Hallo", "Wähle deine Adresse", None),
        ("お届け先", "更新", None),
        ("", "", None),
    ],
)
def test_the_place_a_page_answered_for(line1, line2, place):
    page = doc(f'<span id="glow-ingress-line1">{line1}</span><span id="glow-ingress-line2">{line2}</span>')
    assert amazon_product.location(page) == place


@pytest.mark.parametrize(
    ("byline", "specs", "brand"),
    [
        ("Visit the Teakline Store", {}, "Teakline"),
        ("Brand: Teakline", {}, "Teakline"),
        ("Besuche den Teakline-Store", {}, "Teakline"),
        ("Teakline", {}, "Teakline"),
        ("Visit the Teakline Store", {"Brand": "Northhall"}, "Northhall"),
        ('by <span class="author">R. Mehta (Author)</span>', {}, None),
        ("", {}, None),
    ],
)
def test_brand(byline, specs, brand):
    assert amazon_product.brand(doc(f'<a id="bylineInfo">{byline}</a>'), specs) == brand


@pytest.mark.parametrize(
    ("specs", "gtin", "mpn"),
    [
        ({"EAN": "8901234567890", "Item model number": "TK-7"}, "8901234567890", "TK-7"),
        ({"EAN": "8901234567894"}, None, None),
        ({"UPC": "810028585201 ‎810028585218"}, "810028585201", None),
        ({"ISBN-13": "978-1849757096"}, "9781849757096", None),
        ({"Item model number": "TK-7", "Manufacturer Part Number": "TK 7 oak"}, None, "TK 7 oak"),
        ({"Item model number": "890123 - For Pantry"}, None, None),
    ],
)
def test_codes(specs, gtin, mpn):
    assert (amazon_specs.gtin(specs), amazon_specs.mpn(specs)) == (gtin, mpn)


def test_an_abbreviated_count_is_none():
    assert amazon_product.stars_and_count("4,4 von 5 Sternen", "92.284").count == 92284
    assert amazon_product.stars_and_count("4.2 out of 5 stars", "(1.8K)").count is None


@pytest.mark.parametrize(
    ("asked", "form", "named"),
    [("B0PARENT01", "B0CHILD001", "B0CHILD001"), ("B0ARMCHR01", "", "B0ARMCHR01"), ("B0ARMCHR01", "x", "B0ARMCHR01")],
)
def test_the_product_is_the_one_in_the_buy_form(asked, form, named):
    assert amazon_product.asin(doc(f'<input id="ASIN" value="{form}">', f"/dp/{asked}")) == named


def test_next_page_keeps_the_search_and_drops_the_tracking(spider):
    href = "/s?k=cane+stool&rh=n%3A1380442031&page=2&qid=17&xpid=a&ref=sr_pg_1"
    link = f'<a class="s-pagination-next" href="{href}">Next</a>'
    assert spider.next_page(doc(link, "/s?k=cane+stool"), 1) == HOST + "/s?k=cane+stool&rh=n%3A1380442031&page=2"
    assert spider.next_page(doc('<span class="s-pagination-next s-pagination-disabled">Next</span>', "/s"), 1) is None


def test_routes(spider):
    assert spider.route_url("search", 3) == HOST + "/s?k=stool&page=3"
    assert AmazonInSpider(category="1380442031").route_url("category", 2) == HOST + "/s?rh=n%3A1380442031&page=2"


def row(name, price, caption="", opened=False):
    return (
        f'<div id="{name}" class="a-box accordion-row{" a-accordion-active" if opened else ""}"><h5>{caption}</h5>'
        f'<div id="corePrice_feature_div">{PRICE.replace("₹449", price)}</div></div>'
    )


def offer(spider, body):
    return spider.read(doc(BLOCK % body + "<footer></footer>")).page.products[0].offer


def accordion(*rows):
    return f'<div id="buybox"><div id="buyBoxAccordion">{"".join(rows)}</div></div>'


def test_the_open_row_of_the_buy_box_is_the_offer(spider):
    rows = [row("newAccordionRow", "₹610", "Standard delivery"), row("almAccordionRow", "₹560", "Free and fast", True)]
    assert offer(spider, accordion(*rows)).price == 56000


def test_without_an_open_row_for_all_the_new_one_is_the_offer(spider):
    rows = [
        row("dealsAccordionRow", "₹399", "Deal. Join Prime to buy this item at ₹399.", True),
        row("usedAccordionRow", "₹310", "Buy used:"),
        row("newAccordionRow", "₹610", "Buy new:"),
    ]
    found = offer(spider, accordion(*rows))
    assert (found.price, found.condition) == (61000, "new")


def test_rows_for_some_shoppers_only_are_no_offer(spider):
    rows = [
        row("primeExclusiveAccordionRow", "₹399", "Prime Exclusive Price", True),
        row("buyBackAccordionRow", "₹299"),
    ]
    assert offer(spider, CORE % "₹399" + '<div id="availability">In stock</div>' + accordion(*rows)) is None


def test_other_sellers_used_goods_do_not_make_the_offer_used(spider):
    others = f'<h5>New &amp; Used (3) from</h5><div id="corePrice_feature_div">{PRICE}</div>'
    assert offer(spider, CORE % "₹449" + CART % others).condition == "new"


def test_a_renewed_row(spider):
    found = offer(spider, accordion(row("renewedTier2AccordionRow_0", "₹8,990", "Renewed - Good", True)))
    assert (found.price, found.condition) == (899000, "refurbished")


def test_a_price_per_unit_or_a_former_one_is_not_paid(spider):
    parts = (
        '<span class="pricePerUnit"><span class="a-price"><span class="a-offscreen">₹89.80</span></span>/100 ml</span>'
        '<span class="basisPrice"><span class="a-price"><span class="a-offscreen">₹550</span></span></span>'
        '<span class="a-price"><span class="a-offscreen">₹449</span></span>'
    )
    found = offer(spider, f'<div id="corePriceDisplay_desktop_feature_div">{parts}</div>' + CART % "")
    assert (found.price, found.list_price) == (44900, 55000)


def test_a_list_price_below_the_price_is_none(spider):
    struck = '<span class="a-price a-text-price" data-a-strike="true"><span class="a-offscreen">₹399</span></span>'
    paid = '<span class="a-price priceToPay"><span class="a-offscreen">₹449</span></span>'
    found = offer(spider, f'<div id="corePriceDisplay_desktop_feature_div">{paid}{struck}</div>' + CART % "")
    assert (found.price, found.list_price) == (44900, None)


def test_what_is_switched_off_is_not_said(spider):
    stock = '<div id="availability"><span class="aok-hidden">Currently unavailable.</span><span>In stock</span></div>'
    assert offer(spider, CORE % "₹449" + CART % stock).availability == "in_stock"


LD = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product", "name": "Cane stool", '
    '"offers": {"@type": "Offer", "price": "449", "priceCurrency": "INR", "availability": "InStock"}}</script>'
)


def test_a_product_nobody_sells_has_no_price_whoever_says_so(spider):
    stock = '<div id="availability">Currently unavailable.</div>'
    found = offer(spider, CORE % "₹449" + LD + CART % (stock + FORM % "B0ARMCHR01"))
    assert (found.price, found.currency, found.availability) == (None, None, "out_of_stock")


@pytest.mark.parametrize(
    ("inside", "price"),
    [
        (PRICE, 44900),
        (f'<div data-cy="secondary-offer-recipe">{PRICE}</div>', None),
        (f'{PRICE}<div data-cy="delivery-recipe"><span>Currently unavailable.</span></div>', None),
        (PRICE + PRICE, 44900),
        (PRICE + PRICE.replace("449", "899"), None),
        (f'<div class="aok-hidden">{PRICE}</div>', None),
    ],
)
def test_the_price_of_a_tile(spider, inside, price):
    tile = spider.listing(doc(TILE.replace("</h2>", "</h2>" + inside), "/s?k=stool"))[0]
    assert tile.price == price


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("在庫あり。", "in_stock"),
        ("残り3点 ご注文はお早めに", "in_stock"),
        ("現在在庫切れです。", "out_of_stock"),
        ("予約受付中", "preorder"),
        ("通常1～2か月以内に発送します。", "backorder"),
        ("通常2～3日以内に発送します。", "in_stock"),
        ("متوفر في المخزون", "in_stock"),
        ("غير متوفر حالياً.", "out_of_stock"),
        ("Em estoque", "in_stock"),
        ("Não disponível.", "out_of_stock"),
        ("I lager", "in_stock"),
        ("Tillfälligt slut i lager.", "out_of_stock"),
        ("Obecnie niedostępny.", "out_of_stock"),
        ("Stokta var", "in_stock"),
        ("Şu anda mevcut değil.", "out_of_stock"),
        ("Momenteel niet verkrijgbaar.", "out_of_stock"),
        ("Disponibilità immediata", "in_stock"),
        ("Attualmente non disponibile.", "out_of_stock"),
        ("Nur noch 3 auf Lager", "in_stock"),
        ("Derzeit nicht auf Lager.", "out_of_stock"),
        ("Gewöhnlich versandfertig in 1 bis 2 Monaten.", "backorder"),
        ("Dieser Artikel erscheint am 3. Mai 2027.", "preorder"),
        ("Disponible auprès de ces vendeurs.", "unknown"),
        ("Bei diesen Anbietern verfügbar.", "unknown"),
    ],
)
def test_stock_in_the_languages_of_the_shops(sentence, value):
    assert amazon_stock.stock(sentence) == value


def test_a_former_price_in_unknown_markup_leaves_the_list_price_unseen(spider):
    core = '<div id="price"><p>M.R.P.: <span class="x1">₹1,999.00</span></p><p>Price: %s</p></div>'
    page = core % '<span id="priceblock_ourprice" class="x2">₹1,549.00</span>'
    product = spider.read(doc(BLOCK % (page + CART % "") + "<footer></footer>")).page.products[0]
    assert (product.offer.price, product.offer.list_price) == (154900, None)
    assert product.evidence.fields["price"] == "price only"


def test_a_shop_of_one_currency_shows_no_other(spider):
    product = spider.read(doc(BLOCK % (CORE % "$449" + CART % "") + "<footer></footer>")).page.products[0]
    assert product.offers == []


@pytest.mark.parametrize("title", ["Phone (Renewed)", "Handy (Generalüberholt)", "Téléphone (Reconditionné)"])
def test_a_title_says_that_it_is_renewed(spider, title):
    block = BLOCK.replace("Cane stool", title)
    assert spider.read(doc(block % (CORE % "₹449"))).page.products[0].offer.condition == "refurbished"


def test_a_list_that_breaks_off_ends_before_its_last_tile(spider):
    tiles = "".join(TILE.replace("0001", f"000{n}") for n in range(1, 6))
    assert len(spider.listing(doc(f"<div>{tiles}</div>", "/s?k=stool"))) == 4
    assert len(spider.listing(doc(f"<div>{tiles}</div><footer></footer>", "/s?k=stool"))) == 5


def test_a_carousel_in_a_list_is_told_by_being_a_list_of_its_own(spider):
    inner = f"<ol><li>{TILE.replace('0001', '0002')}</li></ol>"
    assert [t.sku for t in spider.listing(doc(TILE + inner + "<footer></footer>", "/s?k=stool"))] == ["B0TILE0001"]


def test_a_price_kept_for_the_cart_is_not_stated(spider):
    core = '<div id="corePrice_desktop"><span>To see our price, add this item to your cart.</span></div>'
    said = spider.product(doc(BLOCK % (core + CART % (FORM % "B0ARMCHR01")) + "<footer></footer>"))
    assert {facts.price for facts in said} == {None}


@pytest.mark.parametrize(
    ("line", "value"),
    [("Nur noch 2 auf Lager", "in_stock"), ("現在在庫切れです。", "out_of_stock"), ("Lieferung bis Montag", "unknown")],
)
def test_the_stock_line_of_a_tile_in_other_languages(spider, line, value):
    tile = TILE.replace("</h2>", f'</h2>{PRICE}<div data-cy="delivery-recipe"><span>{line}</span></div>')
    assert spider.listing(doc(tile, "/s?k=stool"))[0].availability == value
