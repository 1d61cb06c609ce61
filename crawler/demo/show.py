"""What a demo run found, as tables."""

from typing import Any

from rich.table import Table


def source_table(searched: dict[str, list[dict[str, Any]]]) -> Table:
    """`searched`: by kind, how each source ended."""
    table = Table(title="The first search", title_justify="left")
    for name in ("source", "gives", "read", "took", "status"):
        table.add_column(name, justify="right" if name in ("read", "took") else "left", no_wrap=True)
    for kind, sources in searched.items():
        for source in sources:
            status = " ".join(filter(None, (source["status"], source["reason"])))
            table.add_row(source["name"], kind, str(source["count"]), f"{source['ms'] / 1000:.1f} s", status)
    return table


def summary(products: int, designs: int, sources: list[list[dict[str, Any]]], took: float, watched: int) -> str:
    """One sentence; `sources` as those of `source_table`, `took` in seconds."""
    shops, pictures = (sum(1 for source in some if source["count"]) for some in sources)
    return (
        f"{_counted(products, 'product')} from {_counted(shops, 'shop')} and {_counted(designs, 'design')} from "
        f"{_counted(pictures, 'source')} in {took:.1f} s; {watched} products are watched: their prices and stock move "
        "on the page."
    )


def _counted(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def change_table(changes: list[dict[str, Any]], shown: int = 10) -> Table:
    """The newest changes of known products, as the API tells them."""
    table = Table(title=f"{len(changes)} changes since last time", title_justify="left")
    for name in ("product", "field", "old", "new", "confirmed by"):
        table.add_column(name, no_wrap=True)
    for change in changes[-shown:]:
        how = "a second fetch" if change["confirmed"] == "repeat" else "one sure reading"
        table.add_row(change["product_id"], change["field"], change["old"], change["new"], how)
    return table
