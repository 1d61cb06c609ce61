"""A search as SQL: `(where, order, parameters)` over the narrow tables, documents joined last for one page only."""

import sqlite3
from typing import Any

from crawler.core.store import DesignQuery, ProductQuery
from crawler.core.store.words import label, terms

PRODUCT_ORDER = {
    "relevance": "quality DESC, last_changed DESC, id",
    "price": "price IS NULL, price, id",
    "-price": "price DESC, id",
    "-discount": "discount DESC, id",
    "-quality": "quality DESC, id",
    "-updated": "last_changed DESC, id",
}
DESIGN_ORDER = {
    "relevance": "quality DESC, id",
    "-quality": "quality DESC, id",
    "-updated": "fetched_at DESC, id",
}  # fmt: skip

Filters = list[tuple[str, Any]]


def product_filters(query: ProductQuery) -> Filters:
    words = terms(*query.terms) + query.labels + ([label("category", query.category)] if query.category else [])
    return _asked([
        ("n IN (SELECT rowid FROM product_terms WHERE product_terms MATCH ?)", _match(words)),
        ("retailer = ?", query.retailer),
        ("currency = ?", query.currency),
        ("price >= ?", query.min_price),
        ("price <= ?", query.max_price),
        ("stock = ?", query.in_stock),
        ("verified = ?", query.verified),
    ])  # fmt: skip


def design_filters(query: DesignQuery) -> Filters:
    words = terms(*query.terms) + ([label("color", query.color)] if query.color else [])
    return _asked([
        ("n IN (SELECT rowid FROM design_terms WHERE design_terms MATCH ?)", _match(words)),
        ("source = ?", query.source),
        ("license = ?", query.license and query.license.lower()),
        ("orientation = ?", query.orientation),
        ("quality >= ?", query.min_quality),
        ("canonical = ?", True if query.canonical else None),
    ])  # fmt: skip


def find(
    db: sqlite3.Connection, table: str, columns: str, filters: Filters, order: str, offset: int, limit: int
) -> tuple[list[tuple[Any, ...]], int]:
    """(rows of one page: `columns` of `table` and its document, total)."""
    where = " AND ".join(condition for condition, _ in filters) or "1"
    values = [value for _, value in filters]
    total = db.execute(f"SELECT count(*) FROM {table}s WHERE {where}", values).fetchone()[0]
    page = f"SELECT n FROM {table}s WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
    whole = f"SELECT {columns}, document FROM {table}s JOIN {table}_documents USING (n) WHERE n IN ({page})"
    return db.execute(f"{whole} ORDER BY {order}", [*values, limit, offset]).fetchall(), total


def _asked(filters: Filters) -> Filters:
    return [(condition, value) for condition, value in filters if value is not None]


def _match(words: list[str]) -> str | None:
    """FTS5's own syntax; a term holds no quote."""
    return " AND ".join(f'"{word}"' for word in words) or None
