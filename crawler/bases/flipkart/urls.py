"""Flipkart's addresses: which good a link leads to, and the address of a good that says no more than which it is."""

import re
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

_ITEM = re.compile(r"^(?:/[^/]*)?/p/(itm[a-z0-9]{5,})/?$", re.I)
_PID = re.compile(r"[A-Z0-9]{12,20}")
_OWN = re.compile(
    r"/sellers\?|/ratings-reviews-details-page\?|/product-reviews/itm|/write-review/itm|/pp-protect-promise-fee\?"
)


def item(url: str) -> str | None:
    """The itm… id of a product address, else None."""
    match = _ITEM.match(_split(url).path)
    return match[1].lower() if match else None


def pid(url: str) -> str | None:
    """The pid of an address: which variant of an item it means."""
    value = parse_qs(_split(url).query).get("pid", [""])[0].upper()
    return value if _PID.fullmatch(value) else None


def good(url: str) -> str | None:
    """What names a good for good: its pid, else its itm… id; None when the address is no product's."""
    found = item(url)
    return found and (pid(url) or found)


def plain(url: str, sku: str) -> str:
    """The address without the tracking and search parameters, some of which robots.txt forbids."""
    parts = _split(url)
    query = f"pid={sku}" if _PID.fullmatch(sku) else ""
    return parts._replace(query=query, fragment="").geturl()


def own_pid(tree: LexborHTMLParser) -> str | None:
    """The pid that a product page's own links (its sellers, its reviews, the way back after login) agree on."""
    hrefs = [a.attributes["href"] or "" for a in tree.css("a[href]")]
    found = {p for h in hrefs if _OWN.search(h) and (p := pid(h))}
    back = {p for h in hrefs if h.startswith("/account/login?ret=") and (p := pid(unquote(h[19:])))}
    return next(iter(found), None) if len(found) == 1 else next(iter(back), None) if len(back) == 1 else None


def _split(url: str) -> SplitResult:
    """Parts of a url; of one that is none, no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
