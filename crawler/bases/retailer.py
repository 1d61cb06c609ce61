"""A shop: what each kind of page says.

A spider declares `base_url`, `currency` and its `routes`, and fills the pure readers `kind`, `product`, `listing` and
`next_page`; `scrapy read` runs the same readers on a saved file.
"""

import time
from collections import Counter
from typing import Literal

import msgspec

from crawler.bases.document import Document
from crawler.bases.facts import Facts, together, vote
from crawler.bases.reading import ODD, Read
from crawler.bases.routes import RouteSpider
from crawler.bases.withheld import withhold
from crawler.core.errors import MoneyError
from crawler.core.models import Offer, Page, Product
from crawler.core.verdicts import Verdict

Kind = Literal["product", "listing", "other"]


class RetailerSpider(RouteSpider):
    """`currency`: ISO 4217 code of the shop's prices where a page does not say its own."""

    currency: str

    # what a spider fills

    def kind(self, doc: Document) -> Kind:
        """What the page is, from its url and structure."""
        raise NotImplementedError

    def product(self, doc: Document) -> list[Facts]:
        """Each reader's words on the page's own product, most trusted first."""
        raise NotImplementedError

    def listing(self, doc: Document) -> list[Facts]:
        """One per tile of a result or category page and reader; never a carousel or an advertised neighbour. Readers
        that give a tile the same sku are compared."""
        raise NotImplementedError

    def next_page(self, doc: Document, page: int) -> str | None:
        """Where the next page of this listing is. By default: the same route, one page on."""
        return None

    def retailer(self, readers: list[Facts]) -> str:
        """The shop a good belongs to: the spider's, unless it reads many."""
        return self.name

    def market(self, doc: Document) -> str | None:
        """The country whose shop a page belongs to, where one spider reads several: their offers stay apart by it, as
        those of different places do."""
        return None

    # reading

    def read(self, doc: Document, page: int = 1) -> Read:
        """Verdict first; only an `ok` page is read."""
        verdict, reason = doc.verdict
        result = Read(Page(self.name, doc.url, verdict, reason, fetched_at=time.time(), way=doc.way, asked=doc.asked))
        if verdict is not Verdict.ok:
            return result
        try:
            self._read_ok(doc, result, page)
        except ODD as error:
            self.logger.warning("%s is not as its reader knows it", doc.url, exc_info=True)
            reason = f"{type(error).__name__}: {error}"[:200]
            at = result.page.fetched_at
            return Read(Page(self.name, doc.url, Verdict.drifted, reason, fetched_at=at, way=doc.way, asked=doc.asked))
        return result

    def _read_ok(self, doc: Document, result: Read, page: int) -> None:
        kind, dropped = self.kind(doc), Counter[str]()
        if kind == "product":
            result.page.products = self._products([self.product(doc)], "page", dropped, result.page.fetched_at)
        elif kind == "listing":
            tiles = together(self.listing(doc))
            result.page.products = self._products(tiles, "list", dropped, result.page.fetched_at)
            result.details = [p.url for p in result.page.products]
            result.next = self.next_page(doc, page)
        result.page.dropped = dict(dropped)
        for product in result.page.products if (market := self.market(doc)) else []:
            product.offers = [in_market(offer, market) for offer in product.offers]
        if kind != "other" and not result.page.products:
            result.page.verdict, result.page.reason = self.nothing_read(doc, kind)

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        """Why a page of a known kind gave nothing: a listing may be honestly empty, a product page may not."""
        return (Verdict.empty, "no tiles") if kind == "listing" else (Verdict.drifted, "no product block")

    def _products(
        self, found: list[list[Facts]], depth: Literal["page", "list"], dropped: Counter[str], at: float
    ) -> list[Product]:
        products: dict[str, Product] = {}
        for readers in found:
            for facts in readers:
                dropped.update(facts.problems)
            try:
                product = vote(self.retailer(readers), readers, depth=depth, fetched_at=at)
            except MoneyError as error:
                dropped[error.reason] += 1
                continue
            if product is None or not product.title:
                dropped["no_id" if product is None else "no_title"] += 1
            elif products.setdefault(product.id, product) is not product:
                dropped["repeated"] += 1
            else:
                withhold(product, dropped)
        return list(products.values())


def in_market(offer: Offer, market: str) -> Offer:
    """Of this country's shop; a place that was asked for stays."""
    return offer if offer.location_asked else msgspec.structs.replace(offer, location_asked=market, location=market)
