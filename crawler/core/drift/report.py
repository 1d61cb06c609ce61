"""What a run measured, whether it was stored or withheld."""

from collections import Counter
from math import exp
from statistics import quantiles

from crawler.core.drift.measure import PRODUCT_FIELDS, add_up
from crawler.core.drift.memory import Sample
from crawler.core.drift.watch import Finding

MOST = 5_000  # prices of one currency that are kept
FIELDS = (*PRODUCT_FIELDS, "price", "list_price", "availability")


class Report:
    def __init__(self) -> None:
        self.withheld = 0
        self._samples: dict[str, Sample] = {}
        self._pages, self._known, self._jumps = Counter[str](), Counter[str](), Counter[str]()
        self._prices: dict[str, list[float]] = {}

    def add(self, finding: Finding) -> None:
        self.withheld += bool(finding.withheld)
        if finding.sample is None:
            return
        depth = finding.depth
        add_up(self._samples.setdefault(depth, Sample()), finding.sample)
        self._pages[depth] += 1
        self._known[depth] += sum(finding.moves.values())
        self._jumps[depth] += finding.moves.get("up", 0) + finding.moves.get("down", 0)
        for currency, prices in finding.prices.items():
            kept = self._prices.setdefault(currency, [])
            kept += prices[: MOST - len(kept)]

    def coverage(self) -> dict[str, float]:
        """Which share of all products told each field."""
        items = max(1, sum(sample.items for sample in self._samples.values()))
        told = {field: sum(s.told.get(field, 0) for s in self._samples.values()) for field in FIELDS}
        return {field: round(count / items, 4) for field, count in told.items()}

    def shapes(self) -> dict[str, dict[str, float]]:
        """By depth: pages, items, items on a page, and the shares that were agreed on, disputed, priced, and of the
        known products that jumped."""
        return {depth: self._shape(depth, sample) for depth, sample in self._samples.items()}

    def _shape(self, depth: str, sample: Sample) -> dict[str, float]:
        items, pages = max(1, sample.items), self._pages[depth]
        return {
            "pages": pages, "items": sample.items, "per_page": round(sample.items / pages, 1),
            "agreed": round(sample.agreed / items, 4), "disputed": round(sample.disputed / items, 4),
            "priced": round(sample.told.get("price", 0) / max(1, sample.priceable), 4),
            "jumped": round(self._jumps[depth] / max(1, self._known[depth]), 4),
        }  # fmt: skip

    def prices(self) -> dict[str, list[int]]:
        """By currency the tenth, the half and nine tenths of all prices, in minor units."""
        return {currency: spread(logs) for currency, logs in self._prices.items()}


def spread(logs: list[float]) -> list[int]:
    tenths = quantiles(logs, n=10, method="inclusive") if len(logs) > 1 else logs * 9
    return [round(exp(tenths[place])) for place in (0, 4, 8)]
