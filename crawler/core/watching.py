"""Watches in the store, and which product the page of one turned out to show."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import msgspec

from crawler.core.models import Job, SourceInfo
from crawler.core.queue import Queue
from crawler.core.store import Store
from crawler.core.watches import KIND, Watch

PAGE = 500


async def every(store: Store) -> AsyncIterator[tuple[str, Watch]]:
    """(key, watch) of all clients. Raises StoreError."""
    after = ""
    while page := await store.list(KIND, "", after, PAGE):
        for key, value in page:
            yield key, msgspec.convert(value, Watch)
        after = page[-1][0]


async def settled(store: Store, queue: Queue, key: str, watch: Watch) -> Watch:
    """With the product its page showed, or why it showed none, once that is known; it is then kept so. Raises BusAway
    and StoreError."""
    if watch.product_id or not watch.job_id:
        return watch
    product_id = next(iter(await queue.found(watch.job_id, 0, 1)), None)
    reason = "" if product_id else _failure(await queue.job(watch.job_id))
    if (product_id, reason) == (watch.product_id, watch.reason):
        return watch
    watch = msgspec.structs.replace(watch, product_id=product_id, reason=reason)
    if await store.get(KIND, key) is not None:  # not deleted meanwhile
        await store.put(KIND, key, msgspec.to_builtins(watch))
    return watch


def source_of(url: str, sources: Sequence[SourceInfo]) -> SourceInfo | None:
    """The shop on whose pages this address lies."""
    host = _bare(urlsplit(url).netloc)
    return next((s for s in sources if s.kind == "products" and host in map(_bare, s.hosts)), None)


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _failure(job: Job | None) -> str:
    if job is None or not job.over:
        return ""
    reasons = [f"{p.status}: {p.reason}" if p.reason else p.status for p in job.progress.values() if p.status != "ok"]
    return next(iter(reasons), "") or job.reason or "the page shows no product"
