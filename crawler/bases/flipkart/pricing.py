"""Prices and stock words as Flipkart's state writes them, on tiles, variants and product pages."""

from typing import Any

from crawler.bases.embedded import dig
from crawler.core.errors import MoneyError
from crawler.core.models import Availability
from crawler.core.money import minor

State = dict[str, Any]
CURRENCY = "INR"
STOCK = {
    "IN_STOCK": Availability.in_stock,
    "OUT_OF_STOCK": Availability.out_of_stock,
    "DISCONTINUED": Availability.discontinued,
    "PREORDER": Availability.preorder,
}


def paid(pricing: State) -> Any:
    """What is paid, in rupees."""
    plain = [dig(p, "value") for p in many(pricing, "prices") if dig(p, "strikeOff") is False]
    return dig(pricing, "displayPrice") or number(dig(pricing, "finalPrice")) or (plain[0] if len(plain) == 1 else None)


def struck(pricing: State) -> Any:
    """The M.R.P."""
    struck = [dig(p, "value") for p in many(pricing, "prices") if dig(p, "strikeOff") is True]
    known = [v for v in struck if isinstance(v, int | float)]
    return dig(pricing, "strikeOffPrice") or number(dig(pricing, "mrp")) or max(known, default=None)


def number(price: Any) -> Any:
    """Of `{"value": 449}` or of the number itself."""
    return dig(price, "value") if isinstance(price, dict) else price


def many(obj: Any, *path: str) -> list[Any]:
    """A list at a path; [] for anything else."""
    found = dig(obj, *path) if path else obj
    return found if isinstance(found, list) else []


def amount(value: Any, problems: list[str]) -> int | None:
    """In paise; `problems` takes the reason of one beyond belief."""
    if value in (None, 0, ""):
        return None
    try:
        return minor(value, CURRENCY)
    except MoneyError as error:
        problems.append(error.reason)
        return None


def higher(listed: int | None, price: int | None) -> int | None:
    """A list price only above the price."""
    return listed if listed and price and listed > price else None


def stock(word: Any) -> Availability:
    """What a display state means."""
    return STOCK.get(str(word).upper(), Availability.unknown)
