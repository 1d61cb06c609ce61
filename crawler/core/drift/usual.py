"""What is usual on a site's pages of one depth, from samples of good ones: medians, so that a few odd pages move
nothing, and shares of all their products."""

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from crawler.core.drift.measure import total
from crawler.core.drift.memory import Sample

LEAST_PAGES = {"page": 8, "list": 2}  # good pages before anything counts as usual
LEAST_ITEMS = 8
ALWAYS = 0.95  # a reader that tells something of this share of the products is missed when silent
RARELY = 0.05
SPREADS = 6.0  # median absolute deviations that are still usual
SLACK = 0.2  # of a share, where pages hardly differ
HALF = 0.5
CHANCE = 0.03  # what is less likely than this is not taken for chance


class Usual(msgspec.Struct):
    """`coverage`: (median, median absolute deviation) of each field's share of a page's products; the price's among
    those not sold out. The readers and currencies map to their share of all products."""

    pages: int
    items: int
    per_page: float
    coverage: dict[str, tuple[float, float]]
    readers: dict[str, float]
    price_readers: dict[str, float]
    stock_readers: dict[str, float]
    currencies: dict[str, float]
    agreed: float
    disputed: float

    def fell(self, field: str, sample: Sample) -> bool:
        """Is it told of far fewer products of this page than of other pages?"""
        middle, spread = self.coverage.get(field, (0.0, 0.0))
        low = middle - max(SLACK, SPREADS * spread)
        return middle >= HALF and share_told(field, sample) < min(low, HALF * middle)

    def always(self) -> list[str]:
        """The readers that are missed when silent."""
        return [reader for reader, share in self.readers.items() if share >= ALWAYS]


def usual(depth: str, samples: Sequence[Sample]) -> Usual | None:
    """None as long as too little was seen."""
    whole = total(samples)
    if len(samples) < LEAST_PAGES[depth] or whole.items < LEAST_ITEMS:
        return None
    fields = [field for field in whole.told if field != "title"]
    return Usual(
        len(samples), whole.items, median(sample.items for sample in samples),
        {field: middle([share_told(field, sample) for sample in samples]) for field in fields},
        shares(whole.readers, whole.items), shares(whole.price_readers), shares(whole.stock_readers),
        shares(whole.currencies), whole.agreed / whole.items, whole.disputed / whole.items,
    )  # fmt: skip


def middle(values: Sequence[float]) -> tuple[float, float]:
    """(median, median absolute deviation)."""
    centre = median(values)
    return centre, median(abs(value - centre) for value in values)


def share_told(field: str, sample: Sample) -> float:
    """1 where nothing could be told."""
    of = sample.priceable if field == "price" else sample.items
    return min(1.0, sample.told.get(field, 0) / of) if of else 1.0


def shares(counts: Mapping[str, int], of: int = 0) -> dict[str, float]:
    whole = of or sum(counts.values())
    return {name: count / whole for name, count in counts.items()}


def unlikely(share: float, pages: int, in_a_row: int) -> bool:
    """Would a thing that happens on this share of `pages` hardly happen so often in a row?"""
    chance: float = (share * pages + 0.5) / (pages + 1)
    return in_a_row > 0 and chance**in_a_row < CHANCE
