"""Money as integer minor units beside an ISO 4217 code, read from what machines write and from what shoppers see."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple, NoReturn

from crawler.core.amounts import Amount, amounts, plain
from crawler.core.currency import digits, limit
from crawler.core.errors import MoneyError


class Money(NamedTuple):
    """`amount` in minor units of `currency`; in hundredths when the currency is not known."""

    amount: int
    currency: str | None


def decimal(amount: int, currency: str | None) -> str:
    """1299, "INR" -> "12.99"; 1299, "JPY" -> "1299"."""
    places = digits(currency)
    whole, part = divmod(amount, 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)


@lru_cache(4096)
def parse(text: str, currency: str | None = None) -> Money | None:
    """The price a text shows: the first amount beside a currency sign, else a number that stands alone.

    `currency` settles shared signs and stands in where there is none. None when the text shows no price; MoneyError
    when it shows one that can't be believed.
    """
    simple = _PLAINEST.fullmatch(text)
    if simple:
        amount = int(simple[2].replace(",", "") + (simple[3] or "00"))
        return Money(amount, _PLAIN_SIGNS[simple[1]]) if believable(amount, _PLAIN_SIGNS[simple[1]]) else _refuse(text)
    found = find(text, currency)
    if found is None:
        return None
    code = found.currency if found.signed else currency
    return Money(minor(-found.value if found.negative else found.value, code), code)


# What most tiles show, read without weighing its parts; both forms mean the same in every country that writes them.
_PLAIN_SIGNS = {"₹": "INR", "€": "EUR", "INR ": "INR", "EUR ": "EUR", "USD ": "USD", "GBP ": "GBP"}
_PLAINEST = re.compile(r"(₹|€|INR |EUR |USD |GBP )(\d{1,3}(?:,\d{3})+|[1-9]\d{0,2}|[1-9]\d{3,6}(?=\.))(?:\.(\d\d))?")


def find(text: str, currency: str | None = None) -> Amount | None:
    """The amount that `parse` takes, exact and unjudged."""
    found = amounts(plain(text), currency)
    return min(found, key=lambda a: (not a.signed, a.negative, a.past), default=None)


def minor(value: str | int | float | Decimal, currency: str | None) -> int:
    """Minor units of a machine-readable number, in which a single point is decimal. Raises MoneyError."""
    if isinstance(value, str) and _POINT.fullmatch(value) and digits(currency) == 2:
        amount = int(value[:-3] + value[-2:])
        return amount if believable(amount, currency) else _refuse(value)
    number = _number(value, currency)
    reason = _unbelievable(number, currency)
    if reason:
        raise MoneyError(reason, str(value))
    return _units(number, currency)


def believable(amount: int, currency: str | None) -> bool:
    """Whether so many minor units can be a price at all."""
    return 0 < amount < limit(currency) * int(10 ** digits(currency))


def _refuse(text: str) -> NoReturn:
    raise MoneyError("absurd" if re.search(r"[1-9]", text) else "zero", text)


def _unbelievable(number: Decimal, currency: str | None) -> str | None:
    if not number.is_finite():
        return "nan"
    if number < 0:
        return "negative"
    if number >= limit(currency):
        return "absurd"
    return None if _units(number, currency) else "zero"


def _units(number: Decimal, currency: str | None) -> int:
    return int(number.scaleb(digits(currency)).quantize(Decimal(1), ROUND_HALF_UP))


_POINT = re.compile(r"\d{1,7}\.\d\d")
_AMBIGUOUS = re.compile(r"\d{1,3}\.\d{3}")


def _number(value: str | int | float | Decimal, currency: str | None) -> Decimal:
    if isinstance(value, Decimal):
        return value
    text = str(value).strip()
    if isinstance(value, str) and digits(currency) < 3 and _AMBIGUOUS.fullmatch(text):
        raise MoneyError("unreadable", text)
    try:
        return Decimal(text)
    except InvalidOperation:
        found = find(text, currency)
    if found is None or (currency and found.currency not in (None, currency)):
        raise MoneyError("unreadable", text)
    return -found.value if found.negative else found.value
