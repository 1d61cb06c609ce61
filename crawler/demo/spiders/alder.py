"""Demo shop of the structured kind: JSON-LD on product pages, an ItemList on result pages."""

from crawler.bases import structured, visible
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.retailer import Kind, RetailerSpider


class AlderSpider(RetailerSpider):
    name = "alder"
    base_url = "http://127.0.0.1:1"
    currency = "INR"
    routes = {"search": "/search?q={query}&page={page}"}
    pace = 0.02

    def kind(self, doc: Document) -> Kind:
        return "product" if "/p/" in doc.url else "listing"

    def product(self, doc: Document) -> list[Facts]:
        seen = visible.product_facts(doc)
        return [*structured.product_facts(doc), *([seen] if seen else [])]

    def listing(self, doc: Document) -> list[Facts]:
        return structured.list_facts(doc)

    def next_page(self, doc: Document, page: int) -> str | None:
        link = doc.tree.css_first("a[rel=next]")
        return link.attributes["href"] if link else None
