import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.currency import detect, digits, limit
from crawler.core.errors import MoneyError
from crawler.core.money import Money, decimal, minor, parse


@pytest.mark.parametrize(
    ("text", "hint", "amount", "currency"),
    [
        ("₹1,29,990", None, 12999000, "INR"),
        ("Rs.6,000", "INR", 600000, "INR"),
        ("Rs. 2,499.50 /-", None, 249950, "INR"),
        ("Rs 899", "PKR", 89900, "PKR"),
        ("₹1.5 lakh", None, 15000000, "INR"),
        ("८९९ रुपये", None, 89900, "INR"),
        ("1.299,- €", None, 129900, "EUR"),
        ("35€ 99", None, 3599, "EUR"),
        ("1 299,00 zł", None, 129900, "PLN"),
        ("1\u202f299,00\u00a0Kč", None, 129900, "CZK"),
        ("CHF 1'049.95", None, 104995, "CHF"),
        ("kr 1 299,-", "SEK", 129900, "SEK"),
        ("1.299 kr.", "DKK", 129900, "DKK"),
        ("12,980円", None, 12980, "JPY"),
        ("￥１２，９８０", None, 12980, "JPY"),
        ("¥129.00", "CNY", 12900, "CNY"),
        ("3万円", None, 30000, "JPY"),
        ("12.345 KD", None, 12345, "KWD"),
        ("SAR 1,299", None, 129900, "SAR"),
        ("٨٩٩٫٥٠ ر.س", None, 89950, "SAR"),
        ("$1,299", None, 129900, "USD"),
        ("$1,299", "AUD", 129900, "AUD"),
        ("US $12.50", "AUD", 1250, "USD"),
        ("NT$1,299", None, 129900, "TWD"),
        ("HK$ 80", None, 8000, "HKD"),
        ("R$ 1.299,90", None, 129990, "BRL"),
        ("R273.00", "ZAR", 27300, "ZAR"),
        ("Rp 12.995.000", None, 1299500000, "IDR"),
        ("$29⁹⁹", None, 2999, "USD"),
        ("Now $29 97", None, 2997, "USD"),
        ("₹ 899 ₹ 1,999", None, 89900, "INR"),
        ("M.R.P.: ₹1,999 ₹899", None, 89900, "INR"),
        ("899 € 1.299 €", None, 89900, "EUR"),
        ("From 26 to 50 €", None, 2600, "EUR"),
        ("AED 800 (USD 218)", None, 80000, "AED"),
        ("£94.50 (20% off)", None, 9450, "GBP"),
        ("1,299.00", "INR", 129900, "INR"),
        ("1,299.00", None, 129900, None),
        ("150 kr", "INR", 15000, None),
        ("TRY 1.299", "TRY", 129900, "TRY"),
    ],
)
def test_what_a_shopper_sees(text, hint, amount, currency):
    assert parse(text, hint) == Money(amount, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sofa",
        "₹",
        "4.3 out of 5",
        "4.3/5",
        "4.3 (128)",
        "3 Seater",
        "45 x 60 cm",
        "Save 20%",
        "-40%",
        "10:30",
        "2 L",
        "50 ml",
        "12.05.2025",
        "July, 2004",
        "Shower GEL 250 ml",
        "TRY 30 days",
        "Free delivery over ₹499+",
        "iPhone 15",
        "16.00 ft",
        "A4",
    ],
)
def test_no_price_in_the_text(text):
    assert parse(text, "INR") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("₹0", "zero"), ("Free!", "zero"), ("-₹500", "negative"), ("₹10,000,000", "absurd"), ("₹0.001", "zero")],
)
def test_a_price_that_cannot_be_believed(text, reason):
    with pytest.raises(MoneyError) as error:
        parse(text, "INR")
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("1299", "INR", 129900),
        ("1299.5", "INR", 129950),
        (1299, "JPY", 1299),
        (18.995, "EUR", 1900),
        ("34.992001", "GBP", 3499),
        (" 1,299.00 ", "INR", 129900),
        ("₹1,299", "INR", 129900),
        ("1299,90", "EUR", 129990),
        (Decimal("0.5"), "KWD", 500),
        ("12.345", "KWD", 12345),
        ("12995000", "IDR", 1299500000),
    ],
)
def test_machine_readable(value, currency, amount):
    assert minor(value, currency) == amount


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("NaN", "nan"),
        (float("inf"), "nan"),
        (-1, "negative"),
        (0, "zero"),
        ("0.00", "zero"),
        (1e7, "absurd"),
        ("1e400", "absurd"),
        ("", "unreadable"),
        ("call us", "unreadable"),
        (True, "unreadable"),
        ("1.299", "unreadable"),
        ("€ 12", "unreadable"),
    ],
)
def test_machine_readable_nonsense(value, reason):
    with pytest.raises(MoneyError) as error:
        minor(value, "INR")
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(1299, "INR", "12.99"), (5, "EUR", "0.05"), (1299, "JPY", "1299"), (1299, "KWD", "1.299"), (1299, None, "12.99")],
)
def test_decimal(amount, currency, text):
    assert decimal(amount, currency) == text


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("₹", "INR"),
        ("Rs.", "INR"),
        ("INR", "INR"),
        ("inr", "INR"),
        ("$", "USD"),
        ("C$", "CAD"),
        ("kr", None),
        ("Kč", "CZK"),
        ("руб.", "RUB"),
        ("ر.س", "SAR"),
        ("price in euros", "EUR"),
        ("GEL 250 ml", None),
        ("sofa", None),
        ("", None),
    ],
)
def test_detect(text, currency):
    assert detect(text) == currency


# laws

GROUPED = {"en": (",", "."), "de": (".", ","), "fr": ("\u202f", ","), "cs": ("\u00a0", ","), "ch": ("'", ".")}
SIGNS = {
    "INR": "₹",
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "PLN": "zł",
    "JPY": "円",
    "KWD": "KD",
    "SAR": "ر.س",
    "CHF": "CHF",
}


def written(amount: int, currency: str, locale: str, before: bool, space: str) -> str:
    group, point = GROUPED[locale]
    whole, _, part = decimal(amount, currency).partition(".")
    number = f"{int(whole):,}".replace(",", group) + (point + part if part else "")
    return f"{SIGNS[currency]}{space}{number}" if before else f"{number}{space}{SIGNS[currency]}"


@given(
    st.integers(1, 10**9 - 1),
    st.sampled_from(sorted(SIGNS)),
    st.sampled_from(sorted(GROUPED)),
    st.booleans(),
    st.sampled_from(["", " ", "\u00a0"]),
)
def test_what_is_written_is_read_again(amount, currency, locale, before, space):
    locale = "en" if currency == "KWD" else locale  # 1,000 KD means a thousand where dinars are spent
    if amount < limit(currency) * 10 ** digits(currency):
        assert parse(written(amount, currency, locale, before, space), currency) == Money(amount, currency)


def indian(whole: int) -> str:
    head, tail = divmod(whole, 1000)
    pairs = []
    while head > 99:
        head, pair = divmod(head, 100)
        pairs.insert(0, f"{pair:02d}")
    return ",".join([str(head), *pairs, f"{tail:03d}"]) if head else str(tail)


@given(st.integers(1, 9_999_999))
def test_lakhs_are_read_again(rupees):
    assert parse(f"₹{indian(rupees)}", "INR") == Money(rupees * 100, "INR")


@given(st.integers(1, 10**9 - 1), st.sampled_from(["INR", "JPY", "KWD"]))
def test_decimal_and_minor_are_inverse(amount, currency):
    if amount < limit(currency) * 10 ** digits(currency):
        assert minor(decimal(amount, currency), currency) == amount


PRICELIKE = st.text(alphabet=string.digits + " .,'-+%₹$€£Rskrzł/()\u00a0०९٣", max_size=24)


@given(st.one_of(st.text(), PRICELIKE), st.sampled_from([None, "INR", "JPY", "KWD"]))
def test_any_text_gives_a_price_in_range_or_a_reason(text, hint):
    try:
        money = parse(text, hint)
    except MoneyError:
        return
    assert money is None or 0 < money.amount < limit(money.currency) * 10 ** digits(money.currency)


@given(
    st.one_of(st.text(), PRICELIKE, st.floats(), st.integers(), st.decimals()), st.sampled_from(["INR", "JPY", "KWD"])
)
def test_any_value_gives_minor_units_or_a_reason(value, currency):
    try:
        amount = minor(value, currency)
    except MoneyError:
        return
    assert 0 < amount <= limit(currency) * 10 ** digits(currency)
