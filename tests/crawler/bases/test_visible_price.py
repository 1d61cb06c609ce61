"""What a shopper pays in one block: the price, and nothing that only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bases import visible
from crawler.core.money import Money
from tests.crawler.bases.pages import page


def block(markup):
    return page(f'<div id="b">{markup}</div>').tree.css_first("#b")


def both(markup, currency=None):
    node = block(markup)
    paid, listed = visible.price(node, currency), visible.list_price(node, currency)
    return paid and paid.amount, listed and listed.amount


@pytest.mark.parametrize(
    ("markup", "amount"),
    [
        ("₹1,299", 129900),
        ("<span>₹</span><span>1,299</span>", 129900),
        ("<span>$</span><span>1,299</span><sup>99</sup>", 129999),
        ('<i>$</i><b>49</b><i class="price__decimals"><i>.</i>99</i>', 4999),
        ('<span class="whole">1,299<span class="decimal">.</span></span><span class="fraction">00</span> ₹', 129900),
        ('<span class="price-sup">$</span>24<span class="price-cents">50</span>', 2450),
        ('<span class="offscreen">₹1,299.00</span><span aria-hidden="true">₹<b>1,299</b><sup>00</sup></span>', 129900),
        ('<span aria-hidden="true">$<b>12</b></span><span class="sr-only">Price $12.50</span>', 1250),
        ("<div>Rs. 2,49,999</div>", 24999900),
        ("<p>1.299,00 €</p>", 129900),
        ("<p>1 299 kr</p><p>Finns i lager</p>", 129900),
        ("<p>Rp 79.900</p>", 7990000),
        ("<div>Deal price:</div><div>$12.00</div>", 1200),
        ("<div>Price tag: $12.00</div>", 1200),
        ("<b>$12.00</b> <small>incl. tax</small>", 1200),
        ('<b>$12.00</b><b style="display:none">$9.00</b><script>var p = "$8.00"</script>', 1200),
        ("<template>$3</template><noscript>$4</noscript><b>$5</b>", 500),
    ],
)
def test_price_however_it_is_split(markup, amount):
    assert both(markup) == (amount, None)


@pytest.mark.parametrize(
    "markup",
    [
        "<b>₹1,299</b> <s>₹1,999</s>",
        "<s>₹1,999</s><b>₹1,299</b>",
        "<b>₹1,299</b> M.R.P.: <span>₹1,999</span>",
        "<div>M.R.P.: ₹1,999</div><div>₹1,299</div>",
        '<span class="oldPrice">₹1,999</span><span>₹1,299</span>',
        '<span class="price-was">₹1,999</span><span>₹1,299</span>',
        '<span style="text-decoration: line-through">₹1,999</span> ₹1,299',
        "<div>₹1,299</div><div>₹1,999</div><div>35% off</div>",
        "<span>35% off</span><span>₹1,999</span><span>₹1,299</span>",
        "<b>-35%</b> <b>₹1,299</b> <p>List Price: <del>₹1,999</del></p>",
        "<div>Extra ₹500 off</div><div>₹1,299</div><div>₹1,999</div><div>35% off</div>",
        "<p>Regular price <b>₹1,999</b></p><p>Sale price <b>₹1,299</b></p>",
        '<span class="sr-only">Was ₹1,999</span><span>₹1,299</span>',
        "<b>₹1,299</b><div><span>₹1,999</span><span>-35%</span></div>",
        '<b>₹1,299</b><span class="price_type_deleted">₹1,999</span>',
        '<del aria-hidden="true">₹1,999</del> <span class="screen-reader-text">Ursprünglicher Preis war: ₹1,999</span>'
        '<ins aria-hidden="true">₹1,299</ins><span class="screen-reader-text">Aktueller Preis ist: ₹1,299.</span>',
        '<p class="price with-list-price">₹1,299</p><span class="list-price">₹1,999</span>',
        '<div class="has-compare">₹1,299 <s aria-hidden="true">₹1,999</s></div>',
        "<p>₹1,999</p><p>₹1,299 <b>Économisez 35%</b></p>",
        "<p>₹1,999</p><p>₹1,299 (35,0 % gespart)</p>",
    ],
)
def test_price_beside_a_list_price(markup):
    assert both(markup) == (129900, 199900)


@pytest.mark.parametrize(
    "other",
    [
        "<p>No cost EMI from ₹109/month</p>",
        "<p>EMI starts at ₹109</p>",
        "<p>₹109 per month</p>",
        "<p>(₹26.00 / 100 g)</p>",
        "<p>(₹433 per item)</p>",
        "<p>Save ₹700</p>",
        "<p>You save: ₹700 (35%)</p>",
        "<p>Extra ₹200 off with coupon</p>",
        "<p>Apply ₹200 coupon</p>",
        "<p>Get it for ₹1,199 with coupon HOME10</p>",
        "<p>₹1,199 with code SAVE100</p>",
        "<p>₹100 cashback</p>",
        "<p>Members pay ₹1,199</p>",
        "<p>₹1,199 with exchange</p>",
        "<p>Exchange offer: up to ₹900 off</p>",
        "<p>Bank offer: ₹1,099</p>",
        "<p>Used from ₹899</p>",
        "<p>Delivery: ₹49</p>",
        "<p>₹49 delivery</p>",
        "<p>Free delivery on orders over ₹499</p>",
        "<p>3 other sellers from ₹1,199</p>",
        "<p>Gift card ₹500</p>",
        " EMI from ₹109/month",
        " Delivery ₹49",
        " Save ₹20",
        " Extra ₹200 off ",
    ],
)
def test_other_amounts_are_never_the_price(other):
    assert both(other)[0] is None
    assert both(f"<b>₹1,299</b>{other}") == (129900, None)
    assert both(f"{other}<b>₹1,299</b>") == (129900, None)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "Call for price",
        "₹1,299 – ₹2,999",
        "<b>$10</b> - <b>$20</b>",
        "From ₹1,299",
        "From only £5.29 - £9.56",
        "Price range: $10.00 through $20.00",
        "Price: $49.00+",
        "<span>Price $49.00+</span><span>$49.00+</span>",
        "From $5",
        "Save $5",
        "Up to £20",
        "4 interest-free payments of $12.25",
        "Starting at <b>$10</b>",
        "₹0",
        "$0.00",
        "4.5 (1,204)",
        "Pack of 2",
        "57% off",
        "120 x 80 cm",
        "<s>₹1,999</s>",
        "M.R.P. ₹1,999",
        "SKU 1234567",
    ],
)
def test_null_rather_than_a_guess(markup):
    assert both(markup) == (None, None)


def test_the_discount_tells_which_of_two_amounts_is_paid():
    assert both("<b>$100</b><b>$80</b><i>20% off</i>") == (8000, 10000)
    assert both("<p>Coupon: $80</p><b>$100</b><i>20% off</i>")[0] is None, (
        "the amount a discount was taken from is no price"
    )


SHOP_SYSTEMS = {
    "shopify": """<div class="price--on-sale">
        <div class="price__regular"><i class="visually-hidden">Regular price</i>
            <b class="price-item--regular">$50.00</b></div>
        <div class="price__sale"><i class="visually-hidden">Regular price</i><s class="price-item--regular">$50.00</s>
            <i class="visually-hidden">Sale price</i><b class="price-item--sale">$40.00</b></div>
        <small class="unit-price">$4.00 / kg</small></div>""",
    "woocommerce": """<p class="price"><del aria-hidden="true"><bdi><i>$</i>50.00</bdi></del>
        <span class="screen-reader-text">Original price was: $50.00.</span>
        <ins aria-hidden="true"><bdi><i>$</i>40.00</bdi></ins>
        <span class="screen-reader-text">Current price is: $40.00.</span></p>""",
    "magento": """<span class="special-price"><i class="price-label">Special Price</i><b class="price">$40.00</b></span>
        <span class="old-price"><i class="price-label">Regular Price</i><b class="price">$50.00</b></span>""",
    "prestashop": """<div class="product-discount"><b class="regular-price">$50.00</b></div>
        <div class="current-price"><b>$40.00</b> <i class="discount-amount">Save $10.00</i></div>""",
    "salesforce": """<span class="strike-through list"><b class="value"><i class="sr-only">Price reduced from</i> $50.00
        <i class="sr-only">to</i></b></span> <span class="sales"><b class="value">$40.00</b></span>""",
}


@pytest.mark.parametrize("system", SHOP_SYSTEMS)
def test_prices_of_the_common_shop_systems(system):
    assert both(SHOP_SYSTEMS[system]) == (4000, 5000)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>€12.10 <i>Ex Tax: €10.00</i></p>",
        "<p>10,00 € zzgl. MwSt. 12,10 € inkl. MwSt.</p>",
        "<p>10,00 € HT</p><p>12,10 € TTC</p>",
        "<p>Prix HT : 10,00 €</p><p>Prix TTC : 12,10 €</p>",
        "<p>€12.10 inc. VAT (€10.00 exc. VAT)</p>",
        "<b>€10,00</b> <small>excl. btw</small><b>€12,10</b> <small>incl. btw</small>",
        "<div>Nettó: 10,00 €</div><div>Bruttó: 12,10 €</div>",
        "<p>12,10 €<sup>*</sup></p><p><sup>*</sup>dont 1,50 € d'éco-part. DEEE</p>",
        "<p>12,10 €</p><p>dont éco-participation : 1,50 €</p>",
        "<p>12,10 €</p><p>zzgl. 0,25 € Pfand</p>",
        "<p>€12,10</p><p>+ statiegeld: €0,25</p>",
    ],
)
def test_of_prices_with_and_without_tax_or_deposit_a_shopper_pays_the_one_with_tax(markup):
    assert both(markup) == (1210, None)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>R$ 949,90 no PIX</p>",
        "<p>R$ 949,90 à vista no PIX</p>",
        "<p>Havale ile: R$ 949,90</p>",
    ],
)
def test_what_is_paid_at_once_in_one_way_is_the_price_where_there_is_no_other(markup):
    assert both(markup) == (94990, None)
    assert both(f"<p>R$ 999,90</p>{markup}<p>ou 10x de R$ 99,99 sem juros</p>") == (99990, None)


@pytest.mark.parametrize(
    "lowest",
    [
        "Lowest price in 30 days: 39,99 €",
        "Niedrigster Preis der letzten 30 Tage: 39,99 €",
        "30-Tage-Bestpreis: 39,99 €",
        "Prix le plus bas des 30 derniers jours : 39,99 €",
        "Prezzo più basso degli ultimi 30 giorni: 39,99 €",
        "Najniższa cena z 30 dni przed obniżką: 39,99 €",
        "Laagste prijs van 30 dagen: 39,99 €",
    ],
)
def test_the_lowest_price_of_a_month_is_neither_price_nor_list_price(lowest):
    assert both(f"<p>35,99 €</p><p>{lowest}</p>") == (3599, None)
    assert both(f"<p>{lowest}</p><p>35,99 €</p>") == (3599, None)


@pytest.mark.parametrize("members", ["Medlemspris 29,99 €", "Prix club : 29,99 €", "Mitgliederpreis 29,99 €"])
def test_members_pay_another_price_in_every_language(members):
    assert both(f"<p>{members}</p><p>35,99 €</p>") == (3599, None)


@pytest.mark.parametrize(
    ("markup", "amount"),
    [
        ("129<sup>€90</sup>", 12990),
        ("1 129€<sup>90</sup> <s>1 299€90</s>", 112990),
        ("<b>€129</b><b>€90</b>", 12900),
        ("<b>129€</b> <i>20%</i>", 12900),
    ],
)
def test_a_sign_may_stand_for_the_point(markup, amount):
    assert both(f"<p>{markup}</p>")[0] == amount


@pytest.mark.parametrize(
    "listed",
    ["Cena regularna: 1 999 Kč", "Běžná cena 1 999 Kč", "Piyasa Fiyatı : 1.999,00 Kč", "Prezzo di listino 1.999 Kč",
     "定価1,999Kč", "Старая цена: 1 999 Kč", "Vejledende pris 1.999 Kč"],
)  # fmt: skip
def test_list_prices_in_the_language_of_the_shop(listed):
    assert both(f'<div class="price-list"><p>1 299 Kč</p><p>{listed}</p></div>') == (129900, 199900)


@pytest.mark.parametrize(
    ("spoken", "amount"),
    [
        ("De prijs van dit product is '129' euro en '95' cent", 12995),
        ("129 euros et 5 centimes", 12905),
        ("Now 129 dollars and 95 cents", 12995),
    ],
)
def test_cents_are_spoken_as_a_number_of_their_own(spoken, amount):
    drawn = '<span aria-hidden="true">129<sup>95</sup></span>'
    assert both(f'<span class="sr-only">{spoken}</span>{drawn}')[0] == amount


@pytest.mark.parametrize(("shown", "amount"), [("12,800円税込送料無料", 12800), ("89,000원입니다", 89000)])
def test_words_may_touch_a_sign(shown, amount):
    assert both(f"<p>{shown}</p>")[0] == amount


@pytest.mark.parametrize("markup", ["€10.00 ex VAT", "<p>Netto: 10,00 €</p>", "<b>€10.00</b> <i>+ VAT</i>"])
def test_a_price_without_tax_is_one_where_there_is_no_other(markup):
    assert both(markup) == (1000, None)


def test_currency_settles_shared_signs_and_bare_numbers():
    assert visible.price(block("$12"), "CAD") == Money(1200, "CAD")
    assert visible.price(block("$12")) == Money(1200, "USD")
    assert visible.price(block("1,299"), "INR") == Money(129900, "INR")
    assert visible.price(block("<p>Price</p><p>1,299</p><p>12 left</p>"), "INR") == Money(129900, "INR")


def test_a_list_price_below_or_in_another_currency_is_none():
    assert both("<b>$12</b> <s>$10</s>") == (1200, None)
    assert both("<b>$12</b> <s>€20</s>") == (1200, None)


def test_text_is_what_is_rendered():
    node = block(
        "<p>Oak  <b>ta</b>ble</p><ul><li>2</li><li>m</li></ul><style>x{}</style><p hidden>h</p><s>old</s><br>new"
        '<p class="d-none">no</p><p class="hidden md:block">wide</p>'
    )
    assert visible.text(node) == "Oak table 2 m old new wide"


def test_struck_places_nest():
    assert both("<del>$30 <s>$30</s> $30</del> <b>$20</b>") == (2000, 3000)


def test_of_several_list_prices_the_discount_tells_which():
    assert both("<del>$30</del> <s>$40</s> <b>$20</b>") == (2000, None)
    assert both("<del>$30</del> <s>$40</s> <b>$20</b> 50% off") == (2000, 4000)


def test_what_no_shop_would_compare_with_is_no_list_price():
    assert both("<div>M.R.P. $99,999</div><b>$20</b>") == (2000, None)


@given(st.text(alphabet="₹$€1290.,- %/<>bs\"='classEMIoff ", max_size=80))
def test_no_markup_breaks_the_reader(markup):
    paid, listed = visible.price(block(markup)), visible.list_price(block(markup))
    assert paid is None or paid.amount > 0
    assert listed is None or (paid is not None and listed.amount > paid.amount)


@given(st.integers(1, 10**8), st.sampled_from(["₹{}", "₹ {}", "<i>₹</i><b>{}</b>", "<p>Price: ₹{}</p>", "INR {}"]))
def test_every_amount_is_read_back(amount, form):
    assert both(form.format(f"{amount // 100:,}.{amount % 100:02}"))[0] == amount
