"""Demo shop of the embedded kind: everything is in `__INITIAL_STATE__`."""

from typing import Any

from crawler.bases import read
from crawler.bases.document import Document
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind, RetailerSpider
from crawler.core.money import minor


class BirchSpider(RetailerSpider):
    name = "birch"
    base_url = "http://127.0.0.1:1"
    currency = "INR"
    routes = {"search": "/search?q={query}&page={page}"}
    pace = 0.02

    def kind(self, doc: Document) -> Kind:
        return "product" if dig(self._state(doc), "page") == "product" else "listing"

    def product(self, doc: Document) -> list[Facts]:
        item = dig(self._state(doc), "product")
        return [self._facts(doc, item)] if item else []

    def listing(self, doc: Document) -> list[Facts]:
        return [self._facts(doc, item) for item in dig(self._state(doc), "results", default=[])]

    def next_page(self, doc: Document, page: int) -> str | None:
        return self.route_url("search", page + 1) if dig(self._state(doc), "hasNext") else None

    def _state(self, doc: Document) -> Any:
        return doc.states.get("__INITIAL_STATE__")

    def _facts(self, doc: Document, item: dict[str, Any]) -> Facts:
        pricing = item["pricing"]
        return Facts(
            "state", sku=item["productId"], url=read.absolute(doc.url, item["link"]), title=item["title"],
            brand=item["brand"], images=read.images(doc.url, [m["src"] for m in item["media"]]),
            rating=read.rating(dig(item, "rating", "average"), dig(item, "rating", "count")),
            price=minor(pricing["final"], pricing["currency"]), currency=pricing["currency"],
            list_price=minor(pricing["mrp"], pricing["currency"]) if pricing["mrp"] else None,
            availability=read.availability(dig(item, "stock", "status", default="")),
        )  # fmt: skip
