import pytest

from crawler.bases.document import Document
from crawler.bases.ikea.prices import Shown, price_module, shown


def read(body: str, currency: str | None) -> Shown:
    doc = Document("https://www.ikea.com/xx/en/p/y-40400003/", f"<html><body>{body}</body></html>".encode())
    return shown(price_module(doc), currency)


def amount(prefix: str, whole: str, decimals: str = "", part: str = "current-price") -> str:
    rest = f'<span class="{prefix}-price__decimal"><span class="{prefix}-price__separator">,</span>{decimals}</span>'
    return (f'<div class="{prefix}-price-module__{part}"><span class="{prefix}-price__integer">{whole}</span>'
            f"{rest if decimals else ''}</div>")  # fmt: skip


def addon(prefix: str, words: str, whole: str) -> str:
    return f'<div class="{prefix}-price-module__addon">{words} {amount(prefix, whole, part="x")}</div>'


def module(prefix: str, *parts: str) -> str:
    return f'<div class="{prefix}-price-module {prefix}-price-module--small"><h1>TORVALLA</h1>{"".join(parts)}</div>'


@pytest.mark.parametrize("prefix", ["pip", "pip-temp", "pipcom", "pipf", "range-revamp-pip", "some-new"])
@pytest.mark.parametrize(
    ("whole", "decimals", "currency", "expected"),
    [("1.299", "-", "EUR", 129900), ("1 299", "90", "SEK", 129990), ("1,29,990", "", "INR", 12999000),
     ("12", "500", "KWD", 12500), ("1,990", "", "JPY", 1990), ("299", "99", "USD", 29999)],
)  # fmt: skip
def test_the_parts_of_a_price_are_read_whatever_the_country(prefix, whole, decimals, currency, expected):
    assert read(module(prefix, amount(prefix, whole, decimals)), currency) == Shown(expected)


def test_prices_per_piece_savings_and_thirty_day_lows_are_no_list_price():
    words = ("Price per piece", "40% off, save", "Lowest price in the last 30 days", "/100 g")
    addons = "".join(addon("pipcom", word, "999") for word in words)
    assert read(module("pipcom", amount("pipcom", "500"), addons), "INR") == Shown(50000)


@pytest.mark.parametrize(
    "former",
    [
        amount("pip", "690", part="previous-price"),
        amount("pip", "690", part="comparison-price"),
        addon("pip", "Regular price", "690"),
    ],
)
def test_the_regular_price_beside_a_lower_one_is_the_list_price(former):
    assert read(module("pip", former, amount("pip", "500")), "INR") == Shown(50000, 69000)


@pytest.mark.parametrize("label", ["IKEA Family price", "IKEA Family Preis", "Prix IKEA Family", "Members' price"])
def test_a_members_price_is_left_out(label):
    alone, beside = amount("pip", "500"), amount("pip", "500") + addon("pip", "Normalpreis", "690")
    assert read(f"<div><b>{label}</b>{module('pip', beside)}</div>", "EUR") == Shown(69000, None, True)
    assert read(f"<div><b>{label}</b>{module('pip', alone)}</div>", "EUR") == Shown(None, None, True)


def test_a_tile_before_the_product_is_not_the_product():
    card = f'<div class="pip-product-compact">{module("pip", amount("pip", "10"))}</div>'
    assert read(card + module("pip", amount("pip", "500")), "INR") == Shown(50000)
    assert read(card, "INR") == Shown()


def test_an_instalment_is_no_price():
    month = '<span class="pip-price-module__current-price">$1.11<span>/ month</span></span>'
    assert read(module("pip", month, amount("pip", "95")), "USD") == Shown(9500)


def test_a_tile_inside_the_price_module_has_a_price_of_its_own():
    tile = f'<div class="pip-product-compact">{amount("pip", "177")}</div>'
    assert read(module("pip", tile, amount("pip", "95")), "USD") == Shown(9500)


def test_a_struck_price_called_the_lowest_of_thirty_days_is_no_list_price():
    struck = '<span class="pip-price pip-price--strikethrough"><span class="pip-price__integer">690</span></span>'
    for label, listed in (("Previous price: ", 69000), ("Lowest price in the last 30 days: ", None)):
        line = f'<div class="pip-price-module__addon">{label}{struck}</div>'
        assert read(module("pip", line, amount("pip", "500")), "INR") == Shown(50000, listed)


def test_an_amount_without_a_name_of_its_own_in_the_main_place_is_the_price():
    assert read(module("pip", amount("pip", "500", part="primary-currency-price")), "INR") == Shown(50000)
