"""Amazon outside India: https://www.amazon.com unless `-a country=de` or the address of a page (`-a url=…`) says
otherwise; amazon.in has a spider of its own.

Terms: the conditions of use of every country allow no data mining or robots without Amazon's consent; the sanctioned
way is the Product Advertising API. Operators decide; nothing is fetched until a person asks.
Robots: /s and /dp are open in most countries, /gp/offer-listing, /gp/aw/ol and /-/ are closed; the crawl obeys the live
file. Rate: no published limit; pages turn into robot checks quickly, so one request in five seconds.
Prices: the buy box of the product page and the price line of a result tile, in the currency of the country, for the
place the page names. The same article number is sold in many countries: their offers stay apart by country.
"""

from typing import Any

from crawler.bases.amazon.parts import COUNTRIES, CURRENCIES, domain
from crawler.bases.amazon.spider import AmazonSpider as Amazon
from crawler.bases.document import Document
from crawler.core.errors import InputError


class AmazonSpider(Amazon):
    name = "amazon"
    base_url = "https://www.amazon.com"
    hosts = tuple(f"www.amazon.{end}" for end in CURRENCIES if end != "in")
    currency = "USD"
    pace = 5.0

    def __init__(self, country: str = "", url: str = "", **kwargs: Any):
        if country and country not in COUNTRIES:
            raise InputError("country", f"must be one of {', '.join(sorted(COUNTRIES))}, not {country!r}")
        self.end = COUNTRIES.get(country) or domain(url.strip().partition(" ")[0]) or "com"
        super().__init__(url=url, **kwargs)
        self.currency = CURRENCIES[self.end]
        if self.base_url == type(self).base_url:
            self.base_url = f"https://www.amazon.{self.end}"

    def here(self, url: str) -> str:
        """Another country's pages live at home; only a spider whose `base_url` was moved takes them along."""
        return url if domain(self.base_url) else super().here(url)

    def market(self, doc: Document) -> str:
        """The country's letters: "us", "uk", "de"."""
        end = domain(doc.url) or self.end
        return next(code for code, known in COUNTRIES.items() if known == end).upper()
