"""Small readers that every kind of page needs: text, stock, ratings, addresses, and which amounts are no price."""

import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.bases import wording
from crawler.core import currency as currencies
from crawler.core import money
from crawler.core.errors import MoneyError
from crawler.core.models import Availability, Rating

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def clean(text: Any) -> str | None:
    """Text with entities resolved, single spaces and no invisible marks; None when nothing is left."""
    if not isinstance(text, str):
        return None
    return " ".join(_INVISIBLE.sub("", html.unescape(text)).split()) or None


def currency(text: str | None, hint: str | None = None) -> str | None:
    """ISO 4217 code of the currency a text names."""
    return currencies.detect(text, hint) if text else None


def minor(value: str | float, currency: str | None, problems: list[str]) -> int | None:
    """Minor units of an amount as machines write it; None for one that can't be believed: `problems` takes why."""
    try:
        return money.minor(value, currency)
    except MoneyError as error:
        problems.append(error.reason)
        return None


_SCHEMA = {
    "instock": Availability.in_stock,
    "instoreonly": Availability.in_stock,
    "onlineonly": Availability.in_stock,
    "limitedavailability": Availability.in_stock,
    "outofstock": Availability.out_of_stock,
    "soldout": Availability.out_of_stock,
    "preorder": Availability.preorder,
    "presale": Availability.preorder,
    "backorder": Availability.backorder,
    "madetoorder": Availability.backorder,
    "availablefororder": Availability.backorder,
    "discontinued": Availability.discontinued,
}


def availability(value: Any) -> Availability:
    """schema.org's word, as an address or alone, in any spelling (`in_stock`, `http://schema.org/InStock`), or words
    that `stock` understands."""
    if not isinstance(value, str):
        return Availability.unknown
    word = re.sub(r"[\s_-]", "", re.split(r"[/#:]", value.strip().rstrip("/"))[-1]).lower()
    return _SCHEMA.get(word) or stock(value)


def stock(text: str | None) -> Availability:
    """What the sentences of a product's own stock block say; unknown unless they say it, and only one thing."""
    told = wording.ASIDE.sub(" ", clean(text) or "")
    for word, alone in wording.STOCK_ALONE.items():
        if alone.fullmatch(told):
            return word
    said = [word for word, pattern in wording.STOCK.items() if pattern.search(told)]
    contradiction = {Availability.in_stock, Availability.out_of_stock} <= set(said)
    return said[0] if said and not contradiction else Availability.unknown


def flag(value: Any) -> Availability:
    """A yes or no to whether a good is there; anything else says nothing."""
    if not isinstance(value, bool):
        return Availability.unknown
    return Availability.in_stock if value else Availability.out_of_stock


_RATING = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s*(?:out of|of|von|sur|de|su|/)\s*(5|10|100)(?:[.,]0+)?\b)?", re.I)
_COUNT = re.compile(r"(\d{1,3}(?:[.,\s]\d{2,3})*[.,\s]\d{3}(?!\d)|\d+(?:[.,]\d+)?)\s*(k|m|lakh)?\b", re.I)
_TIMES = {"k": 1_000, "m": 1_000_000, "lakh": 100_000}


def rating(value: Any, count: Any = None, best: Any = 5) -> Rating | None:
    """A rating out of five from a number or words ("4.3 out of 5"); None when there is none, when it is out of range
    or when nobody gave it (`count` 0)."""
    match = _RATING.search(_text(value))
    if not match:
        return None
    score = round(_float(match[1]) / (_float(match[2] or best) or 5) * 5, 2)
    votes = _count(count)
    return Rating(score, votes) if 0 < score <= 5 and votes != 0 else None


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, bool) else str(value)


def _float(value: Any) -> float:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return 0.0


def _count(value: Any) -> int | None:
    """ "1,234 ratings", "(2.3k)", 7 -> 1234, 2300, 7."""
    match = _COUNT.search(_text(value))
    if not match:
        return None
    if match[2]:
        return int(_float(match[1]) * _TIMES[match[2].lower()])
    whole = re.fullmatch(r"(\d+)[.,]\d{1,2}", match[1])
    return int(whole[1] if whole else re.sub(r"\D", "", match[1]))


_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?][^\s#]*)?")


def absolute(base: str, url: Any) -> str | None:
    """An http(s) address without its fragment, or None."""
    text = clean(url)
    if not text or text.startswith("#"):
        return None
    if _ABSOLUTE.fullmatch(text):
        return text
    try:
        parts = urlsplit(urljoin(base, text))
    except ValueError:
        return None
    return parts._replace(fragment="").geturl() if parts.scheme in ("http", "https") and parts.netloc else None


_NO_IMAGE = re.compile(
    r"/sprites?[/.]|placeholder|/(?:blank|spacer|transparent|loading|pixel)\.|transparent[-_]pixel|grey-pixel|/1x1\.",
    re.I,
)


def images(base: str, values: Iterable[Any] | Any) -> list[str]:
    """Absolute addresses, in order, each once; values are addresses or schema.org ImageObjects."""
    values = [values] if isinstance(values, str | dict) else values or []
    found = (absolute(base, _image_url(value)) for value in values)
    return list(dict.fromkeys(url for url in found if url and not _NO_IMAGE.search(url)))


def _image_url(value: Any) -> Any:
    if isinstance(value, dict):
        keys = ("contentUrl", "contentURL", "url", "src", "@id")
        return next((value[k] for k in keys if isinstance(value.get(k), str)), None)
    return value


def is_not_a_price(text: str) -> bool:
    """Do the words around an amount say that it is something else: a discount, an EMI, a former or a list price, a
    price per unit, with a coupon, for members, in exchange, used, delivery?"""
    return bool(wording.NOT_A_PRICE.search(text))
