"""Work asked of the crawl workers, and how it goes."""

from typing import Literal

import msgspec

JobKind = Literal["products", "designs", "compare", "recheck", "crawl"]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
Priority = Literal["person", "recheck", "scheduled"]
SourceStatus = Literal[
    "waiting", "running", "ok", "cached", "stale", "no_key", "no_quota", "robots", "policy", "blocked", "held",
    "timeout", "error", "cancelled",
]  # fmt: skip


class SourceProgress(msgspec.Struct):
    """One source's part of a job. `count` things read so far, `ms` since the job asked it."""

    name: str
    status: SourceStatus = "waiting"
    count: int = 0
    pages: int = 0
    ms: int = 0
    reason: str = ""

    @property
    def over(self) -> bool:
        return self.status not in ("waiting", "running")


class Job(msgspec.Struct):
    """One request for crawling. `sources` are spider names, empty for every searchable one of the kind ("compare" asks
    shops); `args` are spider arguments (pages, location, category, url). `client` is who asked, for fairness.
    `source_s`: seconds each source has, 0 for the usual time of such a job. `about`: the product a comparison is of."""

    id: str
    kind: JobKind
    query: str = ""
    sources: list[str] = []
    args: dict[str, str] = {}
    priority: Priority = "person"
    client: str = "local"
    source_s: float = 0.0
    about: str = ""
    created_at: float = 0.0
    state: JobState = "waiting"
    started_at: float | None = None
    finished_at: float | None = None
    attempts: int = 0
    count: int = 0  # distinct things found
    reason: str = ""
    progress: dict[str, SourceProgress] = {}

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


class JobEvent(msgspec.Struct):
    """One entry of `homefeed:job:<id>`. `progress`: `source` says how one source goes. `item`: `items` are things as
    the API shows them (`product_json` or `design_json`, without description and specs), each id once per job.
    `done`: the job is over, `state` and `reason` say how; nothing follows."""

    type: Literal["progress", "item", "done"]
    position: str = ""
    source: SourceProgress | None = None
    items: list[dict[str, object]] = []
    state: JobState | None = None
    reason: str = ""


class SourceInfo(msgspec.Struct):
    """What the workers say of a source they can crawl. `hosts` are the hosts its pages live on; `searchable` says
    whether it can be asked for words (else by category or address only)."""

    name: str
    kind: Literal["products", "designs"]
    home: str
    hosts: list[str] = []
    routes: list[str] = []
    searchable: bool = True
    robots: Literal["obeyed", "ignored", "terms"] = "obeyed"
    key: Literal["none", "set", "missing"] = "none"
    pace: float | None = None  # seconds between requests
    currency: str | None = None
    terms: dict[str, object] = {}
    fees: dict[str, object] = {}  # what a market takes beside the price, as data with the date it was read


class WorkerInfo(msgspec.Struct):
    """One living worker process. `jobs` run now, `crawls` since it started, `rss_mb` of memory; times in Unix
    seconds."""

    id: str
    kind: str = "crawl"
    jobs: int = 0
    crawls: int = 0
    rss_mb: float = 0.0
    started_at: float = 0.0
    seen_at: float = 0.0
