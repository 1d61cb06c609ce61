"""Any shop that has no spider of its own, by the address of a page: `scrapy crawl shop -a url=…`.

Terms and limits: those of the shop; robots.txt and the shared pace hold. Nothing can be searched for.
Prices: structured data, the page's own JSON, and what a shopper sees, compared. The currency is the page's own; a price
without one is not stated. Ids are `<host>:<article number>`, where the page tells none `<host>:<first 16 hex digits of
the SHA-256 of its address>`; addresses are kept without tracking parameters.
"""

import hashlib

from crawler.bases.address import canonical
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.standard import StandardSpider
from crawler.core.errors import InputError
from crawler.core.shop import SHOP, retailer_of


class ShopSpider(StandardSpider):
    name = SHOP
    base_url = ""
    currency = None

    def check(self) -> None:
        if not self.url:
            raise InputError("url", "give the address of a page: -a url=https://shop.example/p/1")
        super().check()

    def retailer(self, readers: list[Facts]) -> str:
        return next(retailer_of(f.url) for f in readers if f.url)

    def product(self, doc: Document) -> list[Facts]:
        return _numbered(super().product(doc), canonical(doc.url))

    def listing(self, doc: Document) -> list[Facts]:
        """Tiles that lead to one address are one good, whatever number each reader gives it."""
        tiles: dict[str, list[Facts]] = {}
        for facts in super().listing(doc):
            if facts.url and retailer_of(facts.url) == retailer_of(doc.url):
                tiles.setdefault(canonical(facts.url), []).append(facts)
        return [facts for url, readers in tiles.items() for facts in _numbered(readers, url)]


def _numbered(readers: list[Facts], url: str) -> list[Facts]:
    """All under one article number and address; without prices where none of them tells the currency."""
    told = next((f.sku for f in readers if f.sku), None)
    unknown = not any(f.currency for f in readers)
    for facts in readers:
        if unknown and facts.price is not None:
            facts.price = facts.list_price = None
            facts.offers, facts.problems = [], [*facts.problems, "no_currency"]
        facts.sku = told or hashlib.sha256(url.encode()).hexdigest()[:16]
        facts.url = url
    return readers
