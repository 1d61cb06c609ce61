"""A site under watch during one run: asked page by page before anything is stored, told when the run is over."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from crawler.core.drift import learn, state
from crawler.core.drift.faults import WITHHELD, WRONG, Compared, Faults, empty, list_faults, page_faults
from crawler.core.drift.goods import PATIENT, Move, Strange, alone_and_wild
from crawler.core.drift.measure import level, log_prices, measure
from crawler.core.drift.memory import Alarm, Memory, Sample, Sighting
from crawler.core.drift.usual import Usual, usual
from crawler.core.models import Page
from crawler.core.verdicts import Verdict

LIST = 5  # products from which one list speaks for its site
MANY_PAGES = 400  # after which older pages count half


class Finding(msgspec.Struct):
    """`withheld`: why nothing of the page may be stored, and its `verdict` then. `dropped`: products that may not, by
    id. `sample`, `prices` (logarithms by currency) and `moves` of known products: what the page measured. `alarm`:
    what it made of its site."""

    withheld: str = ""
    verdict: Verdict = Verdict.drifted
    dropped: Mapping[str, Strange] = {}
    sample: Sample | None = None
    depth: str = ""
    prices: Mapping[str, list[float]] = {}
    moves: Mapping[Move, int] = {}
    alarm: Alarm | None = None


class Watch:
    """Changes its `memory`; `rev` is the one it was loaded with."""

    def __init__(self, memory: Memory):
        self.memory, self.rev = memory, memory.rev
        self.faulty = False
        self._good = Counter[str]()
        self._usual: dict[str, tuple[int, Usual | None]] = {}

    def wild(self, page: Page) -> list[str]:
        """Products of which `look` should know the published price."""
        return [p.id for p in page.products if alone_and_wild(p, self.memory.goods.get(learn.name(p)))]

    def look(self, page: Page, at: float, published: Mapping[str, int | None] = MappingProxyType({})) -> Finding:
        """`published`: prices by product, for those that seem `wild`."""
        self._count(page)
        if not page.products:
            return self._unread(page, at)
        depth, sample = page.products[0].evidence.depth, measure(page.products)
        prices = log_prices(page.products)
        known = self._known(depth)
        compared = learn.compare(page, sample, known, self.memory, at, published)
        address = self.memory.addresses.get(learn.mark(page.url)) if depth == "list" else None
        if depth == "list":
            faults = list_faults(sample, known, compared, address, level(prices))
        else:
            faults = page_faults(sample, known, compared)
        alarm = self._note(page, depth, faults, compared, at)
        finding = Finding("; ".join(text for kind, text in faults.items() if kind in WITHHELD))
        if self.memory.state == "held":
            finding.withheld = f"held: {finding.withheld or '; '.join(self.memory.reasons)}"
        elif finding.withheld:
            finding.verdict = Verdict.partial if set(faults) == {"items"} else Verdict.drifted
        else:
            learn.learn(page, sample, level(prices), faults, compared, self.memory)
        self._wait(page, compared, faults, at)
        finding.dropped, finding.sample, finding.depth = compared.strange, sample, depth
        finding.prices, finding.moves, finding.alarm = prices, compared.moves, alarm
        return finding

    def end(self, at: float) -> Alarm | None:
        """The run is over. One without a fault, with pages of a kind that was at fault, speaks for its site."""
        wanted = self.memory.faulty or list(self._good)
        clean = sum(self._good[depth] for depth in wanted)
        return None if self.faulty or not clean else state.recovered(self.memory, clean, at)

    def _count(self, page: Page) -> None:
        memory = self.memory
        memory.pages += 1
        memory.cuts += page.verdict == Verdict.partial
        if memory.pages > MANY_PAGES:
            memory.pages, memory.cuts = memory.pages // 2, memory.cuts // 2

    def _known(self, depth: str) -> Usual | None:
        """Worked out anew when there are a fifth more pages; once it is full, at the next run."""
        samples = self.memory.samples.get(depth, [])
        count, known = self._usual.get(depth, (-1, None))
        if len(samples) > count + count // 5:
            known = usual(depth, samples)
            self._usual[depth] = len(samples), known
        return known

    def _unread(self, page: Page, at: float) -> Finding:
        """A page that gave nothing: whether that is odd hangs on what its address gave before."""
        url = learn.mark(page.url)
        known, faults = self.memory.addresses.get(url), Faults()
        if page.verdict == Verdict.drifted:
            faults["unread"] = page.reason
        elif page.verdict == Verdict.partial:
            faults["cut"] = page.reason
        elif known and empty(known):
            faults["empty"] = f"0 of usually {known.items} items"
            learn.shrunk(self.memory.addresses, url)
        if not faults:
            return Finding()
        depth = "list" if known and known.items > 1 else "page"
        return Finding(alarm=self._note(page, depth, faults, None, at))

    def _note(self, page: Page, depth: str, faults: Faults, compared: Compared | None, at: float) -> Alarm | None:
        marks = [way for way in compared.moves if way != "same"] if compared and depth == "page" else []
        sighting = Sighting(depth, learn.mark(page.url), [*faults, *marks])
        known = self._known(depth)
        judged, alarm = state.note(self.memory, sighting, faults, known.pages if known else 0, at)
        if judged != "healthy" or not WRONG.isdisjoint(faults):
            self.faulty = True
        elif not faults and compared:
            self._good[depth] += state.CLEAN if depth == "list" and len(page.products) >= LIST else 1
        return alarm

    def _wait(self, page: Page, compared: Compared, faults: Faults, at: float) -> None:
        if not PATIENT.isdisjoint(compared.strange.values()) and self.memory.state != "held":
            learn.postpone(page, compared, self.memory, at)
        if "items" in faults:
            learn.shrunk(self.memory.addresses, learn.mark(page.url))
