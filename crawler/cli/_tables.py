"""Tables of the terminal."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.core.models import Job, SourceProgress


def sources_table(job: Job) -> Table:
    """How each source of a running job goes."""
    table = _table("source", "status", "pages", "items", "items/s", "why")
    for progress in job.progress.values():
        _add(table, progress.name, progress.status, progress.pages, progress.count, _speed(progress), progress.reason)
    if not job.progress:
        _add(table, "", "waits for a worker", "", "", "", "")
    return table


def products_table(products: Sequence[dict[str, Any]]) -> Table:
    table = _table("title", "price", "list price", "stock", "shop")
    for p in products:
        stock = p["availability"].replace("_", " ")
        _add(table, p["title"], _money(p, "price"), _money(p, "list_price"), stock, p["retailer"])
    return table


def designs_table(designs: Sequence[dict[str, Any]]) -> Table:
    table = _table("title", "author", "licence", "source")
    for d in designs:
        _add(table, d["title"], d["author"], d["license"]["code"], d["source"])
    return table


def shops_table(shops: Sequence[dict[str, Any]], title: str = "") -> Table:
    """The best match of each shop."""
    table = _table("title", "price", "list price", "stock", "shop", "matched by", "sure", "seen")
    table.title = title or None
    for shop in shops:
        p, seen = shop["product"], "now" if shop["answered"] else shop["product"]["last_seen"][:16]
        stock, sure = p["availability"].replace("_", " "), f"{shop['confidence']:.0%}"
        _add(table, p["title"], _money(p, "price"), _money(p, "list_price"), stock, shop["retailer"],
             shop["matched_by"], sure, seen)  # fmt: skip
    return table


def sizes_table(sizes: Sequence[dict[str, Any]]) -> Table:
    """Each size with every shop's quote, the lowest ask first."""
    table = _table("size", "condition", "shop", "lowest ask", "highest bid", "last sale", "spread", "over all")
    for row in sizes:
        for place, quote in enumerate(row["quotes"]):
            named = (row["size"], row["condition"]) if not place else ("", "")
            told = (_money(quote, name) for name in ("ask", "bid", "last_sale", "spread"))
            _add(table, *named, quote["retailer"], *told, _money(row, "spread") if not place else "")
    return table


def _money(product: dict[str, Any], field: str) -> str:
    return f"{product[field]} {product['currency'] or ''}".strip() if product[field] else ""


def _speed(progress: SourceProgress) -> str:
    return f"{progress.count * 1000 / progress.ms:.1f}" if progress.ms else ""


def _table(*columns: str) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column, no_wrap=column != columns[0])  # a title may take two lines, a price is never cut
    return table


def _add(table: Table, *cells: object) -> None:
    """What a shop wrote is text, never markup."""
    table.add_row(*(Text("" if cell is None else str(cell)) for cell in cells))
