"""IKEA's pages: a product's own page by structured data, its data attributes and what is shown; a category's tiles."""

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from crawler.bases import carousels, read, structured, visible
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.ikea.api import COUNTRIES, item_no
from crawler.bases.ikea.prices import Shown, minor, price_module, shown
from crawler.core.models import Availability, Rating

_CARDS = "[data-product-number], .plp-fragment-wrapper, .plp-mastercard"
_PIP = ".js-product-pip, .product-pip, .pip-product, .range-revamp-product"
_GROUP = "product.group"
_DELIVERY = '[class*="delivery-section"], [class*="delivery-availability"]'
_STORE = '[class*="store-section"], [class*="store-availability"]'


def country_of(url: str) -> str | None:
    """The country an address names, in its path (`…/in/en/…`) or, of a franchise, in its host (`www.ikea.co.id`)."""
    parts = urlsplit(url)
    franchise = re.search(r"ikea\.com?\.([a-z]{2})$", parts.hostname or "")
    if franchise:
        return franchise[1]
    country = re.match(r"/([a-z]{2})/[a-z]{2}(?:/|$)", parts.path)
    return country[1] if country and country[1] in COUNTRIES else None


def currency_of(url: str) -> str | None:
    """The currency of the country an address names."""
    return COUNTRIES.get(country_of(url) or "", (None,))[0]


def kind(doc: Document) -> Literal["product", "listing", "other"]:
    if doc.opengraph.get("og:type") == _GROUP:
        return "listing"
    if item_no(doc.url) or doc.tree.css_first(_PIP) is not None:
        return "product"
    if re.search(r"/(?:cat|search|new|offers)/", urlsplit(doc.url).path) or doc.tree.css_first(_CARDS) is not None:
        return "listing"
    return "product" if product(doc) else "other"


def next_page(doc: Document, page: int) -> str | None:
    link = doc.tree.css_first(f'link[rel="next"][href], a[href*="page={page + 1}"]')
    return read.absolute(doc.url, link.attributes["href"]) if link is not None else None


def product(doc: Document) -> list[Facts]:
    """Each reader's words on the page's own product; nothing when the page does not say which item it is."""
    told = structured.product_facts(doc)
    url = next((item.url for item in told if item_no(item.url)), None) or _address(doc)
    sku = item_no(url) or item_no(doc.url) or next((n for item in told if (n := item_no(item.sku or item.mpn))), None)
    currency = next((item.currency for item in told if item.currency), None) or currency_of(doc.url)
    price = shown(price_module(doc), currency)
    seen = _visible(doc, price, currency)
    readers = [*(_own(item, seen, price) for item in (*told, _state(doc, currency))), seen]
    return [replace(reader, sku=sku, url=url) for reader in readers] if sku else []


def tiles(doc: Document) -> list[Facts]:
    """One per product card of the page's own list."""
    area = doc.tree.css_first(".plp-product-list__products, .js-product-list, #product-list")
    cards = _cards(area) if area is not None else _outside_carousels(doc)
    return [facts for card in cards if (facts := _tile(card, doc.url, currency_of(doc.url)))]


def _own(facts: Facts, seen: Facts, price: Shown) -> Facts:
    """The heading is the title, whatever word order structured data has. Where a club's price is shown, structured
    data may carry that one: it is left out."""
    facts = replace(facts, title=None) if seen.title else facts
    if price.members and facts.price != price.price:
        return replace(facts, price=None, list_price=None, offers=[])
    return facts


def _state(doc: Document, currency: str | None) -> Facts:
    """What the product page tells its own scripts in data attributes."""
    pip = doc.tree.css_first("[data-product-price]")
    price = minor(pip.attributes.get("data-product-price"), currency) if pip is not None else None
    return Facts(reader="state", price=price, currency=currency if price else None)


def _visible(doc: Document, price: Shown, currency: str | None) -> Facts:
    h1 = doc.tree.css_first("h1")
    return Facts(
        reader="visible", title=read.clean(visible.text(h1)) if h1 is not None else None, price=price.price,
        list_price=price.list_price, currency=currency if price.price else None, availability=_stock(doc),
    )  # fmt: skip


def _stock(doc: Document) -> Availability:
    """In stock where delivery or the store says so; sold out only when delivery says so and no store has it."""
    delivery, store = (_stock_of(doc, selector) for selector in (_DELIVERY, _STORE))
    if Availability.in_stock in (delivery, store):
        return Availability.in_stock
    return delivery


def _stock_of(doc: Document, selector: str) -> Availability:
    node = doc.tree.css_first(selector)
    return read.stock(visible.text(node)) if node is not None else Availability.unknown


def _address(doc: Document) -> str | None:
    """The page's own address, as it gives it."""
    canonical = doc.tree.css_first('link[rel="canonical"][href]')
    told = canonical.attributes["href"] if canonical is not None else doc.opengraph.get("og:url")
    return read.absolute(doc.url, told or doc.url)


def _cards(area: LexborNode | None) -> Iterator[LexborNode]:
    """The outermost node of every product card."""
    inside: set[int] = set()
    for card in area.css(_CARDS) if area is not None else []:
        if card.mem_id not in inside:
            inside.update(node.mem_id for node in card.css(_CARDS))
            yield card


def _outside_carousels(doc: Document) -> Iterator[LexborNode]:
    """The cards of a page without a list of a known name, less those under a carousel's heading."""
    aside = carousels.carousel_links(doc.tree, item_no, spare=False)
    for card in _cards(doc.tree.body):
        if not aside.intersection(link.mem_id for link in card.css("a[href]")):
            yield card


def _tile(card: LexborNode, base: str, currency: str | None) -> Facts | None:
    link = card.css_first('a[href*="/p/"]')
    url = read.absolute(base, link.attributes.get("href")) if link is not None else None
    named = card.css_first("[data-product-number]")
    data = named.attributes if named is not None else {}
    sku = item_no(data.get("data-product-number")) or item_no(url)
    if not (sku and url):
        return None
    currency = data.get("data-currency") or currency
    price = shown(card, currency)
    told = price.price if price.price or price.members else minor(data.get("data-price"), currency)
    return Facts(
        reader="visible", sku=sku, url=url, title=_title(card, data.get("data-product-name")), price=told,
        list_price=price.list_price, currency=currency if told else None, images=_image(card, base),
        rating=_rating(card),
    )  # fmt: skip


def _title(card: LexborNode, name: str | None) -> str | None:
    series = card.css_first('[class*="product-name"], [class*="name-decorator"], [class*="header-section__title"]')
    words = card.css_first('[class*="__description"]')
    parts = [visible.text(series) if series is not None else name, visible.text(words) if words is not None else None]
    return read.clean(" ".join(part for part in parts if part))


def _image(card: LexborNode, base: str) -> list[str]:
    sources = [image.attributes.get("src") for image in card.css("img")]
    return read.images(base, [source.partition("?")[0] for source in sources if source])[:1]


def _rating(card: LexborNode) -> Rating | None:
    """From "Review: 4.6 out of 5 stars. Total reviews: 312"."""
    label = card.css_first('[class*="rating"][aria-label]')
    parts = (label.attributes["aria-label"] or "").partition(" out of 5") if label is not None else None
    return read.rating(parts[0] + parts[1], parts[2]) if parts and parts[1] else None
