"""A shop read in the ways that shops have in common, without code for its site: structured data, the state its scripts
carry, and what a shopper sees. A spider declares addresses; where its pages say more, it overrides one reader."""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from crawler.bases import delivery, owner, read, refusal, shapes, state, structured, visible
from crawler.bases.address import link_key
from crawler.bases.carousels import carousel_links
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.goods import good_links
from crawler.bases.page_currency import shared_sign
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.bases.tiles import is_picture, tiles
from crawler.core.models import Availability
from crawler.core.verdicts import Verdict

LEAST = 2  # goods; a page that names one is hardly a list


class StandardSpider(RetailerSpider):
    """`product_url` finds the address of a product page; its group `sku` is the article number, the same on tiles and
    on the page. `listing_url` finds result and category pages. Both search in path and query. Without them the page's
    own structure decides, and its own article number counts. `units`: what whole numbers in the shop's JSON count,
    where that is known; else only an amount the page shows can tell. `answers`: where an answer of the site's own
    service holds its product or its list (places as in `shapes`). `state_first`: the page's state is trusted more than
    structured data. `state_numbers`: the number the page's state gives its good is the one of its address. `zip_codes`:
    a page says which ZIP code it answers for."""

    product_url: re.Pattern[str] | None = None
    listing_url: re.Pattern[str] | None = None
    units: Literal["major", "minor"] | None = None
    answers: Mapping[Kind, str] = {}
    state_first = False
    state_numbers = False
    zip_codes = False

    def kind(self, doc: Document) -> Kind:
        if doc.is_json and self.answers:
            return next((kind for kind, places in self.answers.items() if shapes.value(doc.data, places)), "other")
        address = _address(doc.url)
        if self.product_url and self.product_url.search(address):
            return "product"
        if self.listing_url and self.listing_url.search(address):
            return "listing"
        return self.kind_by_structure(doc)

    def kind_by_structure(self, doc: Document) -> Kind:
        """A page that tells one product's price or stock is that product's; a page of tiles is a listing, even where
        it calls the whole list one product."""
        told, seen = structured.product_facts(doc), visible.product_facts(doc)
        if any(f.price is not None or f.availability != Availability.unknown for f in told):
            return "product"
        if seen and seen.availability != Availability.unknown and (seen.price or told):
            return "product"
        if len({facts.url for facts in self.listing(doc)}) >= LEAST:
            return "listing"
        return "product" if told or self.state_product(doc) or (seen and seen.price) else "other"

    def product(self, doc: Document) -> list[Facts]:
        """Structured data, the page's state, then what is shown; all under the article number of the page's address.
        Nothing of another good's page."""
        told = self.state_product(doc)
        if self.of_another(doc, told):
            return []
        seen = visible.product_facts(doc)
        readers = [*structured.product_facts(doc), *told, *([seen] if seen else [])]
        readers = self.trusted([self.named(facts, doc.url) for facts in readers])
        if refused := refusal.refusal(doc):
            readers = refusal.withheld(readers, refused, self.location)
        return delivery.placed(readers, delivery.zip_code(doc), self.location) if self.zip_codes else readers

    def of_another(self, doc: Document, told: list[Facts]) -> bool:
        """Is the page another good's than its address says? `told` by its state."""
        return owner.belies(doc, self.sku_of, [f.sku for f in told if f.sku] if self.state_numbers else [])

    def trusted(self, readers: list[Facts]) -> list[Facts]:
        """The most trusted first, without what a reader is known to get wrong in this shop."""
        return sorted(readers, key=lambda facts: facts.reader != "state") if self.state_first else readers

    def state_product(self, doc: Document) -> list[Facts]:
        """What the JSON in the page's scripts says of its product; [] when it is not understood."""
        told = state.product_facts(doc, self.units, self.currency)
        return [told] if told else []

    def listing(self, doc: Document) -> list[Facts]:
        """Tiles by structured data, by the page's state and as shown; one good has one number in all of them."""
        found = [*structured.list_facts(doc), *self.state_listing(doc), *self.shown_tiles(doc)]
        return [self.named(facts, facts.url or "") for facts in found]

    def state_listing(self, doc: Document) -> list[Facts]:
        """What the JSON in the page's scripts says of the goods it lists; [] when it is not understood."""
        return state.list_facts(doc, self.units, self.currency)

    def shown_tiles(self, doc: Document) -> list[Facts]:
        """The goods a shopper sees in the list; none of a carousel."""
        currency = shared_sign(doc) or self.currency
        goods = {} if self.product_url else good_links(doc, currency)

        def key(href: str) -> str | None:
            if self.product_url:
                return self.sku_of(read.absolute(doc.url, href) or "")
            found = link_key(doc.url, href)
            return found if found in goods else None

        found = tiles(doc.tree, key, is_picture, carousel_links(doc.tree, key))
        return [visible.tile_facts(tile.node, tile.links, doc.url, currency) for tile in found]

    def next_page(self, doc: Document, page: int) -> str | None:
        """One page on where the page's own numbers say so, else where it links to."""
        more = None if doc.is_json else self.more(doc, page)
        if more is not None:
            return self.turned(doc.url, page + 1) if more else None
        link = doc.tree.css_first("link[rel=next][href], a[rel=next][href]")
        return read.absolute(doc.url, link.attributes["href"]) if link is not None else None

    def more(self, doc: Document, page: int) -> bool | None:
        """Whether the list goes on after this page; None where only its links tell."""
        return None

    def nothing_read(self, doc: Document, kind: Kind) -> tuple[Verdict, str]:
        if kind == "product" and self.of_another(doc, self.state_product(doc)):
            return Verdict.moved, "another good's page"
        if kind == "listing" and not self.says_empty(doc):
            return Verdict.partial, "no tiles in the markup"
        return super().nothing_read(doc, kind)

    def says_empty(self, doc: Document) -> bool:
        """Whether a list without tiles is an empty one; not where scripts may still draw them."""
        return True

    def named(self, facts: Facts, url: str) -> Facts:
        """`facts` under the article number its address holds."""
        sku = self.sku_of(url)
        if sku:
            facts.sku = sku
        facts.url = facts.url or url or None
        facts.currency = facts.currency or (self.currency if facts.price is not None else None)
        return facts

    def sku_of(self, url: str) -> str | None:
        found = self.product_url.search(_address(url)) if self.product_url else None
        return found["sku"] if found and "sku" in found.groupdict() else None


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
