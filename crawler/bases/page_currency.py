"""Which currency a page says its prices are in. A bare `$` or `kr` belongs to several countries, so the page is asked
what it says of itself: its tags, its structured data, its region."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.bases import read
from crawler.bases.embedded import walk

if TYPE_CHECKING:
    from crawler.bases.document import Document

TAGS = ("product:price:currency", "og:price:currency", "product:sale_price:currency")
THINGS = 400  # structured objects looked at
# only countries whose sign others use too: elsewhere the sign itself tells
_REGIONS = {"AU": "AUD", "CA": "CAD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "MX": "MXN", "US": "USD", "TW": "TWD",
            "CL": "CLP", "CO": "COP", "AR": "ARS", "SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CZ": "CZK",
            "IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "JP": "JPY", "CN": "CNY", "ID": "IDR",
            "GB": "GBP", "UK": "GBP", "EG": "EGP"}  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})")


def page_currency(doc: "Document") -> str | None:
    """ISO 4217 code. None where the page does not say, or says several; a region alone never makes a currency for a
    price without any sign: callers use it to settle a shared one."""
    told = {c for c in (read.currency(doc.opengraph.get(tag)) for tag in TAGS) if c} or _structured(doc)
    return told.pop() if len(told) == 1 else None


def shared_sign(doc: "Document") -> str | None:
    """What a sign that several countries share means on this page."""
    return page_currency(doc) or _REGIONS.get(_region(doc))


def _structured(doc: "Document") -> set[str]:
    found = set()
    for thing, _ in zip(walk([doc.jsonld, doc.microdata]), range(THINGS), strict=False):
        value: Any = thing.get("priceCurrency")
        if isinstance(value, str) and (code := read.currency(value)):
            found.add(code)
    return found


def _region(doc: "Document") -> str:
    """The country of the site's name, else of the page's language; "" for neither."""
    host = (urlsplit(doc.url).hostname or "").rpartition(".")[2].upper()
    if host in _REGIONS and host not in ("CO", "IO"):
        return host
    html = doc.tree.css_first("html[lang]")
    said = [(html.attributes.get("lang") or "") if html else "", doc.opengraph.get("og:locale", "")]
    return next((m[1].upper() for s in said if (m := _LANGUAGE.fullmatch(s.strip()))), "")
