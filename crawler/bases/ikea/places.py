"""Which country's shop an IKEA address belongs to, and what that charges in."""

import re
from urllib.parse import urlsplit

from msgspec.structs import replace

from crawler.bases.facts import Facts
from crawler.bases.ikea.api import COUNTRIES

FORMER = {"hr": "HRK", "bg": "BGN"}  # of countries that have changed theirs
FRANCHISES = {
    "id": "IDR", "hk": "HKD", "tw": "TWD", "tr": "TRY", "gr": "EUR", "cy": "EUR", "bg": "EUR", "is": "ISK", "do": "DOP",
    "pr": "USD", "mo": "MOP", "cn": "CNY",
}  # fmt: skip


def country_of(url: str) -> str | None:
    """The country an address names, in its path (`…/in/en/…`) or, of a franchise, in its host (`www.ikea.co.id`)."""
    parts = urlsplit(url)
    franchise = re.search(r"(?:^|\.)ikea\.(?:com?\.)?([a-z]{2})$", parts.hostname or "")
    if franchise:
        return franchise[1]
    country = re.match(r"/([a-z]{2})/[a-z]{2}(?:/|$)", parts.path)
    return country[1] if country and country[1] in COUNTRIES else None


def currency_of(url: str) -> str | None:
    """The currency of the country an address names."""
    country = country_of(url) or ""
    return FRANCHISES.get(country) or COUNTRIES.get(country, (None,))[0]


def charged(facts: Facts, url: str) -> Facts:
    """Without prices in another currency than the country's: a sign was misread or swapped."""
    usual = currency_of(url)
    if usual is None or facts.currency in (None, usual, FORMER.get(country_of(url) or "")):
        return facts
    return replace(facts, price=None, list_price=None, currency=None, offers=[], problems=[*facts.problems, "currency"])
