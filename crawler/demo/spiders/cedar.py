"""Demo shop of the visible kind: no structured data, no state, only what a shopper sees."""

from crawler.bases import read, visible
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.core.models import Availability


class CedarSpider(RetailerSpider):
    name = "cedar"
    base_url = "http://127.0.0.1:1"
    currency = "INR"
    routes = {"search": "/search?q={query}&page={page}"}
    pace = 0.02

    def kind(self, doc: Document) -> Kind:
        return "product" if doc.tree.css_first(".pdp[data-sku]") else "listing"

    def product(self, doc: Document) -> list[Facts]:
        block = doc.tree.css_first(".pdp[data-sku]")
        return [self._facts(doc, block, doc.url, "h1", ".buy", "img.hero")]

    def listing(self, doc: Document) -> list[Facts]:
        return [self._facts(doc, tile, tile.css_first("a").attributes["href"], "h3", ".cost", "img")
                for tile in doc.tree.css("li.tile[data-sku]")]  # fmt: skip

    def next_page(self, doc: Document, page: int) -> str | None:
        link = doc.tree.css_first("a[rel=next]")
        return link.attributes["href"] if link else None

    def _facts(self, doc: Document, block: object, href: str, title: str, cost: str, image: str) -> Facts:
        prices, stock = block.css_first(cost), block.css_first(".stock")
        now, was = visible.price(prices, "INR"), visible.list_price(prices, "INR")
        return Facts(
            "visible", sku=block.attributes["data-sku"], url=read.absolute(doc.url, href.partition("?")[0]),
            title=read.clean(visible.text(block.css_first(title))),
            images=read.images(doc.url, [block.css_first(image).attributes.get("src")]), currency="INR",
            price=now and now.amount, list_price=was and was.amount,
            availability=read.stock(visible.text(stock)) if stock else Availability.unknown,
        )  # fmt: skip
