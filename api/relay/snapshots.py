"""How things are now, for those who begin to follow them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from crawler.core.drift.standings import held_sites
from crawler.core.public import record_json
from crawler.core.store import Store

Snapshots = Callable[[Sequence[str]], Awaitable[dict[str, Any]]]


def snapshots(store: Callable[[], Awaitable[Store]]) -> Snapshots:
    """A function that gives the snapshot of each channel: of a product its JSON, null while it is unknown; of a
    retailer always null. It raises StoreError."""

    async def take(channels: Sequence[str]) -> dict[str, Any]:
        ids = {c.removeprefix("product:"): c for c in channels if c.startswith("product:")}
        if not ids:
            return dict.fromkeys(channels)
        stored = await store()
        records, held = await stored.records(list(ids)), await held_sites(stored)
        return dict.fromkeys(channels) | {ids[id_]: record_json(record, held) for id_, record in records.items()}

    return take
