"""What is kept of a finished search, so that the next one like it knows how old its results are."""

from collections.abc import Mapping, Sequence

import msgspec

from crawler.core.models.jobs import Job, JobKind, SourceProgress
from crawler.core.queue import search_key
from crawler.core.store import Store
from crawler.core.store.words import terms

KIND = "search"  # of small document
KEPT_S = 30 * 86_400.0


class Search(msgspec.Struct):
    """How a search ended. `finished_at` in Unix seconds."""

    finished_at: float
    job_id: str
    sources: list[SourceProgress] = []


def folded(query: str) -> str:
    """Queries that find the same are the same: "Söfa,  GREEN" -> "sofa green"."""
    return " ".join(terms(query))


async def remember(store: Store, job: Job) -> None:
    """Called by a worker when a search job ended. Raises StoreError."""
    kept = Search(job.finished_at or job.created_at, job.id, list(job.progress.values()))
    key = search_key(job.kind, job.query, job.args, job.sources)
    await store.put(KIND, key, msgspec.to_builtins(kept), ttl=KEPT_S)


async def last_search(
    store: Store, kind: JobKind, query: str, sources: Sequence[str] = (), args: Mapping[str, str] | None = None
) -> Search | None:
    """The newest of this very search and, where it is of some sources only, of the same one over all of them."""
    keys = {search_key(kind, query, args, sources), search_key(kind, query, args)}
    kept = [found for key in sorted(keys) if (found := await store.get(KIND, key, of=Search))]
    return max(kept, key=lambda search: search.finished_at, default=None)
