"""Prices in a shop's own JSON: which of its fields is paid, which is compared with, and in what units.

A whole number may be rupees or paise. Its own form tells (a point, a currency sign, `centAmount`), or other numbers
beside it do; else `unit` is None and somebody who saw the page must tell."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from crawler.bases import read
from crawler.bases.state.words import inside, meanings, plain, priced
from crawler.core import money
from crawler.core.currency import digits

DEPTH = 3  # objects inside objects in which prices are looked for
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


class Prices(NamedTuple):
    """`paid` is None as well where several fields could be what is paid."""

    paid: Told | None
    listed: Told | None
    currency: str | None


NOTHING = Prices(None, None, None)


def prices(thing: Mapping[str, Any]) -> Prices:
    """The prices an object tells about itself, in its own fields or in objects of prices inside."""
    if not any(map(priced, thing)):
        return NOTHING
    currency = currency_of(thing)
    found: dict[str, list[Told]] = {"paid": [], "plain": [], "weak": [], "listed": []}
    for role, told in _told(thing, DEPTH, outer=True):
        currency = currency or told.currency
        found[role].append(told)
    unit = _unit([told for group in found.values() for told in group])
    groups = {role: [t if t.unit else t._replace(unit=unit) for t in group] for role, group in found.items()}
    paid, above = _paid(groups)
    listed = [t for t in (*groups["listed"], *above) if paid and t.unit == paid.unit and t.value > paid.value]
    return Prices(paid, listed[0] if len({t.value for t in listed}) == 1 else None, currency)


def currency_of(thing: Mapping[str, Any]) -> str | None:
    named = (v for k, v in thing.items() if "currency" in meanings(k))
    for value in named:
        code = next((c for c in (value.values() if isinstance(value, dict) else [value]) if isinstance(c, str)), None)
        if code and (found := read.currency(code)):
            return found
    return None


def minor(told: Told, currency: str | None) -> int:
    """Minor units. Raises MoneyError for a price that can't be believed."""
    code = told.currency or currency
    value = told.value.scaleb(-digits(code)) if told.unit == "minor" else told.value
    return money.minor(value, code)


def _told(thing: Mapping[str, Any], depth: int, outer: bool) -> Iterator[tuple[str, Told]]:
    """(role, amount) of every price of an object; of `value` and `amount` only inside an object of prices."""
    for key, value in thing.items():
        role = _role(key, outer)
        told = amount(value, thing, key) if role else None
        if told:
            yield role, told
        elif depth and isinstance(value, dict) and (_holds_prices(key) or role):
            yield from (
                (role if inner == "plain" and role else inner, t) for inner, t in _told(value, depth - 1, False)
            )


def _role(key: str, outer: bool) -> str:
    meant = meanings(key) & {"paid", "plain", "weak", "listed"}
    if outer:
        return next(iter(meant), "") if meant != {"plain"} or plain(key) == "price" else ""
    return next(iter(meant), "") or inside(key)


def _holds_prices(key: str) -> bool:
    return "prices" in meanings(key)


def amount(value: Any, around: Mapping[str, Any] | None = None, key: str = "") -> Told | None:
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


def _unit(told: list[Told]) -> Unit | None:
    """The unit of whole numbers beside others whose unit is known: those are written alike."""
    known = {t.unit for t in told if t.unit}
    return known.pop() if len(known) == 1 else None


def _paid(groups: dict[str, list[Told]]) -> tuple[Told | None, list[Told]]:
    """(what is paid, other amounts that may be the list price)."""
    paid, plain_ = groups["paid"], groups["plain"]
    if paid:
        one = _one(paid)
        if one is None or any(t.unit == one.unit and t.value < one.value for t in plain_):
            return None, []
        return one, [*plain_, *groups["weak"]]
    if plain_:
        one = _one(plain_)
        lower = one and any(t.unit == one.unit and t.value < one.value for t in groups["weak"])
        return (None, []) if lower else (one, groups["weak"])
    return _one(groups["weak"]), []


def _one(told: list[Told]) -> Told | None:
    """The one amount they all name."""
    known = [t for t in told if t.unit] or told
    values = {(t.value, t.unit) for t in known}
    return next((t for t in known if t.currency), known[0]) if len(values) == 1 else None
