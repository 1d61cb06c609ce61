"""The forms in which one amount of money is written in a shop's own JSON: a number, a text, an object."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from crawler.bases import read
from crawler.bases.state.words import meanings, plain
from crawler.core import money
from crawler.core.currency import digits

Unit = Literal["major", "minor"]
_WHOLE = re.compile(r"\d{1,12}")
_POINT = re.compile(r"\d{1,9}\.\d{1,4}")
_CENTS = {"centamount", "amountincents", "priceincents", "valueincents", "amountcents", "cents"}
_VALUES = (
    "value",
    "amount",
    "price",
    "raw",
    "number",
    "decimalprice",
    "formatted",
    "text",
    "formattedvalue",
    "display",
)


class Told(NamedTuple):
    value: Decimal
    unit: Unit | None
    currency: str | None


def currency_of(thing: Mapping[str, Any]) -> str | None:
    named = (v for k, v in thing.items() if "currency" in meanings(k))
    for value in named:
        code = next((c for c in (value.values() if isinstance(value, dict) else [value]) if isinstance(c, str)), None)
        if code and (found := read.currency(code)):
            return found
    return None


def amount(value: Any, key: str = "") -> Told | None:
    """One amount of money, alone or as an object of value and currency; None for 0 and for anything else."""
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, bool) or value is None:
        return None
    told = _number(value) if isinstance(value, int | float) else _text(value) if isinstance(value, str) else None
    if told and key and plain(key) in _CENTS:
        told = told._replace(unit="minor")
    return told if told and told.value > 0 else None


def _number(value: float) -> Told:
    return Told(Decimal(str(value)), "major" if isinstance(value, float) else None, None)


def _text(value: str) -> Told | None:
    text = value.strip()
    if _WHOLE.fullmatch(text):
        return Told(Decimal(text), None, None)
    if _POINT.fullmatch(text):
        return Told(Decimal(text), "major", None)
    found = money.find(text) if 0 < len(text) < 40 else None
    if found is None or found.negative or read.is_not_a_price(text) or re.search(r"\d\s*[-–]\s*\D{0,3}\d", text):
        return None
    return Told(found.value, "major", found.currency)


def _object(value: dict[str, Any]) -> Told | None:
    """{"value": 12.99, "currency": "EUR"}, {"centAmount": 1299, …}, {"amount": 1299, "formatted": "€12.99"}."""
    fields = {plain(k): v for k, v in value.items()}
    currency = currency_of(value)
    cents = next((v for k in _CENTS if isinstance(v := fields.get(k), int) and not isinstance(v, bool)), None)
    if cents:
        places = fields.get("fractiondigits", digits(currency))
        return Told(Decimal(cents).scaleb(-places), "major", currency) if isinstance(places, int) else None
    if not set(fields) & set(_VALUES) or any(
        isinstance(fields.get(k), dict | list) for k in ("value", "amount", "price")
    ):
        return None
    told = [t for k in _VALUES if (t := amount(fields.get(k)))]
    if not told:
        return None
    settled = next((t for t in told if t.unit), told[0])
    if any(t.unit == settled.unit and t.value != settled.value for t in told):
        return None
    return settled._replace(currency=currency or settled.currency)
