"""Every figure homefeed counts, by its one name. A process that serves `/metrics` gives out `exposition()`."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from crawler.core.models import Change, Page
from crawler.core.shop import source_of

REGISTRY = CollectorRegistry()


def _counter(name: str, says: str, *labels: str) -> Counter:
    return Counter(f"homefeed_{name}", says, labels, registry=REGISTRY)


class _Tally(Collector):
    """A counter kept in a plain dict, for where every microsecond counts."""

    def __init__(self, name: str, says: str, label: str, counts: Mapping[str, int]):
        self._family, self._counts = (f"homefeed_{name}", says, None, [label]), counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily(*self._family)
        for value, count in self._counts.items():
            family.add_metric([value], count)
        yield family


CACHE = dict.fromkeys(("hit", "stale", "miss", "away"), 0)  # += 1
REGISTRY.register(_Tally("cache", "Look-ups in the cache, and calls of it that found Redis away", "outcome", CACHE))
PAGES = _counter("pages", "Pages judged", "source", "verdict")
READINGS = _counter("readings", "Products and designs read from pages", "source")
DROPPED = _counter("dropped", "Odd data left out", "source", "reason")
CHANGES = _counter("changes", "Changes relayed to the stream", "source", "field")
CANDIDATES = _counter("candidates", "Products whose change waits for a second fetch", "source")
AWAY = _counter("away", "Calls that found an outside service away", "service")
WAYS = _counter("ways", "Requests by the way they took", "source", "way", "outcome")
RESTS = _counter("proxy_rests", "Times a proxy was put to rest", "reason")
PICTURES = _counter("pictures", "Pictures looked at", "source", "outcome")
FOLLOWERS = Gauge("homefeed_followers", "Clients that follow changes now", ["kind"], registry=REGISTRY)
DELIVERIES = _counter("deliveries", "Messages handed to clients that follow a channel")
CUT = _counter("cut", "Clients that were cut off", "reason")
ALARMS = _counter("drift_alarms", "Changes of a source's state", "source", "state")
STATES = Gauge("homefeed_drift_state", "0 healthy, 1 suspect, 2 held", ["source", "site"], registry=REGISTRY)
WITHHELD = _counter("withheld", "Pages and products withheld before they were stored", "source", "what")
LAG = Histogram(
    "homefeed_relay_lag_seconds", "From the stream to the last client's socket", registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)  # fmt: skip
WAITED = Histogram(
    "homefeed_pace_wait_seconds", "How long requests waited for their slot", ["site"], registry=REGISTRY,
    buckets=(0.001, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300),
)  # fmt: skip
CIRCUITS = Gauge("homefeed_circuit_state", "0 closed, 1 half-open, 2 open", ["site"], registry=REGISTRY)

JOBS = _counter("jobs", "Jobs a worker has ended", "kind", "outcome")
CRAWLS = _counter("crawls", "Crawls of one source each", "source", "status")
RECYCLED = _counter("recycled", "Workers that ended to start afresh", "reason")
WAITING = Gauge("homefeed_jobs_waiting", "Jobs in line", registry=REGISTRY)
MEMORY = Gauge("homefeed_worker_megabytes", "Memory of this worker", registry=REGISTRY)
FIRST_ITEM = Histogram(
    "homefeed_first_item_seconds", "From asking for a job to its first item", ["kind"], registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)  # fmt: skip


def page(page: Page) -> None:
    PAGES.labels(page.source, str(page.verdict)).inc()
    READINGS.labels(page.source).inc(len(page))
    dropped(page.source, page.dropped)
    if page.candidates:
        CANDIDATES.labels(page.source).inc(len(page.candidates))


def dropped(source: str, counts: Mapping[str, int]) -> None:
    for reason, count in counts.items():
        DROPPED.labels(source, reason).inc(count)


def relayed(changes: Iterable[Change]) -> None:
    for change in changes:
        CHANGES.labels(source_of(change.retailer), change.field).inc()


def away(service: str) -> None:
    """`service`: redis, store."""
    AWAY.labels(service).inc()


def job(kind: str, outcome: str) -> None:
    """`outcome`: done, failed, lost (cancelled, or done elsewhere), left (for another worker)."""
    JOBS.labels(kind, outcome).inc()


def picture(source: str, outcome: str) -> None:
    """`outcome`: ok, or why there is no picture."""
    PICTURES.labels(source, outcome).inc()


def way(source: str, kind: str, outcome: str) -> None:
    """`kind`: direct, proxy, browser. `outcome`: answered, refused, failed."""
    WAYS.labels(source, kind, outcome).inc()


def rest(reason: str) -> None:
    """Why a proxy rests: banned (the shop turned it away), failed, dead (it can't be used at all)."""
    RESTS.labels(reason).inc()


def waited(site: str, seconds: float) -> None:
    WAITED.labels(site).observe(seconds)


def circuit(site: str, state: str) -> None:
    """`state`: closed, half_open, open."""
    CIRCUITS.labels(site).set(("closed", "half_open", "open").index(state))


def followers(kind: str, more: int) -> None:
    """`kind`: websocket, sse, poll. `more`: 1 came or -1 went."""
    FOLLOWERS.labels(kind).inc(more)


def drift(source: str, site: str, state: str, level: int) -> None:
    """A site of a source is in another state: `level` 0 healthy, 1 suspect, 2 held."""
    ALARMS.labels(source, state).inc()
    STATES.labels(source, site).set(level)


def withheld(source: str, pages: int, products: int) -> None:
    WITHHELD.labels(source, "page").inc(pages)
    WITHHELD.labels(source, "product").inc(products)


def delivered(messages: int, lag_s: float) -> None:
    DELIVERIES.inc(messages)
    LAG.observe(max(0.0, lag_s))


def cut(reason: str) -> None:
    """`reason`: slow, overflow, offence, silent."""
    CUT.labels(reason).inc()


def exposition() -> bytes:
    """All of it in Prometheus' text format."""
    return generate_latest(REGISTRY)
