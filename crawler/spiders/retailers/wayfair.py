"""Wayfair (https://www.wayfair.com) and its sister shops on the same platform (Joss & Main, AllModern, Birch Lane,
Perigold): furniture and home goods in the United States; USD.

Terms: https://www.wayfair.com/gethelp/terms-of-use allow no automated collection without consent; operators decide.
robots.txt closes /filters/, /shop/, /ajax/ and the product's own AJAX routes, not search, categories or products.
Rate: none is stated; PerimeterX answers haste with "Press & Hold", so one request in five seconds.
Prices: the page shows the price of what is put into the cart ($220.00 for a set of 3), and so does its state
(`WEBPACK_ENTRY_DATA`, `price.salePrice`); JSON-LD and OpenGraph tell the price per piece ($73.33), which therefore
counts only beside one of the other two. A good's id is the SKU at the end of its address.

Assumed, not tried live: `curpage` turns pages; result pages carry `browse.browse_grid_objects` in the same state.
"""

import re

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.shops import wayfair
from crawler.bases.standard import StandardSpider


class WayfairSpider(StandardSpider):
    name = "wayfair"
    base_url = "https://www.wayfair.com"
    hosts = ("www.jossandmain.com", "www.allmodern.com", "www.birchlane.com", "www.perigold.com")
    currency = "USD"
    pace = 5.0
    routes = {"search": "/keyword.php?keyword={query}&curpage={page}", "category": "{category}?curpage={page}"}
    product_url = re.compile(r"/pd[px]/[^?]*-(?P<sku>[a-z]{1,4}\d{3,10})\.html", re.I)
    listing_url = re.compile(r"/(?:sb\d|cat)/|/keyword\.php|/daily-sales/")
    state_numbers = state_first = zip_codes = True

    def sku_of(self, url: str) -> str | None:
        sku = super().sku_of(url)
        return sku.upper() if sku else None

    def trusted(self, readers: list[Facts]) -> list[Facts]:
        """Structured data's price is per piece: alone it says nothing."""
        readers = super().trusted(readers)
        structured = [facts for facts in readers if facts.reader not in ("state", "visible")]
        if not any(facts.price for facts in readers if facts.reader in ("state", "visible")):
            for facts in structured:
                facts.price, facts.list_price, facts.offers = None, None, []
        return readers

    def state_product(self, doc: Document) -> list[Facts]:
        return wayfair.product(doc, self.currency, self.location)

    def state_listing(self, doc: Document) -> list[Facts]:
        return wayfair.tiles(doc, self.currency)

    def more(self, doc: Document, page: int) -> bool | None:
        return wayfair.more(doc, page)
