"""IKEA's pages: what kind one is; a product's own by structured data, its data attributes and what is shown."""

import re
from typing import Literal
from urllib.parse import urlsplit

from msgspec.structs import replace

from crawler.bases import read, structured, visible
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.ikea.api import item_no
from crawler.bases.ikea.places import charged, currency_of
from crawler.bases.ikea.prices import Shown, club_price, minor, price_module, shown
from crawler.bases.ikea.tiles import CARDS
from crawler.core.models import Availability

_PIP = ".js-product-pip, .product-pip, .pip-product, .range-revamp-product"
_GROUP = "product.group"
_DELIVERY = '[class*="delivery-section"], [class*="delivery-availability"]'
_DELIVERED = re.compile(r"(?<!not )(?<!n.t )\bavailable for (?:home )?delivery", re.I)
_STORE = '[class*="store-section"], [class*="store-availability"]'


def kind(doc: Document) -> Literal["product", "listing", "other"]:
    if doc.opengraph.get("og:type") == _GROUP:
        return "listing"
    if item_no(doc.url) or doc.tree.css_first(_PIP) is not None:
        return "product"
    if re.search(r"/(?:cat|search|new|offers)/", urlsplit(doc.url).path) or doc.tree.css_first(CARDS) is not None:
        return "listing"
    return "product" if product(doc) else "other"


def next_page(doc: Document, page: int) -> str | None:
    link = doc.tree.css_first(f'link[rel="next"][href], a[href*="page={page + 1}"]')
    return read.absolute(doc.url, link.attributes["href"]) if link is not None else None


def product(doc: Document) -> list[Facts]:
    """Each reader's words on the page's own product; nothing when the page does not say which item it is, or breaks off
    before its heading."""
    if doc.tree.css_first("h1") is None:
        return []
    told = structured.product_facts(doc)
    url = next((item.url for item in told if item_no(item.url)), None) or _address(doc)
    sku = item_no(url) or item_no(doc.url) or next((n for item in told if (n := item_no(item.sku or item.mpn))), None)
    currency = next((item.currency for item in told if item.currency), None) or currency_of(doc.url)
    price = _price(doc, currency)
    seen = _visible(doc, price, currency)
    readers = [*(_own(item, seen, price) for item in (*told, _state(doc, currency))), seen]
    return [charged(replace(reader, sku=sku, url=url), doc.url) for reader in readers] if sku else []


def _price(doc: Document, currency: str | None) -> Shown:
    """What the price module shows. Where none is found, a page that speaks of a club's price may show one."""
    module = price_module(doc)
    return shown(module, currency) if module is not None else Shown(members=club_price(doc.tree.body))


def _own(facts: Facts, seen: Facts, price: Shown) -> Facts:
    """The heading is the title, whatever word order structured data has. Where a club's price is shown, structured
    data may carry that one: it is left out."""
    facts = replace(facts, title=None) if seen.title else facts
    if price.members and facts.price != price.price:
        facts = replace(facts, price=None, list_price=None, offers=[])
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
    said = (read.clean(node.text(separator=" ")) or "") if node is not None else ""
    return Availability.in_stock if _DELIVERED.search(said) else read.stock(said)


def _address(doc: Document) -> str | None:
    """The page's own address, as it gives it."""
    canonical = doc.tree.css_first('link[rel="canonical"][href]')
    told = canonical.attributes["href"] if canonical is not None else doc.opengraph.get("og:url")
    return read.absolute(doc.url, told or doc.url)
