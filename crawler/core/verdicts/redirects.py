"""Did another page answer in place of the one asked for? Judged by the two addresses alone."""

import re
from urllib.parse import SplitResult, urlsplit

from crawler.core.verdicts.words import Verdict

HEAD = 100_000  # bytes in which a page names its own address

_LOGIN = re.compile(r"/(?:ap/)?(?:log-?in|sign-?in|anmelden|connexion|auth|password|customer/account)(?:[/?.]|$)", re.I)
_NOWHERE = re.compile(r"/(?:404|(?:page-?)?not-?found|errors?|maintenance|sorry|oops)(?:[/?.]|$)", re.I)
_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?){0,2}(?:(?:index|home|default)(?:\.\w+)?)?/?", re.I)
_ID = re.compile(r"[A-Za-z0-9]*\d[A-Za-z0-9]*")
_PRODUCT = re.compile(r"/(?:products?|p|dp|pd|pdp|ip|item|itm)/", re.I)
_CANONICAL = re.compile(rb"""<link\b[^>]{0,200}rel=["']?canonical["']?[^>]{0,200}>""", re.I)
_HREF = re.compile(rb"""href=["']?([^"'\s>]{1,500})""", re.I)
_CATEGORY = re.compile(r"/(?:collections?|cat|category|categories|catalog|c|search|s|b|shop)(?:[/?.]|$)", re.I)


def moved(asked: str, url: str) -> str | None:
    """Where the request was sent instead: "to log-in", "to an error page", "to the home page", "to another page"; None
    when it arrived."""
    if asked == url:
        return None
    was, now = urlsplit(asked), urlsplit(url)
    if _LOGIN.search(now.path) and not _LOGIN.search(was.path):
        return "to log-in"
    if _NOWHERE.search(now.path) and not _NOWHERE.search(was.path):
        return "to an error page"
    if not now.query and _HOME.fullmatch(now.path) and not _HOME.fullmatch(was.path):
        return "to the home page"
    return "to another page" if _is_other(was, now) else None


def _is_other(was: SplitResult, now: SplitResult) -> bool:
    """Has the same shop sent a product's address to one that has lost the product's number, or its kind?"""
    if was.netloc.removeprefix("www.") != now.netloc.removeprefix("www."):
        return False
    ids = [number.lower() for number in _ID.findall(was.path) if len(number) >= 5]
    if ids:
        target = f"{now.path}?{now.query}".lower()
        return not any(number in target for number in ids)
    return bool(_PRODUCT.search(was.path) and _CATEGORY.search(now.path)) and not _PRODUCT.search(now.path)


def moved_home(asked: str, body: bytes) -> tuple[Verdict, str] | None:
    """A page asked for by a number that calls the home page its own address, and describes no product."""
    if not any(len(number) >= 5 for number in _ID.findall(urlsplit(asked).path)):
        return None
    link = _CANONICAL.search(body, 0, HEAD)
    href = _HREF.search(link[0]) if link else None
    if href is None or b'"Product"' in body or b"schema.org/Product" in body:
        return None
    own = urlsplit(href[1].decode("utf-8", "replace"))
    return (Verdict.moved, "to the home page") if not own.query and _HOME.fullmatch(own.path) else None
