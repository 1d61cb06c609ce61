"""What a demo run stored and what changed since the last one, as tables."""

from rich.console import Console
from rich.table import Table

from crawler.core.bus import Bus
from crawler.core.config import config
from crawler.core.models import Change, Design, Record
from crawler.core.public import money
from crawler.core.store import DesignQuery, ProductQuery, SourceRun, open_store
from crawler.core.valkey import embedded


async def show(console: Console, query: str, since: float) -> int:
    """Prints products, designs, sources and the changes relayed since `since`; 1 when too little was stored."""
    store = open_store(config().store)
    await store.open()
    products, total = await store.find_products(ProductQuery(terms=[query], sort="price", currency="INR", limit=100))
    designs, pictures = await store.find_designs(DesignQuery(terms=[query], limit=100, canonical=False))
    runs = [r for r in await store.runs(limit=20) if r.started_at >= since]
    await store.close()
    async with embedded(config()) as url:
        bus = Bus(url)
        await bus.open()
        changes = [c for c in (await bus.read(limit=10_000)).changes if c.observed_at >= since]
        await bus.close()
    console.print(
        product_table(products, total), design_table(designs, pictures), change_table(changes), run_table(runs)
    )
    return 0 if total >= 30 and pictures >= 30 else 1


def product_table(records: list[Record], total: int, shown: int = 12) -> Table:
    table = Table(title=f"{total} products, the cheapest first", title_justify="left")
    for name in ("shop", "title", "price", "list price", "stock", "sure"):
        table.add_column(name, justify="right" if "price" in name else "left", no_wrap=True)
    for record in records[:shown]:
        product, offer = record.product, record.product.offer
        if offer is None:
            continue
        price, was = money(offer.price, offer.currency), money(offer.list_price, offer.currency)
        sure = f"{product.evidence.confidence:.0%}"
        table.add_row(product.retailer, product.title, price, was, str(offer.availability), sure)
    return table


def design_table(designs: list[Design], total: int, shown: int = 8) -> Table:
    copies = sum(1 for d in designs if d.group and d.group != d.id)
    table = Table(title=f"{total} designs, {copies} of them copies of a better one", title_justify="left")
    for name in ("source", "title", "author", "licence", "size", "quality", "same as"):
        table.add_column(name, no_wrap=True)
    for design in designs[:shown]:
        size = f"{design.width}×{design.height}"
        same = design.group if design.group not in (None, design.id) else ""
        quality = f"{design.quality:.2f}" if design.quality is not None else ""
        table.add_row(design.source, design.title, design.author, design.license.code, size, quality, same)
    return table


def change_table(changes: list[Change], shown: int = 20) -> Table:
    new = sum(1 for c in changes if c.field == "new")
    moved = [c for c in changes if c.field != "new"]
    table = Table(title=f"{len(moved)} changes since last time, {new} products seen first", title_justify="left")
    for name in ("product", "field", "old", "new", "confirmed by"):
        table.add_column(name, no_wrap=True)
    for change in moved[:shown]:
        how = "a second fetch" if change.confirmed == "repeat" else "one sure reading"
        table.add_row(change.product_id, change.field, change.old, change.new, how)
    return table


def run_table(runs: list[SourceRun]) -> Table:
    table = Table(title="sources", title_justify="left")
    for name in ("source", "status", "pages", "items", "pages/s", "verdicts"):
        table.add_column(name, no_wrap=True)
    for run in runs:
        speed = run.pages / max(0.001, run.finished_at - run.started_at)
        verdicts = ", ".join(f"{n} {v}" for v, n in run.verdicts.items())
        table.add_row(run.source, run.status, str(run.pages), str(run.items), f"{speed:.1f}", verdicts)
    return table
