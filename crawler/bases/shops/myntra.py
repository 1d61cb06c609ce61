"""Myntra: what `window.__myx` says of goods and of each of their sizes and sellers."""

from collections.abc import Iterator
from typing import Any

from crawler.bases import read, shapes
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.core.models import Availability, Offer

Thing = dict[str, Any]


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
    list_price="mrp", availability="inventoryInfo.*.available", words={"True": Availability.in_stock},
)  # fmt: skip


def product(doc: Document, currency: str, asked: str) -> list[Facts]:
    good = dig(doc.states, "__myx", "pdpData", default={})
    if not dig(good, "id"):
        return []
    facts = shapes.facts(good, PAGE, doc.url, currency, asked)
    sizes = list(_sizes(good, facts, currency))
    facts.availability = _stock(good, sizes)
    facts.offers = [Offer(location_asked=asked or None), *sizes] if sizes else facts.offers
    return [facts]


def tiles(doc: Document, base: str, currency: str) -> list[Facts]:
    goods = [good for kind in ("products", "plaProducts") for good in dig(results(doc), kind, default=[])]
    found = [shapes.facts(good, TILE, f"{base}/", currency) for good in goods]
    for facts in found:
        facts.url = facts.url and facts.url.lower()  # as the page links to it
    return found


def results(doc: Document) -> Any:
    return dig(doc.states, "__myx", "searchData", "results", default={})


def _stock(good: Thing, sizes: list[Offer]) -> Availability:
    """Sold out by its flag, or when every size is."""
    stocks = {offer.availability for offer in sizes}
    if dig(good, "flags", "outOfStock") is True or stocks == {Availability.out_of_stock}:
        return Availability.out_of_stock
    return Availability.in_stock if Availability.in_stock in stocks else Availability.unknown


def _sizes(good: Thing, facts: Facts, currency: str) -> Iterator[Offer]:
    """One offer per size and seller; a size nobody sells has no price of its own."""
    names = {seller.get("sellerPartnerId"): seller.get("sellerName") for seller in dig(good, "sellers", default=[])}
    for size in dig(good, "sizes", default=[]):
        for seller in dig(size, "sizeSellerData", default=[]) or [{}]:
            offer = shapes.offer(seller, SELLER, currency, facts.problems, variant=size.get("label"))
            offer.seller, offer.currency = names.get(seller.get("sellerPartnerId")), currency
            offer.availability = read.flag(size.get("available"))
            yield offer
