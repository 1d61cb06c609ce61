"""Urban Ladder (https://www.urbanladder.com): furniture in India; INR, taxes included.

Terms: https://www.urbanladder.com/terms allow no automated collection; operators decide. robots.txt: the crawl obeys
the live file. Rate: none is stated; the shared pace holds.
Prices: `window.APP_DATA` (`reduxData.catalog`: `product_meta.price.effective` beside `marked`), JSON-LD, and the ₹ row
under the heading; "EMI starting from ₹512/month", bank offers and coupons are offers, not the price. A good's id is the
number at the end of its address, /product/…-7520574, or the `sku` that older addresses (/products/…?sku=) carry.

No page was at hand: built from what others' crawlers of the site read and from a list of its prices; not tried live.
Assumed: other fabrics and sizes stand in `product_details.variants`, sizes of one good in `product_meta.sizes`, both
with `is_available`; `q=` searches and `page_no=` turns pages.
"""

import re

from crawler.bases import fynd, owner
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.standard import StandardSpider


class UrbanLadderSpider(StandardSpider):
    name = "urban_ladder"
    base_url = "https://www.urbanladder.com"
    currency = "INR"
    units = "major"
    state_numbers = True
    routes = {"search": "/products/?q={query}&page_no={page}", "category": "/collection/{category}?page_no={page}"}
    product_url = re.compile(r"/product/[^/?]+-(?P<sku>\d{5,10})(?=[/?]|$)|/products/[^/?]+\?(?:.*&)?sku=(?P<old>\w+)")
    listing_url = re.compile(r"^/(?:collection/|products/?(?:\?|search|$))")

    def sku_of(self, url: str) -> str | None:
        found = self.product_url.search(url)
        return (found["sku"] or found["old"]) if found else None

    def of_another(self, doc: Document, told: list[Facts]) -> bool:
        """An older address names a number that its page need not repeat."""
        found = self.product_url.search(doc.url)
        if found and found["old"]:
            return owner.belies(doc, self.old_of) or owner.named_otherwise(doc)
        return super().of_another(doc, told)

    def old_of(self, url: str) -> str | None:
        found = self.product_url.search(url)
        return found["old"] if found else None

    def state_product(self, doc: Document) -> list[Facts]:
        return fynd.product(doc, self.currency, self.location) or super().state_product(doc)

    def state_listing(self, doc: Document) -> list[Facts]:
        return fynd.tiles(doc, self.base_url, self.currency) or super().state_listing(doc)
