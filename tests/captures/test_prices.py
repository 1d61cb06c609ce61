"""Price texts of real shops, beside the library that is made for them. The texts are private and stay outside."""

import json
from decimal import Decimal

import pytest
from price_parser import Price

from crawler.core.currency import detect
from crawler.core.money import find
from tests.reading import CAPTURES

PRICES = CAPTURES / "prices" / "price_parser_cases.json"
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not PRICES.exists(), reason="the private captures are not beside this checkout"),
]
# what the signs mean that the expected values name, written by hand; a sign of several countries is left out
ISO = {
    "€": "EUR",
    "euro": "EUR",
    "$": "USD",
    "US$": "USD",
    "US $": "USD",
    "£": "GBP",
    "￡": "GBP",
    "zł": "PLN",
    "zl": "PLN",
    "Zł": "PLN",
    "Kč": "CZK",
    "руб": "RUB",
    "руб.": "RUB",
    "р.": "RUB",
    "Р": "RUB",
    "₽": "RUB",
    "грн": "UAH",
    "грн.": "UAH",
    "₴": "UAH",
    "hrn": "UAH",
    "R$": "BRL",
    "₹": "INR",
    "Rs": "INR",
    "Re": "INR",
    "ரூ": "INR",
    "र": "INR",
    "₫": "VND",
    "đ": "VND",
    "VNĐ": "VND",
    "₪": "ILS",
    "nis": "ILS",
    "C$": "CAD",
    "CA$": "CAD",
    "CAN$": "CAD",
    "CAD$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "AU $": "AUD",
    "NT$": "TWD",
    "MX$": "MXN",
    "RM": "MYR",
    "Rp": "IDR",
    "lei": "RON",
    "Lei": "RON",
    "LEI": "RON",
    "TL": "TRY",
    "₺": "TRY",
    "Ft": "HUF",
    "KD": "KWD",
    "د.ك": "KWD",
    "ر.س": "SAR",
    "ر.ق": "QAR",
    "د.إ": "AED",
    "Dh": "AED",
    "Dhs": "AED",
    "ج.م": "EGP",
    "E£": "EGP",
    "円": "JPY",
    "yen": "JPY",
    "元": "CNY",
    "yuan": "CNY",
    "人民币": "CNY",
    "원": "KRW",
    "บาท": "THB",
    "฿": "THB",
    "лв": "BGN",
    "лв.": "BGN",
    "Fr.": "CHF",
    "SFr": "CHF",
    "KSh": "KES",
    "₦": "NGN",
    "₱": "PHP",
    "₡": "CRC",
    "GH₵": "GHS",
    "₵": "GHS",
    "₸": "KZT",
    "тг": "KZT",
    "S/.": "PEN",
    "S/": "PEN",
    "B/.": "PAB",
    "J$": "JMD",
    "RD$": "DOP",
    "TT$": "TTD",
    "BZ$": "BZD",
    "so'm": "UZS",
    "ден": "MKD",
    "дин": "RSD",
    "din": "RSD",
    "Dinara": "RSD",
    "lari": "GEL",
    "ლარი": "GEL",
    "MOP$": "MOP",
    "TSh": "TZS",
    "USh": "UGX",
    "₭": "LAK",
    "₮": "MNT",
    "៛": "KHR",
    "৳": "BDT",
    "֏": "AMD",
    "₼": "AZN",
    "؋": "AFN",
    "pln": "PLN",
    "chf": "CHF",
    "CHf": "CHF",
    "nzd": "NZD",
    "mkd": "MKD",
    "GBp": "GBP",
}


@pytest.fixture(scope="module")
def cases() -> list[dict]:
    return [case for group in json.loads(PRICES.read_text()).values() for case in group]


def test_as_many_amounts_as_price_parser(cases):
    ours = [_amount(case) for case in cases]
    theirs = [_theirs(case).amount for case in cases]
    wanted = [None if case["expected_amount"] is None else Decimal(case["expected_amount"]) for case in cases]
    assert _right(ours, wanted) >= _right(theirs, wanted)
    assert _right(ours, wanted) >= 1166


def test_more_currencies_than_price_parser(cases):
    known = [case for case in cases if _iso(case["expected_currency"])]
    wanted = [_iso(case["expected_currency"]) for case in known]
    ours = _right([_currency(case) for case in known], wanted)
    theirs = _right([_iso(_theirs(case).currency) for case in known], wanted)
    assert ours > theirs
    assert ours >= 0.98 * len(known)


def _amount(case: dict) -> Decimal | None:
    found = find(case["price_raw"] or "")
    return found.value if found else None


def _currency(case: dict) -> str | None:
    """From the price first, else from what stands beside it, as the library does."""
    found = find(case["price_raw"] or "")
    own = found.currency if found else None
    return own or detect(case["price_raw"] or "") or detect(case["currency_raw"] or "")


def _theirs(case: dict) -> Price:
    return Price.fromstring(case["price_raw"], case["currency_raw"], decimal_separator=case["decimal_separator"])


def _iso(sign: str | None) -> str | None:
    return ISO.get(sign or "") or (sign if sign and len(sign) == 3 and sign.isascii() and sign.isupper() else None)


def _right(got: list, wanted: list) -> int:
    return sum(a == b for a, b in zip(got, wanted, strict=True))
