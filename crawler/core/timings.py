"""How long each route takes: all calls counted, the newest kept for percentiles."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from prometheus_client.core import SummaryMetricFamily
from prometheus_client.registry import Collector

from crawler.core.metrics import REGISTRY

KEPT = 2_000  # newest calls per route


class Timings(Collector):
    """`route` is a template such as /v1/products/{id}: there are few of them."""

    def __init__(self) -> None:
        self._newest: dict[str, deque[float]] = {}
        self._count: dict[str, int] = {}
        self._sum: dict[str, float] = {}

    def add(self, route: str, seconds: float) -> None:
        if route not in self._newest:
            self._newest[route], self._count[route], self._sum[route] = deque(maxlen=KEPT), 0, 0.0
        self._newest[route].append(seconds)
        self._count[route] += 1
        self._sum[route] += seconds

    def routes(self) -> list[dict[str, Any]]:
        """{"route", "count", "p50_ms", "p95_ms", "p99_ms", "max_ms"} of each, by name; all but the count are of the
        newest KEPT calls."""
        return [{"route": route, "count": self._count[route]} | _figures(sorted(self._newest[route]))
                for route in sorted(self._newest)]  # fmt: skip

    def collect(self) -> Iterator[SummaryMetricFamily]:
        family = SummaryMetricFamily("homefeed_request_seconds", "Until the first byte of the answer", labels=["route"])
        for route in list(self._count):
            family.add_metric([route], self._count[route], self._sum[route])
        yield family


def _figures(seconds: list[float]) -> dict[str, float]:
    """Nearest-rank percentiles of sorted times."""
    last = len(seconds) - 1
    found = {f"p{part}_ms": seconds[-(-part * len(seconds) // 100) - 1] for part in (50, 95, 99)}
    return {name: round(value * 1000, 3) for name, value in (found | {"max_ms": seconds[last]}).items()}


TIMINGS = Timings()
REGISTRY.register(TIMINGS)
