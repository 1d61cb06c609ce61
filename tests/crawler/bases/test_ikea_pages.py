import pytest

from crawler.bases.document import Document
from crawler.bases.ikea import pages, places, tiles

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
    assert tiles.tiles(document(f"<h1>Sofas</h1>{carousel}")) == []
    assert [f.sku for f in tiles.tiles(document(f"<h1>Sofas</h1>{carousel}<main>{card(22222222)}</main>"))] == [
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
    assert places.country_of(url) == country


PRODUCT = '<h1>TOVIK Sofa</h1><span class="x1">Rs.909</span>%s<footer></footer>'
TOLD = (
    '<script type="application/ld+json">{"@type": "Product", "name": "TOVIK", "url": "https://www.ikea.com/in/en/p/'
    'tovik-22222222/", "offers": {"@type": "Offer", "price": "909.00", "priceCurrency": "%s"}}</script>'
)
HOME = "https://www.ikea.com/in/en/p/tovik-22222222/"


def prices(body: str, told: str = "INR") -> set[int | None]:
    return {facts.price for facts in pages.product(document(body, TOLD % told, HOME))}


def test_a_price_may_be_a_clubs_where_the_price_module_is_not_known():
    assert prices(PRODUCT % "") == {90900, None}
    assert prices(PRODUCT % "<p>IKEA Family price</p>") == {None}


def test_another_currency_than_the_countrys_is_no_price():
    assert prices(PRODUCT % "", told="USD") == {None}


def test_without_its_heading_a_page_is_no_product():
    assert pages.product(document("<p>TOVIK</p>", TOLD % "INR", HOME)) == []


@pytest.mark.parametrize(
    ("url", "currency"),
    [
        ("https://www.ikea.co.id/in/produk/x-90165968", "IDR"),
        ("https://www.ikea.com.tr/urun/x-90165968", "TRY"),
        ("https://www.ikea.gr/proionta/x-90165968", "EUR"),
        ("https://www.ikea.com.hk/en/products/x-90165968", "HKD"),
        ("https://www.ikea.cn/cn/zh/p/x-90165968/", "CNY"),
        ("https://www.ikea.com/se/sv/p/x-90165968/", "SEK"),
        ("https://www.ikea.com/ua/uk/p/x-90165968/", "UAH"),
    ],
)
def test_what_a_country_charges_in(url, currency):
    assert places.currency_of(url) == currency


def test_an_amount_in_an_unknown_element_beats_the_data_of_a_tile():
    shown = card(22222222).replace('data-product-name="TOVIK"', 'data-product-name="TOVIK" data-price="909"')
    assert tiles.tiles(document(shown))[0].price == 90900
    assert tiles.tiles(document(shown.replace(">TOVIK<", ">TOVIK<b>$1,109</b><")))[0].price is None


@pytest.mark.parametrize(
    ("delivery", "store", "stock"),
    [
        ("Available for delivery", "Checking availability...", "in_stock"),
        ("Not available for delivery", "Checking availability...", "unknown"),
        ("Checking availability...", "In stock in Pune", "in_stock"),
        ("Currently out of stock for delivery", "Out of stock in Pune", "out_of_stock"),
        ("Currently out of stock for delivery", "In stock in Pune", "in_stock"),
        ("Checking availability...", "Out of stock in Pune", "unknown"),
    ],
)
def test_stock_for_delivery_and_in_the_store(delivery, store, stock):
    parts = (
        f'<button class="pip-delivery-section"><strong>Delivery</strong>{delivery}</button>'
        f'<button class="pip-store-section"><strong>In store</strong>{store}</button>'
    )
    assert pages.product(document(f"<h1>TOVIK</h1>{parts}", url=HOME))[-1].availability == stock
