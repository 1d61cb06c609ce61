"""Overstock (https://www.overstock.com), furniture and home goods in the United States; USD. Its sister shop
bedbathandbeyond.com runs on the same platform; its pages are read too.

Terms: https://www.overstock.com/help/terms allow no automated access without consent; operators decide. robots.txt was
not to be had when this was written; the crawl obeys the live file, and where that closes search, the sitemaps it names
lead to products by the query's words.
Rate: none is stated; Akamai answers product pages with a challenge, often with status 200, so one request in five
seconds. Prices: JSON-LD (Product, or ProductGroup with a variant each), what the page's own scripts carry (streamed by
Next.js) and what it shows; instalments, club and "ends soon" coupon prices are never the price. A good's id is the
number in its address, before `/product.html` or at the end of `/products/<name>-<number>`.

Built without a saved page, from the shapes of published scrapers; nothing was tried live. Assumed: `keywords` searches
and `page` turns pages; `option` or `variant` in an address names the variant shown.
"""

import re

from crawler.bases.standard import StandardSpider


class OverstockSpider(StandardSpider):
    name = "overstock"
    base_url = "https://www.overstock.com"
    hosts = ("www.bedbathandbeyond.com",)
    currency = "USD"
    pace = 5.0
    routes = {"search": "/search?keywords={query}&page={page}", "category": "/collections/{category}?page={page}",
              "sitemap": "/robots.txt"}  # fmt: skip
    product_url = re.compile(
        r"(?:/products/(?:[^/?]*-)?(?=\d+(?:[/?]|$))|/(?=\d+/product\.html))(?P<sku>\d{5,10})(?=[/?]|$)"
    )
    listing_url = re.compile(r"^/(?:search|collections)\b|/\d+/(?:[^/]+/)?(?:cat|subcat|dept|brand)\.html")
    zip_codes = True
