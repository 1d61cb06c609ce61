"""Pepperfry (https://www.pepperfry.com): furniture and home goods in India; INR, taxes included.

Terms: https://www.pepperfry.com/terms-of-use.html allow no automated collection; operators decide. robots.txt: the
crawl obeys the live file; categories lead where search is closed. Rate: none is stated; Akamai answers plain clients
"Access Denied", so one request in five seconds.
Prices: JSON-LD (`offers.price`) and the ₹ row under the heading ("₹46,999", M.R.P. struck through, "40% Off"); EMI
lines, "₹43,499 with coupon", bank and first-purchase offers are offers, not the price. Indian grouping ("1,13,999"),
with or without "Rs." or ₹. A good's id is the number at the end of its address, /product/…-2205701.html.

No page was at hand: built from what others' crawlers of the site read (server-rendered Angular, `vip-product-…` and
`clip-product-card` blocks, schema.org Product and ItemList) and a list of its prices; not tried live. Assumed: `page=`
turns category pages, `/site_product/search?q=` searches, "Notify Me" in place of the cart button is sold out.
"""

import re

from crawler.bases.document import Document
from crawler.bases.standard import StandardSpider

_SHOWING = re.compile(r"showing\s+[\d,]+\s*[-–]\s*([\d,]+)\s+(?:options\s+)?(?:of|out of)\s+([\d,]+)", re.I)


class PepperfrySpider(StandardSpider):
    name = "pepperfry"
    base_url = "https://www.pepperfry.com"
    currency = "INR"
    units = "major"
    pace = 5.0
    routes = {
        "search": "/site_product/search?q={query}&page={page}",
        "category": "/category/{category}.html?page={page}",
    }
    product_url = re.compile(r"/(?:product/)?[^/?]+-(?P<sku>\d{5,9})\.html")
    listing_url = re.compile(r"^/(?:category/|site_product/search|brands/)")

    def more(self, doc: Document, page: int) -> bool | None:
        """While it shows fewer goods than it counts."""
        told = _SHOWING.search(doc.tree.body.text(separator=" ") if doc.tree.body else "")
        shown, of = (int(number.replace(",", "")) for number in told.groups()) if told else (0, 0)
        return shown < of if told else None
