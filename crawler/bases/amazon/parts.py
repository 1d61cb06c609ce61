"""What every reader of an Amazon page needs: which shop it is, what a node shows, what its price spans say."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawler.core.errors import MoneyError
from crawler.core.models import Offer
from crawler.core.money import Money, parse

CURRENCIES = {
    "in": "INR", "com": "USD", "ca": "CAD", "com.mx": "MXN", "com.br": "BRL", "co.uk": "GBP", "ie": "EUR", "de": "EUR",
    "fr": "EUR", "it": "EUR", "es": "EUR", "nl": "EUR", "com.be": "EUR", "se": "SEK", "pl": "PLN", "com.tr": "TRY",
    "ae": "AED", "sa": "SAR", "eg": "EGP", "co.za": "ZAR", "co.jp": "JPY", "sg": "SGD", "com.au": "AUD",
}  # fmt: skip
SINGLE = {"INR"}  # of shops that show prices in no other currency
_HOST = re.compile(r"(?:^|\.)amazon\.([a-z.]+)$")
ASIN = re.compile(r"B[0-9A-Z]{9}|\d{9}[\dX]")
_ASIN_PATH = re.compile(r"/(?:dp|gp/product|gp/aw/d|exec/obidos/ASIN|d)/([0-9A-Z]{10})(?=[/?#]|$)")
_UNSEEN = {"script", "style", "noscript", "template"}
_OFF = {"aok-hidden", "a-hidden", "a-popover-preload"}
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\u202a-\u202e\ufeff]")
_RANGE = re.compile(r"\d\s*(?:-|–|—|to)\s*(?:[^\d\s]{0,4}\s?)\d")


COUNTRIES = {"us": "com", "uk": "co.uk", "gb": "co.uk", **{end.rpartition(".")[2]: end for end in CURRENCIES}}
COUNTRIES.pop("com")


def domain(url: str) -> str | None:
    """The end of the host of one of Amazon's shops: "co.uk"."""
    host = _HOST.search(urlsplit(url).hostname or "")
    return host[1] if host and host[1] in CURRENCIES else None


def currency(url: str, otherwise: str) -> str:
    """What the shop at this address charges in; `otherwise` where the host is not Amazon's own."""
    return CURRENCIES.get(domain(url) or "", otherwise)


def home(url: str, otherwise: str) -> str:
    """Scheme and host that this page's products are named by: `https://www.amazon.in`; `otherwise` as above."""
    end = domain(url)
    return f"https://www.amazon.{end}" if end else otherwise.rstrip("/")


def asin_in(url: str | None) -> str | None:
    """The ASIN a product address names."""
    found = _ASIN_PATH.search(url or "")
    return found[1] if found and ASIN.fullmatch(found[1]) else None


def texts(node: Any) -> Iterator[str]:
    """The pieces of text under a node, in order, without scripts, styles and what is switched off."""
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            piece = " ".join(_INVISIBLE.sub("", child.text_content or "").split())
            if piece:
                yield piece
        elif child.tag not in _UNSEEN and not off(child):
            yield from texts(child)


def words(node: Any) -> str:
    """What a node shows, on one line; empty for no node."""
    return " ".join(texts(node)) if node is not None else ""


def classes(node: Any) -> set[str]:
    return set((node.attributes.get("class") or "").split())


def up(node: Any, root: Any) -> Iterator[Any]:
    """The node and what it stands in, below `root`."""
    while node is not None and node.mem_id != root.mem_id:
        yield node
        node = node.parent


def off(node: Any) -> bool:
    """Is the node itself switched off? (Text for screen readers is not.)"""
    style = node.attributes.get("style")
    return bool(classes(node) & _OFF) or bool(style and "display:none" in style.replace(" ", ""))


def hidden(node: Any, root: Any) -> bool:
    """Is the node switched off somewhere below `root`?"""
    return any(off(n) for n in up(node, root))


def shown(root: Any, selector: str) -> list[Any]:
    return [node for node in root.css(selector) if not hidden(node, root)]


def amount(node: Any) -> str:
    """The text of one price: `₹49,990.00`. The spoken form when it has digits, else the pieces that are drawn."""
    spoken = words(node.css_first(".a-offscreen"))
    if any(c.isdigit() for c in spoken):
        return spoken
    whole = words(node.css_first(".a-price-whole")).replace(" ", "")
    if not whole:
        return words(node)
    fraction = words(node.css_first(".a-price-fraction"))
    point = "." if fraction and whole[-1].isdigit() else ""
    return f"{words(node.css_first('.a-price-symbol'))} {whole}{point}{fraction}".rstrip(".,")


def ranged(text: str) -> bool:
    """`₹1,299.00 - ₹2,499.00`: no single price."""
    return bool(_RANGE.search(text))


def money(text: str, hint: str, problems: list[str]) -> Money | None:
    """The one price a text shows; None for none or for a range. `problems` takes the reason of one beyond belief."""
    if ranged(text):
        return None
    try:
        found = parse(text, hint)
    except MoneyError as error:
        problems.append(error.reason)
        return None
    if found and hint in SINGLE and found.currency != hint:
        problems.append("currency")
        return None
    return found


def offers(facts: Any, condition: str = "new", **place: str | None) -> list[Offer]:
    """The facts' own offer with what the vote does not know of; none when the page says nothing of it."""
    if facts.price is None and facts.availability == "unknown":
        return []
    return [Offer(variant=facts.variant, condition=condition, seller=facts.seller, **place)]
