"""Prices in a shop's own JSON: which of its fields is paid, which is compared with, and in what units.

A whole number may be rupees or paise. Its own form tells (a point, a currency sign, `centAmount`), or other numbers
beside it do; else `unit` is None and somebody who saw the page must tell."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from crawler.bases.state.forms import Told, Unit, amount, currency_of
from crawler.bases.state.words import inside, meanings, plain, priced
from crawler.core import money
from crawler.core.currency import digits

DEPTH = 3  # objects inside objects in which prices are looked for
SHOPIFY = "compare_at_price"  # where it stands beside whole numbers, these are cents


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
    told = [told for group in found.values() for told in group]
    unit = "minor" if SHOPIFY in thing and not any(t.unit for t in told) else _unit(told)
    groups = {role: [t if t.unit else t._replace(unit=unit) for t in group] for role, group in found.items()}
    paid, above = _paid(groups)
    listed = [t for t in (*groups["listed"], *above) if paid and t.unit == paid.unit and t.value > paid.value]
    return Prices(paid, listed[0] if len({t.value for t in listed}) == 1 else None, currency)


def minor(told: Told, currency: str | None) -> int:
    """Minor units. Raises MoneyError for a price that can't be believed."""
    code = told.currency or currency
    value = told.value.scaleb(-digits(code)) if told.unit == "minor" else told.value
    return money.minor(value, code)


def _told(thing: Mapping[str, Any], depth: int, outer: bool) -> Iterator[tuple[str, Told]]:
    """(role, amount) of every price of an object; of `value` and `amount` only inside an object of prices."""
    for key, value in thing.items():
        role = _role(key, outer)
        told = amount(value, key) if role else None
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
