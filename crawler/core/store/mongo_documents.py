"""What MongoDB keeps: models as nested documents beside the flat fields that are searched and sorted by.

A field name of a shop's own making (a spec, a candidate's slot) may hold dots, dollars or quotes, which no server takes
alike; such dicts are kept as lists of {"k", "v"}.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from crawler.core.models import Design, Record, encode
from crawler.core.store import DesignQuery, PricePoint, ProductQuery, SourceRun
from crawler.core.store.facets import design_facets, design_terms, product_facets, product_terms
from crawler.core.store.words import label, terms

T = TypeVar("T")
Document = dict[str, Any]

DICTS: dict[type, tuple[tuple[str, ...], ...]] = {
    Record: (("product", "specs"), ("product", "evidence", "fields"), ("candidates",), ("moves",)),
    Design: (("quality_parts",),),
    SourceRun: (("verdicts",), ("coverage",)),
}
LAST = "\U0010ffff"  # comes after every character of a key
DEAREST = 2**53  # where a product without a price stands when the cheapest come first
PRODUCT_SORT = {
    "relevance": [("quality", -1), ("last_changed", -1), ("_id", 1)],
    "price": [("cheapest", 1), ("_id", 1)],
    "-price": [("price", -1), ("_id", 1)],
    "-discount": [("discount", -1), ("_id", 1)],
    "-quality": [("quality", -1), ("_id", 1)],
    "-updated": [("last_changed", -1), ("_id", 1)],
}
DESIGN_SORT = {
    "relevance": [("quality", -1), ("_id", 1)],
    "-quality": [("quality", -1), ("_id", 1)],
    "-updated": [("fetched_at", -1), ("_id", 1)],
}
INDEXES = {
    "products": ([("pending", 1)], [("terms", 1)], [("retailer", 1), ("quality", -1)], [("currency", 1), ("price", 1)],
                 [("quality", -1), ("last_changed", -1)], [("last_changed", -1)], [("url", 1)]),
    "price_points": ([("product_id", 1), ("at", 1)],),
    "designs": ([("terms", 1)], [("quality", -1)], [("source", 1), ("quality", -1)]),
    "runs": ([("source", 1), ("finished_at", -1)],),
    "small": ([("expires", 1)], [("kind", 1), ("key", 1)]),
}  # fmt: skip


def record_document(record: Record) -> Document:
    facets = product_facets(record)
    cheapest = DEAREST if facets.price is None else facets.price
    empty: Document = {"digest": "", "candidates": [], "outbox": [], "believed": {}, "moves": [], "vanished": [],
                       "absent": None}  # fmt: skip
    return (empty | _pack(record) | facets._asdict()
            | {"_id": record.product.id, "url": record.product.url, "terms": product_terms(record.product),
               "cheapest": cheapest})  # fmt: skip


def record(document: Document) -> Record:
    return _unpack(document, Record)


def design_document(design: Design) -> Document:
    return design_facets(design)._asdict() | {"_id": design.id, "terms": design_terms(design), "design": _pack(design)}


def design(document: Document) -> Design:
    return _unpack(document["design"], Design)


def run_document(run: SourceRun) -> Document:
    return {"source": run.source, "finished_at": run.finished_at, "run": _pack(run)}


def run(document: Document) -> SourceRun:
    return _unpack(document["run"], SourceRun)


def point_document(point: PricePoint) -> Document:
    fields = msgspec.structs.asdict(point)
    return {"_id": fields.pop("id")} | fields


def point(document: Document) -> PricePoint:
    return PricePoint(id=document.pop("_id"), **document)


def product_filter(query: ProductQuery) -> Document:
    words = terms(*query.terms) + query.labels + ([label("category", query.category)] if query.category else [])
    price = _asked({"$gte": query.min_price, "$lte": query.max_price})
    return _asked({
        "terms": {"$all": words} if words else None,
        "retailer": query.retailer,
        "currency": query.currency,
        "price": price or None,
        "stock": None if query.in_stock is None else int(query.in_stock),
        "verified": None if query.verified is None else int(query.verified),
    })  # fmt: skip


def design_filter(query: DesignQuery) -> Document:
    words = terms(*query.terms) + ([label("color", query.color)] if query.color else [])
    return _asked({
        "terms": {"$all": words} if words else None,
        "source": query.source,
        "license": query.license and query.license.lower(),
        "orientation": query.orientation,
        "quality": None if query.min_quality is None else {"$gte": query.min_quality},
        "canonical": 1 if query.canonical else None,
    })  # fmt: skip


def _asked(conditions: Document) -> Document:
    return {name: value for name, value in conditions.items() if value is not None}


def _pack(thing: Any) -> Document:
    document: Document = msgspec.to_builtins(thing)
    _swap(document, DICTS[type(thing)], lambda pairs: [{"k": k, "v": v} for k, v in pairs.items()])
    return document


def _unpack(document: Document, kind: type[T]) -> T:
    _swap(document, DICTS[kind], lambda pairs: {pair["k"]: pair["v"] for pair in pairs})
    return msgspec.convert(document, kind)


def _swap(document: Document, paths: tuple[tuple[str, ...], ...], change: Callable[[Any], Any]) -> None:
    for *parents, name in paths:
        inner = document
        for parent in parents:
            inner = inner.get(parent, {})
        if name in inner:
            inner[name] = change(inner[name])


def small_document(kind: str, key: str, value: Any, expires: float | None) -> Document:
    """The value is kept as JSON text: its field names are not ours to choose."""
    return {"_id": small_id(kind, key), "kind": kind, "key": key, "value": encode(value).decode(), "expires": expires}


def small_id(kind: str, key: str) -> str:
    return encode([kind, key]).decode()


def small_filter(kind: str, prefix: str, after: str = "") -> Document:
    """Those whose key starts with `prefix` and comes after `after`."""
    return {"kind": kind, "key": {"$gte": prefix, "$lt": prefix + LAST, "$gt": after}}
