"""How homefeed itself does."""

from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Shape
from api.schemas.products import Time

State = Literal["healthy", "suspect", "held"]


class RunShape(Shape):
    """`coverage`: which part of the things told each field; `verdicts`: pages by verdict. Measured on what was read,
    also where it was withheld."""

    status: str
    reason: str
    query: str
    started_at: Time
    finished_at: Time
    pages: int
    items: int
    verdicts: dict[str, int]
    coverage: dict[str, float]
    withheld: int = Field(description="Pages that were read and not stored, for how they looked")
    state: State
    reasons: list[str]
    shapes: dict[str, dict[str, float]] = Field(description="Counts and shares by depth of page: list, page")
    prices: dict[str, list[int]] = Field(description="A tenth, half and nine tenths of all prices, in minor units")


class SiteShape(Shape):
    """A site of the source that is not healthy. `usual`: what its good pages looked like, by depth of page."""

    site: str
    state: State
    reasons: list[str]
    since: Time
    usual: dict[str, dict[str, float]]


class CircuitShape(Shape):
    """A host that failed again and again: `open`, and `seconds` until one request finds out; or `half_open`."""

    site: str
    state: Literal["open", "half_open"]
    seconds: float
    failures: int
    reason: str


class QuotaShape(Shape):
    """What the terms allow; null where they do not say."""

    per_minute: int | None
    per_day: int | None


class SourceShape(Shape):
    """`worker`: some living worker can crawl it; null when Redis does not answer. What only a worker knows is null
    without one."""

    name: str
    worker: bool | None
    kind: Literal["products", "designs"] | None
    home: str | None
    hosts: list[str]
    routes: list[str]
    searchable: bool | None
    robots: str | None
    key: str | None
    pace: float | None = Field(description="Seconds between requests")
    currency: str | None
    terms: dict[str, Any]
    quota: QuotaShape
    fees: dict[str, Any] = Field(description="What a market takes beside the price, with the day it was read")
    circuits: list[CircuitShape] | None = Field(description="Hosts not asked now; null when Redis does not answer")
    status: str = Field(description="Of the last run; `unknown` without one")
    last_run: RunShape | None
    state: State = Field(description="Do its pages look as ever? That of its worst site; `held`: nothing is stored")
    reasons: list[str]
    since: Time = Field(description="Since when it is not healthy")
    sites: list[SiteShape]


class AlarmShape(Shape):
    """A site of a source that went from one state to another."""

    source: str
    site: str
    state: State
    was: State
    reasons: list[str]
    at: Time


class SourcesShape(Shape):
    results: list[SourceShape]
    alarms: list[AlarmShape] | None = Field(description="Newest first; null when Redis does not answer")
    waiting: int | None = Field(description="Jobs in line; null when Redis does not answer")


class RouteShape(Shape):
    route: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


class CacheShape(Shape):
    hit: int
    stale: int
    miss: int
    away: int
    hit_rate: float | None


class WorkerShape(Shape):
    id: str
    kind: str
    jobs: int
    crawls: int
    rss_mb: float
    started_at: Time
    seen_at: Time


class RelayShape(Shape):
    followers: dict[str, int]
    deliveries: int


class StatsShape(Shape):
    """Of this process since it started, but `waiting`, `workers` and `store` of all. `routes` are answers that were
    computed; those from the cache are counted in `cache`. Null: it does not answer."""

    routes: list[RouteShape]
    cache: CacheShape
    relay: RelayShape
    waiting: int | None
    workers: list[WorkerShape] | None
    store: dict[str, int] | None


class AliveShape(Shape):
    status: Literal["ok"]


class ReadyShape(Shape):
    status: Literal["ok"]
    store: Literal["ok"]
    redis: Literal["ok"]
