"""Any Amazon shop: the pages of all countries share one structure. A country is a spider of a few lines.

Readers that vote on a product's price: the visible buy box, the buy form and scripts, and structured data where a page
has some. Structured names and pictures are left aside: they carry the shop's name and logo.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from msgspec.structs import replace

from crawler.bases import structured
from crawler.bases.amazon import buybox as amazon_buybox
from crawler.bases.amazon import others as amazon_others
from crawler.bases.amazon import price as amazon_price
from crawler.bases.amazon import product as amazon_product
from crawler.bases.amazon import specs as amazon_specs
from crawler.bases.amazon import tiles as amazon_tiles
from crawler.bases.amazon import variants as amazon_variants
from crawler.bases.amazon.parts import SINGLE, currency, home, offers
from crawler.bases.document import Document
from crawler.bases.ending import open_end
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.core.models import Offer
from crawler.core.verdicts import Verdict

_OTHER = re.compile(r"/(?:product-reviews|gp/customer-reviews|gp/offer-listing|gp/cart|gp/help|ap/|hz/|ask/)")
_PRODUCT = re.compile(r"/(?:dp|gp/product|gp/aw/d|exec/obidos/ASIN)/[0-9A-Z]{10}(?:[/?]|$)")
_LISTING = re.compile(
    r"/(?:s|b|gp/aw/s|gp/browse\.html|gp/search|zgbs|bestsellers|gp/new-releases|gp/movers-and-shakers)(?:/|$)", re.I
)
_RESULT_LIST = ".s-main-slot, #s-results-list-atf, #zg_left_col1, #noResultsTitle"
_NEXT = "a.s-pagination-next, .a-pagination li.a-last a, #pagnNextLink, link[rel=next]"
_TRACKING = re.compile(r"^(?:qid|xpid|ref_?|crid|sprefix|dib|dib_tag|content-id|_encoding|rnid|ds|pd_rd_.*|pf_rd_.*)$")
_RENEWED = re.compile(r"\([^()]{5,30}\)\s*$")
_ADULT = 'form[action*="black-curtain"], a[href*="black-curtain"]'


class AmazonSpider(RetailerSpider):
    """`category` is a browse node's number."""

    routes = {"search": "/s?k={query}&page={page}", "category": "/s?rh=n%3A{category}&page={page}"}
    page_size = 16

    def kind(self, doc: Document) -> Kind:
        path = urlsplit(doc.url).path
        if _OTHER.search(path):
            return "other"
        if amazon_product.has_block(doc):
            return "product"
        if amazon_tiles.tiles(doc) or _LISTING.search(path):
            return "listing"
        return "product" if _PRODUCT.search(path) else "other"

    def product(self, doc: Document) -> list[Facts]:
        asin = amazon_product.asin(doc)
        if not asin or not amazon_product.has_block(doc):
            return []
        hint, box = currency(doc.url, self.currency), amazon_buybox.choose(doc.tree)
        seen, closed = self._visible(doc, asin, box, hint)
        second = [] if closed else [self._embedded(doc, asin, box, hint)]
        return [*seen, *second, *_structured(doc, closed, hint)]

    def _visible(self, doc: Document, asin: str, box: amazon_buybox.Box, hint: str) -> tuple[list[Facts], bool]:
        """The page as a shopper sees it, and whether it says that it sells the thing at no one price. A price whose
        list price may have been missed is no word on that."""
        seen = Facts("visible", sku=asin, url=f"{home(doc.url, self.base_url)}/dp/{asin}")
        _describe(seen, doc)
        prices = amazon_price.visible(doc.tree, box, hint, seen.problems)
        seen.availability, closed = amazon_buybox.availability(doc.tree, box, bool(prices.price))
        closed = closed or prices.ranged
        if prices.price and not closed:
            seen.price, seen.currency = prices.price
            seen.list_price = prices.list_price.amount if prices.list_price else None
            seen.seller = amazon_buybox.seller(doc.tree, box)
        self._offers(seen, doc, box, hint)
        if not (prices.part and seen.price):
            return [seen], closed
        alone = Facts("price only", sku=asin, price=seen.price, currency=seen.currency)
        return [replace(seen, price=None, list_price=None, currency=None), alone], closed

    def _offers(self, seen: Facts, doc: Document, box: amazon_buybox.Box, hint: str) -> None:
        """The chosen offer, then other variants, conditions and sellers."""
        place: dict[str, Any] = {"location": amazon_product.location(doc), "location_asked": self.location or None}
        kinds = amazon_variants.variants(doc.tree, doc.text, seen.sku or "", hint, place)
        seen.variant = kinds.own
        renewed = _RENEWED.search(seen.title or "")
        condition = "refurbished" if renewed and amazon_buybox.RENEWED.search(renewed[0]) else box.condition
        sellers = amazon_others.others(doc.tree, box, hint, {**place, "variant": kinds.own})
        rest = [*sellers, *kinds.others]
        own = offers(seen, condition, **place)
        seen.offers = [*(own or [Offer(variant=kinds.own, condition=condition, **place)]), *rest] if rest else own

    def _embedded(self, doc: Document, asin: str, box: amazon_buybox.Box, hint: str) -> Facts:
        said = Facts("embedded", sku=asin)
        price = amazon_price.embedded(doc.tree, box, asin, hint, said.problems)
        if price and (hint not in SINGLE or price.currency == hint):
            said.price, said.currency = price
        return said

    def listing(self, doc: Document) -> list[Facts]:
        hint, base = currency(doc.url, self.currency), home(doc.url, self.base_url)
        return [amazon_tiles.facts(t, doc, hint, base, self.location or None) for t in amazon_tiles.tiles(doc)]

    def next_page(self, doc: Document, page: int) -> str | None:
        """The pager's link without its tracking."""
        link = doc.tree.css_first(_NEXT)
        href = link.attributes.get("href") if link is not None else None
        if not href or href.startswith(("#", "javascript:")):
            return None
        parts = urlsplit(urljoin(doc.url, href))
        query = [(k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k)]
        return parts._replace(query=urlencode(query), path=re.sub(r"/ref=[^/]*$", "", parts.path), fragment="").geturl()

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if doc.tree.css_first(_ADULT) is not None:
            return Verdict.consent, "adult gate"
        if kind == "listing" and doc.tree.css_first(_RESULT_LIST) is None and "No results for" not in doc.text:
            return Verdict.drifted, "no result list"
        if kind == "product" and amazon_product.has_block(doc) and open_end(doc.tree):
            return Verdict.partial, "the page breaks off"
        return super().nothing_read(doc, kind)


def _describe(seen: Facts, doc: Document) -> None:
    seen.title = amazon_product.title(doc)
    seen.specs = amazon_specs.specs(doc)
    seen.brand = amazon_product.brand(doc, seen.specs)
    seen.gtin, seen.mpn = amazon_specs.gtin(seen.specs), amazon_specs.mpn(seen.specs)
    seen.category, seen.images = amazon_product.category(doc), amazon_product.images(doc)
    seen.description, seen.rating = amazon_product.description(doc), amazon_product.rating(doc)


def _structured(doc: Document, closed: bool, hint: str) -> list[Facts]:
    """Structured words on this product; on what it costs only where the page sells it at one price."""
    found = []
    for said in structured.product_facts(doc):
        kept = Facts(said.reader, brand=said.brand, gtin=said.gtin, mpn=said.mpn, rating=said.rating)
        if not closed and (hint not in SINGLE or said.currency in (None, hint)):
            kept.price, kept.currency, kept.availability = said.price, said.currency, said.availability
        found.append(kept)
    return found
