import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bases import read
from crawler.core.models import Rating


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Oak\u00a0 table \n", "Oak table"),
        ("Tom &amp; Co", "Tom & Co"),
        ("a\u200bb\ufeff", "ab"),
        (" \u200e ", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_clean(text, expected):
    assert read.clean(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://schema.org/InStock", "in_stock"),
        ("http://schema.org/InStock/", "in_stock"),
        ("schema:InStock", "in_stock"),
        ("IN_STOCK", "in_stock"),
        ("instock", "in_stock"),
        ("in stock", "in_stock"),
        ("LimitedAvailability", "in_stock"),
        ("OutOfStock", "out_of_stock"),
        ("out of stock", "out_of_stock"),
        ("SoldOut", "out_of_stock"),
        ("oos", "out_of_stock"),
        ("PreOrder", "preorder"),
        ("https://schema.org/PreSale", "preorder"),
        ("BackOrder", "backorder"),
        ("available for order", "backorder"),
        ("Discontinued", "discontinued"),
        ("Only 2 left in stock", "in_stock"),
        ("maybe", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        (True, "unknown"),
        (1, "unknown"),
    ],
)
def test_availability(value, expected):
    assert read.availability(value) == expected


STOCK = {
    "in_stock": [
        "In stock",
        "In Stock.",
        "Only 2 left in stock - order soon.",
        "Hurry, only 3 left!",
        "Just 1 item left",
        "Few left",
        "12 available",
        "Almost sold out",
        "Ready to ship",
        "Available",
        "In stock · Delivery by Monday",
        "Auf Lager",
        "Sofort lieferbar",
        "En stock",
        "Plus que 2 en stock",
        "Disponible",
        "Em estoque",
        "Op voorraad",
        "متوفر",
        "स्टॉक में है",
        "In stock. Assembly service not available",
        "In stock. Available in 3 colours",
    ],
    "out_of_stock": [
        "Out of stock",
        "OUT-OF-STOCK",
        "Sold out",
        "Sold Out!",
        "Currently unavailable.",
        "Temporarily out of stock",
        "This item is currently unavailable",
        "We don't know when or if this item will be back in stock.",
        "Not in stock",
        "0 in stock",
        "Unavailable",
        "Not available",
        "Out of stock. Notify me when available",
        "Ausverkauft",
        "Nicht auf Lager",
        "Derzeit nicht verfügbar",
        "Rupture de stock",
        "Actuellement indisponible",
        "Épuisé",
        "Agotado",
        "No disponible",
        "Sin stock",
        "Niet op voorraad",
        "Esaurito",
        "غير متوفر",
        "स्टॉक में नहीं",
    ],
    "preorder": [
        "Pre-order now",
        "Preorder: ships 12 May",
        "Available to pre-order",
        "Pre-book",
        "Jetzt vorbestellen",
        "Предзаказ",
        "予約受付中",
    ],
    "backorder": ["Available on backorder", "Back-ordered", "Sur commande", "Под заказ", "Op bestelling"],
    "discontinued": ["Discontinued", "This product is no longer available", "Nicht mehr lieferbar"],
    "unknown": [
        "",
        "Delivery by Monday",
        "Free delivery",
        "Notify me",
        "Notify me when in stock",
        "Email me when this is back in stock",
        "Back in stock soon",
        "Coming soon",
        "Add to wish list",
        "Delivery not available at this pincode",
        "Sold by Oak & Co",
        "This item is sold by Oak & Co",
        "COD not available",
        "Available from 12 May",
        "1,200 sold",
        "10 sold in the last hour",
        "In stock in red. Blue is sold out",
        "Exchange offer not available",
        "Check availability",
        "Stock photo",
    ],
}


LANGUAGES = {
    "bg": ("В наличност", "Няма в наличност"),
    "cs": ("Skladem (>5 ks)", "Není skladem"),
    "da": ("På lager", "Ikke på lager"),
    "el": ("Άμεσα διαθέσιμο", "Δεν είναι διαθέσιμο"),
    "fa": ("موجود در انبار", "ناموجود"),
    "fi": ("Varastossa", "Ei varastossa"),
    "he": ("במלאי", "לא במלאי"),
    "hr": ("Na stanju", "Nema na stanju"),
    "hu": ("Raktáron", "Nincs raktáron"),
    "ja": ("在庫あり", "在庫切れ"),
    "ko": ("재고 있음", "품절"),
    "lt": ("Turime sandėlyje", "Prekės šiuo metu neturime"),
    "lv": ("Ir noliktavā", "Nav noliktavā"),
    "pl": ("W magazynie", "Brak w magazynie"),
    "ro": ("În stoc", "Nu este în stoc"),
    "ru": ("В наличии", "Нет в наличии"),
    "sk": ("Na sklade", "Nie je na sklade"),
    "sl": ("Na zalogi", "Ni na zalogi"),
    "th": ("มีสินค้า", "สินค้าหมด"),
    "tr": ("Stokta var", "Stokta yok"),
    "uk": ("В наявності", "Немає в наявності"),
    "vi": ("Còn hàng", "Hết hàng"),
    "zh": ("有货", "缺货"),
    "zh-TW": ("現貨", "補貨中"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_stock_in_the_language_of_the_shop(language):
    assert tuple(map(read.stock, LANGUAGES[language])) == ("in_stock", "out_of_stock")


@pytest.mark.parametrize(("expected", "text"), [(word, text) for word, texts in STOCK.items() for text in texts])
def test_stock(expected, text):
    assert read.stock(text) == expected


@pytest.mark.parametrize(
    ("value", "count", "best", "expected"),
    [
        ("4.3 out of 5", "(1,234)", 5, Rating(4.3, 1234)),
        ("4,6 von 5 Sternen", "1.234 Bewertungen", 5, Rating(4.6, 1234)),
        (4.5, 7, 5, Rating(4.5, 7)),
        ("4.5", "2.3k ratings", 5, Rating(4.5, 2300)),
        ("8.6", "12", "10", Rating(4.3, 12)),
        ("4.1/5", "1,23,456 ratings", 5, Rating(4.1, 123456)),
        ("90", None, 100, Rating(4.5)),
        ("4.5", "12.0", None, Rating(4.5, 12)),
        ("Rated 4.2", None, 5, Rating(4.2)),
        ("5", "0", 5, None),
        ("0", None, 5, None),
        ("7.2", None, 5, None),
        ("87%", None, 5, None),
        (None, None, 5, None),
        ("", "12", 5, None),
        ("new", None, 5, None),
        (True, None, 5, None),
    ],
)
def test_rating(value, count, best, expected):
    assert read.rating(value, count, best) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/p/1#reviews", "https://shop.test/p/1"),
        ("//cdn.test/a.jpg", "https://cdn.test/a.jpg"),
        ("../b", "https://shop.test/b"),
        ("http://x.test/ ", "http://x.test/"),
        ("javascript:void(0)", None),
        ("mailto:a@b.test", None),
        ("data:image/png;base64,AA", None),
        ("#top", None),
        ("", None),
        (None, None),
        ("http://[bad", None),
    ],
)
def test_absolute(url, expected):
    assert read.absolute("https://shop.test/a/c", url) == expected


def test_images():
    values = [
        "/1.jpg",
        {"@type": "ImageObject", "contentUrl": "/2.jpg"},
        {"url": "/3.jpg"},
        "/1.jpg",
        None,
        5,
        {"name": "x"},
        "/img/placeholder.png",
        "/sprites/icons.png",
        "/sprite-green-lamp.jpg",
        "data:image/gif;base64,AA",
    ]
    names = ["1.jpg", "2.jpg", "3.jpg", "sprite-green-lamp.jpg"]
    assert read.images("https://shop.test/p", values) == [f"https://shop.test/{name}" for name in names]
    assert read.images("https://shop.test/p", "/1.jpg") == ["https://shop.test/1.jpg"]
    assert read.images("https://shop.test/p", None) == []


@pytest.mark.parametrize(
    "text",
    [
        "₹899 off",
        "Save ₹500",
        "You save: ₹500 (20%)",
        "EMI from ₹500/month",
        "₹500/mo",
        "M.R.P.: ₹1,999",
        "MRP ₹1,999",
        "was $20",
        "Buy 2 for ₹999",
        "with coupon",
        "with exchange",
        "Up to ₹3,000 off on exchange",
        "for members",
        "₹99 / 100 g",
        "₹12 per unit",
        "12 used from ₹800",
        "+ ₹40 delivery",
        "statt 199 €",
        "au lieu de 20 €",
        "antes 20 €",
        "20% off",
        "UVP 99 €",
        "3 x 20 € al mes",
    ],
)
def test_is_not_a_price(text):
    assert read.is_not_a_price(text)


@pytest.mark.parametrize(
    "text",
    ["₹899", "Price: ₹899", "Deal price", "Our price", "Sofa ₹899", "Preis 99 €", "Now only $20", "office chair"],
)
def test_nothing_speaks_against_a_price(text):
    assert not read.is_not_a_price(text)


@given(st.text())
def test_any_text_is_survived(text):
    assert read.clean(text) != ""
    assert read.stock(text) in STOCK
    assert read.absolute("https://shop.test/", text) is None or read.absolute("https://shop.test/", text).startswith(
        "http"
    )
    found = read.rating(text, text)
    assert found is None or 0 < found.value <= 5


@pytest.mark.parametrize(
    ("told", "stock"),
    [(True, "in_stock"), (False, "out_of_stock"), (None, "unknown"), ("yes", "unknown"), ([], "unknown")],
)
def test_a_flag_of_stock(told, stock):
    assert read.flag(told) == stock


def test_an_amount_beyond_belief_leaves_its_reason():
    problems = []
    assert (read.minor("12.99", "USD", problems), problems) == (1299, [])
    assert (read.minor(-3, "USD", problems), len(problems)) == (None, 1)
