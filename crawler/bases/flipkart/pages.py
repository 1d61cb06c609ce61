"""Flipkart's readers side by side: structured data, its own state and the visible page."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from w3lib.url import add_or_replace_parameter

from crawler.bases import read, structured
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.flipkart import product as flipkart_product
from crawler.bases.flipkart import state as flipkart_state
from crawler.bases.flipkart import tiles as flipkart_tiles
from crawler.bases.flipkart import urls as flipkart_urls
from crawler.bases.flipkart import variants as flipkart_variants
from crawler.bases.leaves import leaves
from crawler.bases.sitemap import words
from crawler.core.models import Availability
from crawler.core.verdicts import Verdict

STATE = "__INITIAL_STATE__"
_LISTING = re.compile(r"^/search/?$|/pr/?$|^/q/")
_SHOWING = re.compile(r"Showing \d[\d,]* ?[–-] ?[\d,]+ (?:products )?of \d")
_OF_PAGES = re.compile(r"Page (\d+) of ([\d,]+)")
_NOTHING = re.compile(
    r"(?:sorry,? )?(?:no (?:results|products) found|0 results for|we couldn't find any)\b.{0,80}", re.I
)
_WIDTH = re.compile(r"/image/(\d+)/")


def kind(doc: Document) -> Literal["product", "listing", "other"]:
    """By the address the page gives itself, then by where it was found or what it says it shows, then by its state,
    which may be older."""
    if named(doc):
        return "product"
    if _LISTING.search(urlsplit(doc.url).path) or _SHOWING.search(_text(doc)):
        return "listing"
    said = flipkart_state.page_type(state(doc))
    if said:
        return "product" if said == "product" else "listing"
    return "product" if flipkart_urls.item(doc.url) else "other"


def _text(doc: Document) -> str:
    return doc.tree.body.text() if doc.tree.body else ""


def state(doc: Document) -> dict[str, Any]:
    found = doc.states.get(STATE)
    return found if isinstance(found, dict) else {}


def named(doc: Document) -> str | None:
    """The product address the page gives itself."""
    canonical = doc.tree.css_first("link[rel='canonical']")
    urls = [canonical.attributes.get("href") or "" if canonical else "", doc.opengraph.get("og:url", "")]
    return next((u for u in urls if flipkart_urls.item(u)), None)


def product(doc: Document, asked: str = "") -> list[Facts]:
    """The page's own product: the visible page first, because structured data may speak of another size."""
    told = flipkart_state.product(state(doc))
    marked = [f for f in structured.product_facts(doc) if f.reader != "opengraph"]
    home = named(doc)
    if not (home or told or marked) or flipkart_product.broken_off(doc.tree):
        return []
    sku = own_id(doc, told, marked)
    seen = flipkart_product.product(doc.tree, doc.url, asked)
    data = [*marked, *([told] if told and told.sku == sku else [])]
    data = flipkart_product.beside(doc.tree, data, priced=seen is not None and seen.price is not None)
    facts = [_of_variant(f, sku) for f in (seen, *data) if f]
    if not facts:
        return []
    address = read.absolute(doc.url, home or doc.url)
    url = flipkart_urls.plain(address, sku) if address and sku else None
    kinds = next((f.offers for f in facts if f.reader == "state"), [])
    offers = flipkart_variants.merged(facts[0].offers, kinds)
    return _best([msgspec.structs.replace(facts[0], url=url, offers=offers), *facts[1:]])


def own_id(doc: Document, told: Facts | None, marked: Iterable[Facts]) -> str | None:
    """The pid, by whoever knows it best: the page's own links, then its data; the itm… id where no one does."""
    data = [told.sku if told else None, *(f.sku for f in marked)]
    items = [flipkart_urls.item(named(doc) or ""), flipkart_urls.item(doc.url)]
    return next((s for s in (flipkart_urls.own_pid(doc.tree), *data, flipkart_urls.pid(doc.url), *items) if s), None)


def listing(doc: Document) -> list[Facts]:
    """Every reader's tiles. A visible tile that the state does not list is a carousel's; so is every tile of a page
    that found nothing. Data that shares no good with the visible tiles is a former page's."""
    seen = [] if says_nothing(doc) else flipkart_tiles.listing(doc.tree, doc.url)
    told = _of_page(flipkart_state.tiles(state(doc)), seen)
    marked = [msgspec.structs.replace(f, sku=flipkart_urls.good(f.url or "")) for f in structured.list_facts(doc)]
    marked = _of_page([f for f in marked if f.sku], seen)
    known = {f.sku for f in told}
    seen = [f for f in seen if not known or f.sku in known]
    whole = {f.sku for f in (*told, *marked) if f.title}
    for facts in seen:
        if flipkart_tiles.shortened(facts.title) and facts.sku in whole:
            facts.title = None
    return [_placed(f, doc.url) for f in (*seen, *told, *marked)]


def _of_page(data: list[Facts], seen: list[Facts]) -> list[Facts]:
    shown = {f.sku for f in seen}
    return data if not shown or any(f.sku in shown for f in data) else []


def next_page(doc: Document, page: int) -> str | None:
    """The "Next" link; without one the same address a page on, where the page says that there is more."""
    for link in doc.tree.css("a[href*='page=']"):
        if (read.clean(link.text()) or "").lower() == "next":
            return read.absolute(doc.url, link.attributes["href"])
    pages = _OF_PAGES.search(_text(doc))
    more = int(pages[1]) < int(pages[2].replace(",", "")) if pages else flipkart_state.has_more(state(doc))
    return add_or_replace_parameter(doc.url, "page", str(page + 1)) if more else None


def nothing(doc: Document) -> tuple[Verdict, str]:
    """Why a list has no tiles: only a page that says so is empty."""
    if says_nothing(doc):
        return Verdict.empty, "no results"
    return Verdict.partial, "a list without tiles"


def says_nothing(doc: Document) -> bool:
    return any(_NOTHING.fullmatch(leaf.text) for leaf in leaves(doc.tree.body))


def category(query: str, categories: Mapping[str, str]) -> str:
    """The category that a query names, the longest name first; "" when it names none."""
    asked = words(query)
    named = [name for name in categories if words(name) <= asked]
    return categories[max(named, key=len)] if named else ""


def _placed(facts: Facts, base: str) -> Facts:
    url = read.absolute(base, facts.url)
    return msgspec.structs.replace(facts, url=flipkart_urls.plain(url, facts.sku or "") if url else None)


def _of_variant(facts: Facts, sku: str | None) -> Facts:
    """Structured data of another variant keeps what the variants share and loses its offer."""
    if facts.sku in (None, sku):
        return msgspec.structs.replace(facts, sku=sku)
    return msgspec.structs.replace(
        facts, sku=sku, price=None, list_price=None, availability=Availability.unknown, offers=[]
    )


def _best(facts: list[Facts]) -> list[Facts]:
    """Pictures as large and ratings as full as any reader has them: some structured data counts reviews only."""
    ratings = [f.rating for f in facts if f.rating]
    rating = max(ratings, key=lambda r: r.count or 0, default=None)
    images = max((f.images for f in facts), key=_width, default=[])
    facts[0].rating, facts[0].images = rating, images
    return facts


def _width(images: list[str]) -> int:
    match = _WIDTH.search(images[0]) if images else None
    return int(match[1]) if match else 0
