"""Addresses out of a shop's sitemaps, for shops whose robots.txt keeps crawlers from searching. Pure: bytes in,
addresses out; what to fetch next is the spider's to say."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml.etree import XMLSyntaxError
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap, sitemap_urls_from_robots

LIMIT = 64 * 1024 * 1024  # bytes of one sitemap, unpacked: the protocol allows 50 MB
MAPS = 20  # sitemaps one crawl looks into
_GZIP = b"\x1f\x8b\x08"


class Listed(NamedTuple):
    """`kind`: "maps" when `urls` are more sitemaps, "pages" when they are pages."""

    kind: Literal["maps", "pages"]
    urls: list[str]


def listed(url: str, body: bytes) -> Listed | None:
    """What a robots.txt, a sitemap index or a sitemap (also gzipped) lists; None when the body is none of them."""
    if urlsplit(url).path.endswith("/robots.txt"):
        return Listed("maps", list(sitemap_urls_from_robots(body, base_url=url)))
    try:
        sitemap = Sitemap(gunzip(body, max_size=LIMIT) if body.startswith(_GZIP) else body)
        urls = [entry["loc"] for entry in sitemap]
    except (XMLSyntaxError, StopIteration, OSError, EOFError, ValueError):
        return None
    kinds: dict[str, Literal["maps", "pages"]] = {"sitemapindex": "maps", "urlset": "pages"}
    return Listed(kinds[sitemap.type], urls) if sitemap.type in kinds else None


def chosen(url: str, body: bytes, query: str, pages: int) -> Listed | None:
    """`listed`, less what a crawl for `query` has no use for."""
    found = listed(url, body)
    if found is None:
        return None
    urls = likely(found.urls, query) if found.kind == "maps" else matching(found.urls, query, pages)
    return Listed(found.kind, urls)


class Walk:
    """How much of a shop's sitemaps one crawl may still follow."""

    def __init__(self, pages: int, maps: int = MAPS):
        self.pages, self.maps = pages, maps
        self._open = 0

    def take(self, found: Listed) -> list[str]:
        """The first addresses of `found` that there is room for; once no page fits, no sitemap is worth a look."""
        room = min(self.maps, self.pages * MAPS) if found.kind == "maps" else self.pages
        urls = found.urls[:room]
        if found.kind == "maps":
            self.maps -= len(urls)
            self._open += len(urls)
        else:
            self.pages -= len(urls)
        return urls

    def refuse(self) -> bool:
        """One of the sitemaps may not be fetched; true when no other was to be."""
        self._open -= 1
        return self._open == 0


def words(text: str) -> set[str]:
    """Lower-case words in the singular, as English makes it: sofas -> sofa, mattresses -> mattress."""
    found = re.findall(r"[^\W_]+", unquote(text).lower())
    return {re.sub(r"(?<=ss|sh|ch)es$|(?<=[^su\W])s$", "", word) for word in found}


def matching(urls: Iterable[str], query: str, limit: int) -> list[str]:
    """The first `limit` addresses whose path has every word of the query."""
    wanted, found = words(query), list[str]()
    for url in urls:
        if len(found) >= limit:
            break
        if wanted <= words(urlsplit(url).path):
            found.append(url)
    return found


def likely(urls: Iterable[str], query: str) -> list[str]:
    """Sitemaps in the order to look: those named with a word of the query, then those that hold categories or
    products, then the rest; never the ones of reviews, articles or pictures."""
    wanted = words(query)
    kept = [url for url in urls if not re.search(r"review|blog|article|image|video|faq|help", url, re.I)]
    return sorted(
        kept, key=lambda url: (not wanted & words(urlsplit(url).path), not re.search(r"prod|categ|browse", url, re.I))
    )
