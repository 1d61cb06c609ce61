"""When a list starts a search, and what it says of its sources. Whatever is stored is served even when no search can
be started; `sources` then says why."""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from api.house import House
from api.shapes import source_json
from crawler.core.errors import BusAway, ConfigError, QueueFull
from crawler.core.models import Job, SourceProgress
from crawler.core.models.jobs import JobKind
from crawler.core.queue import Queue
from crawler.core.searches import Search, folded, last_search

SearchKind = Literal["products", "designs"]
Refresh = Literal["auto", "never", "force"]
REDIS_S = 3.0  # a list waits no longer than this for its search to be taken
EVERY = "*"  # stands for all sources where none can be named


class Searched(msgspec.Struct):
    """`sources` as a list shows them. `search_id` is set while a search for this runs or waits. `stale`: what is
    stored is older than HOMEFEED_FRESH_S. `settled`: no search runs or should, so the answer may be cached; after
    `lasts_s` seconds one is due, which whoever asks then must be told of."""

    sources: list[dict[str, Any]] = []
    search_id: str | None = None
    stale: bool = False
    running: bool = False
    settled: bool = False
    lasts_s: float = math.inf


class Wanted(msgspec.Struct):
    """One search: of which kind, for what, asked of whom, by whom. `known` are ids already stored."""

    kind: SearchKind
    query: str
    args: Mapping[str, str]
    sources: Sequence[str]
    client: str
    known: Sequence[str]


async def ensure(
    house: House, kind: SearchKind, query: str, args: Mapping[str, str], refresh: Refresh, client: str, *,
    sources: Sequence[str] = (), known: Sequence[str] = (),
) -> Searched:  # fmt: skip
    """Starts or joins a search where the query is due for one. Raises StoreError; never for Redis."""
    if not folded(query):
        return Searched(settled=True)
    last = await last_search(await house.store(), kind, query, sources, args)
    left = house.config.fresh_s - (time.time() - last.finished_at) if last else 0.0
    if refresh == "never" or (refresh == "auto" and left > 0):
        return _stored(last, left, sources)
    wanted = Wanted(kind, query, args, sources, client, known)
    try:
        async with asyncio.timeout(REDIS_S):
            return await _start(await house.queue(), wanted, last, stale=left <= 0)
    except (BusAway, ConfigError, TimeoutError):
        return _unstarted(last, left <= 0, "Redis does not answer: no search was started")
    except QueueFull as error:
        return _unstarted(last, left <= 0, f"no search was started: {error}")


async def _start(queue: Queue, wanted: Wanted, last: Search | None, *, stale: bool) -> Searched:
    able = await searchable(queue, wanted.kind)
    if able and not set(wanted.sources) <= set(able):
        return _unstarted(last, stale, f"no worker can search {', '.join(wanted.sources)}")
    job, _ = await queue.submit(
        wanted.kind, wanted.query, sources=wanted.sources, args=dict(wanted.args), client=wanted.client,
        known=wanted.known,
    )  # fmt: skip
    return Searched(progress_json(job, wanted.sources or able), job.id, stale, running=True)


async def searchable(queue: Queue, kind: JobKind) -> list[str]:
    """Names of the sources that workers say they can search."""
    return [source.name for source in await queue.sources() if source.kind == kind and source.searchable]


def progress_json(job: Job, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """How the sources of a job go; `names` are those it will ask, as long as no worker has taken it."""
    if job.progress:
        return [source_json(progress) for progress in job.progress.values()]
    reason = "waits for a worker" if names else "waits: no worker is alive"
    return [source_json(SourceProgress(name, reason=reason)) for name in names or [EVERY]]


def _stored(last: Search | None, left: float, sources: Sequence[str]) -> Searched:
    fresh = left > 0
    told = [_kept(progress, fresh) for progress in (last.sources if last else []) if _asked(progress, sources)]
    return Searched(told, stale=not fresh, settled=True, lasts_s=left if fresh else math.inf)


def _unstarted(last: Search | None, stale: bool, reason: str) -> Searched:
    told = [_kept(progress, not stale) | {"reason": reason} for progress in (last.sources if last else [])]
    missing = [source_json(SourceProgress(EVERY, "error", reason=reason))]
    return Searched(told or missing, stale=stale)


def _asked(progress: SourceProgress, sources: Sequence[str]) -> bool:
    return not sources or progress.name in sources


def _kept(progress: SourceProgress, fresh: bool) -> dict[str, Any]:
    """A source of an earlier search: what it gave then is cached or stale now."""
    entry = source_json(progress)
    return entry | {"status": "cached" if fresh else "stale"} if progress.status == "ok" else entry
