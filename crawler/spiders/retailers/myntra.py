"""Myntra (https://www.myntra.com): clothes, shoes and home goods in India; INR.

Terms: https://www.myntra.com/termsofuse allow no automated collection; operators decide. robots.txt closes carts,
accounts and gateways, not the pages of words (`/wooden-chairs`), categories or products; the crawl obeys the live file.
Rate: none is stated; Akamai soon answers "Access Denied", so one request in five seconds.
Prices: `window.__myx` (`pdpData.price.discounted` beside `mrp`, and per size and seller in `sizes`), JSON-LD, and the
row that is shown; coupon ("Best Price"), EMI and bank amounts are offers, not the price. A good's id is its style id.
Sold out: `flags.outOfStock`, or no size that can be bought. Result pages show one size's stock, which is taken as the
good's only when it is there. Product pages were not seen, only described by others; not tried live.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawler.bases import shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind
from crawler.bases.standard import StandardSpider
from crawler.core.models import Availability, Offer
from crawler.core.verdicts import Verdict

STOCK = {"True": Availability.in_stock}


def _secure(url: str) -> str:
    return url.replace("http://", "https://", 1)


PAGE = shapes.Shape(
    sku="id", title="name", brand="brand.name",
    images="media.albums.*.images.*.imageURL | media.albums.*.images.*.secureSrc",
    specs="productDetails", spec=("title", "description"), rating="ratings.averageRating",
    votes="ratings.totalCount", image=_secure, price="price.discounted | discountedPrice", list_price="price.mrp | mrp",
)  # fmt: skip
SELLER = shapes.Shape(sku="sellerPartnerId", price="discountedPrice", list_price="mrp")
TILE = shapes.Shape(
    sku="productId", title="productName | product", url="landingPageUrl", brand="brand", category="category",
    images="searchImage | images.*.src", image=_secure, rating="rating", votes="ratingCount", price="price",
    list_price="mrp", availability="inventoryInfo.*.available", words=STOCK,
)  # fmt: skip


class MyntraSpider(StandardSpider):
    name = "myntra"
    base_url = "https://www.myntra.com"
    currency = "INR"
    units = "major"
    pace = 5.0
    routes = {"search": "/{query}?rawQuery={query}&p={page}", "category": "/{category}?p={page}"}
    product_url = re.compile(r"/(?P<sku>\d{5,})(?:/buy)?/?(?:\?|$)")
    listing_url = re.compile(r"^/[^/?]")

    def product(self, doc: Document) -> list[Facts]:
        return sorted(super().product(doc), key=lambda facts: facts.reader != "state")

    def state_product(self, doc: Document) -> list[Facts]:
        good = dig(doc.states, "__myx", "pdpData", default={})
        if not dig(good, "id"):
            return []
        facts = shapes.facts(good, PAGE, doc.url, self.currency, self.location)
        sizes = list(_sizes(good, facts, self.currency))
        gone = dig(good, "flags", "outOfStock") is True
        stocks = {offer.availability for offer in sizes}
        facts.availability = (
            Availability.out_of_stock if gone or stocks == {Availability.out_of_stock}
            else Availability.in_stock if Availability.in_stock in stocks else Availability.unknown
        )  # fmt: skip
        whole = Offer(location_asked=self.location or None)
        facts.offers = [whole, *sizes] if sizes else facts.offers
        return [facts]

    def state_listing(self, doc: Document) -> list[Facts]:
        goods = [good for kind in ("products", "plaProducts") for good in dig(_results(doc), kind, default=[])]
        tiles = [shapes.facts(good, TILE, f"{self.base_url}/", self.currency) for good in goods]
        for tile in tiles:
            tile.url = tile.url and tile.url.lower()  # as the page links to it
        return tiles

    def shown_tiles(self, doc: Document) -> list[Facts]:
        """Links in the prose under the list are no tiles."""
        return [tile for tile in super().shown_tiles(doc) if tile.price is not None or tile.images]

    def next_page(self, doc: Document, page: int) -> str | None:
        return super().next_page(doc, page) if dig(_results(doc), "hasNextPage") is True else None

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if kind == "listing" and dig(_results(doc), "totalCount") != 0:
            return Verdict.partial, "no tiles"
        return super().nothing_read(doc, kind)


def _results(doc: Document) -> Any:
    return dig(doc.states, "__myx", "searchData", "results", default={})


def _sizes(good: dict[str, Any], facts: Facts, currency: str) -> Iterator[Offer]:
    """One offer per size and seller; a size nobody sells has no price of its own."""
    names = {seller.get("sellerPartnerId"): seller.get("sellerName") for seller in dig(good, "sellers", default=[])}
    for size in dig(good, "sizes", default=[]):
        stock = {True: Availability.in_stock, False: Availability.out_of_stock}.get(size.get("available"))
        for seller in dig(size, "sizeSellerData", default=[]) or [{}]:
            offer = shapes.offer(seller, SELLER, currency, facts.problems, variant=size.get("label"))
            offer.seller, offer.currency = names.get(seller.get("sellerPartnerId")), currency
            offer.availability = stock or Availability.unknown
            yield offer
