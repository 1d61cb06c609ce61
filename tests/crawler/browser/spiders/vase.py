"""A shop of vases as a source of its own, read by the standard readers; invented for these tests, so without terms."""

import re

from crawler.bases.standard import StandardSpider


class VaseSpider(StandardSpider):
    name = "vase"
    base_url = "https://vase.test"
    currency = "USD"
    browser = True
    product_url = re.compile(r"/captcha-(?P<sku>v\d+)")
