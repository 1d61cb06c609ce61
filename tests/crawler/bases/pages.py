"""Small pages for the reader tests; the goods are invented."""

import json
from typing import Any

from crawler.bases.document import Document

URL = "https://shop.example/p/oslo-armchair-1001"


def page(body: str, head: str = "", url: str = URL) -> Document:
    return Document(url, f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def ld(*things: Any) -> str:
    """JSON-LD scripts; a string is put in as it is."""
    bodies = (t if isinstance(t, str) else json.dumps(t) for t in things)
    return "".join(f'<script type="application/ld+json">{body}</script>' for body in bodies)


def chair(**more: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "Product", "name": "Oslo Armchair", "sku": "1001",
            "offers": {"@type": "Offer", "price": "499.00", "priceCurrency": "EUR"}} | more  # fmt: skip
