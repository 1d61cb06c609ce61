"""A made-up shop: pages of readings with the evidence its readers would leave."""

from crawler.core.drift import Memory, Watch
from crawler.core.models import Availability, Evidence, Offer, Page, Product

BOTH = {"title": "jsonld", "images": "jsonld", "price": "jsonld", "currency": "jsonld", "availability": "jsonld",
        "list_price": "visible"}  # fmt: skip
SEEN = dict.fromkeys(BOTH, "visible")
STOCK, GONE, UNKNOWN = Availability.in_stock, Availability.out_of_stock, Availability.unknown


def product(
    sku, price=1000, *, depth="page", fields=None, confidence=1.0, currency="INR", stock=STOCK, was=None, disputed=(),
    images=True,
):  # fmt: skip
    offer = Offer(price=price, list_price=was, currency=currency if price else None, availability=stock)
    told = dict(BOTH if fields is None else fields)
    if price is None:
        told.pop("price", None)
    agreed = price is not None and confidence == 1.0
    evidence = Evidence(
        fields=told,
        depth=depth,
        confidence=confidence,
        disputed=list(disputed),
        witnesses={"price": ["jsonld", "visible"]} if agreed else {},
    )
    return Product(f"oak:{sku}", "oak", str(sku), f"https://oak.test/p/{sku}", title=f"Stool {sku}",
                   images=["https://oak.test/i.jpg"] if images else [], offers=[offer], evidence=evidence)  # fmt: skip


def page(sku, price=1000, verdict="ok", **told):
    products = [product(sku, price, **told)] if verdict == "ok" else []
    return Page("oak", f"https://oak.test/p/{sku}", verdict, products=products)


def tiles(count=40, price=lambda sku: 1000 + sku, verdict="ok", start=0, q="stool", **told):
    told = {"fields": SEEN, "confidence": 0.8, "depth": "list"} | told
    products = [product(sku, price(sku), **told) for sku in range(start, start + count)]
    return Page("oak", f"https://oak.test/search?q={q}", verdict, products=products if verdict == "ok" else [])


def read(watch, *pages, at=0.0):
    """The findings of a run of these pages."""
    return [watch.look(page, at) for page in pages]


def run(memory, *pages, at=0.0):
    watch = Watch(memory)
    found = read(watch, *pages, at=at)
    watch.end(at)
    return found


def grown(pages=30):
    """A site that was read for a while: product pages, and one listing."""
    memory = Memory("oak", "oak.test")
    run(memory, *(page(sku, 1000 + sku) for sku in range(pages)), tiles(), tiles(q="chair", start=100))
    assert (memory.state, memory.reasons) == ("healthy", [])
    return memory
