"""One retailer through its days: the good ones before, once; then each fault from the same store on."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from bench.truth_world import naive, timeline
from bench.truth_world.cases import cases
from bench.truth_world.crawl import Clock, OneStore, Run, crawl, settings
from bench.truth_world.faults import Fault, redesign
from bench.truth_world.goods import state
from bench.truth_world.outcome import AT_ONCE, Outcome
from bench.truth_world.reading import read, spider
from bench.truth_world.score import Event, Truth, judged, words
from bench.truth_world.site import Site
from bench.truth_world.stock import Stock
from crawler.core.drift.memory import STANDING
from crawler.core.models import Change, Page

NEIGHBOURS, NEXT_DOOR = ("ikea", "flipkart"), 4  # goods of its own
SUFFERS = 1 / 3  # of a source's pages: from here on the source drifts, not a page
SOUND = ("none", "shop", "neighbour")  # kinds of faults in which all pages are what they always were
START = 1_800_000_000.0  # when run 0 begins


class Days:
    """One retailer's shop over time, and another's beside it in the same store, where nothing truly changes."""

    def __init__(self, retailer: str, stock: Stock, folder: Path, neighbour: Site):
        self.retailer, self.stock, self.folder, self.neighbour = retailer, stock, folder, neighbour
        self.own = settings()

    async def before(self) -> None:
        """The runs that make the source known."""
        site, line = Site(self.retailer, self.stock), timeline.Timeline(self.stock, "none")
        await self._through(site, line, range(-timeline.WARM, 0), self.folder / "known.db", None)

    async def sequence(self, fault: Fault) -> Outcome:
        store = self.folder / "one.db"
        shutil.copyfile(self.folder / "known.db", store)
        site, line = Site(self.retailer, self.stock), timeline.Timeline(self.stock, fault.name)
        tracker = naive.Tracker(self.retailer)
        site.states, site.run = line.states[-1], -1
        tracker.look(site, -1)
        events, alarms, wrong = await self._through(site, line, range(timeline.RUNS), store, fault, tracker)
        site.states, site.run = line.states[1], 1
        score = judged(events, Truth(line.states, self.stock), fault.name)
        rival = judged(tracker.events, Truth(naive.seen(line.states, self.stock), self.stock), fault.name)
        due = fault.kind == "structure" and suffering(site, fault) > SUFFERS
        first = min(alarms, default=None)
        return Outcome(score, rival, due, fault.kind in SOUND, first, list(alarms.values()), wrong)

    async def _through(self, site: Site, line: timeline.Timeline, runs: range, store: Path, fault: Fault | None,
                       tracker: naive.Tracker | None = None) -> tuple[list[Event], dict[int, str], list[str]]:  # fmt: skip
        for part in ("-wal", "-shm"):
            Path(f"{store}{part}").unlink(missing_ok=True)
        beside = fault is None or fault.kind == "neighbour"
        shared, clock, events, alarms = OneStore(f"sqlite:///{store}"), Clock(START), list[Event](), dict[int, str]()
        await shared.enter()
        site.fault = fault
        with clock.ticking():
            for run in runs:
                clock.now, site.run, site.states = START + run * line.step, run, line.states[run]
                if beside:
                    await self._next_door(shared, clock, run, redesign() if fault else None)
                heard = len(shared.heard.changes)
                pages = await crawl(shared, Run(spider(self.retailer), self.own, site.urls), clock,
                                    lambda request, second: site.fetch(request, second, clock.now))  # fmt: skip
                events += [Event(run, c, evidence(pages, c)) for c in shared.heard.changes[heard:]]
                if tracker:
                    tracker.look(site, run)
                if said := await alarm(shared, self.retailer):
                    alarms[run] = f"run {run}: {said}"
            wrong = await self._stored_wrong(shared, line.states[runs[-1]])
        await shared.leave()
        return events, alarms, wrong

    async def _next_door(self, shared: OneStore, clock: Clock, run: int, fault: Fault | None) -> None:
        """The neighbour's run. Raises RuntimeError when a redesign leaves it as it was: then it proves nothing."""
        site = self.neighbour
        site.run, site.fault, site.states = run, fault, timeline.at_rest(site.stock)
        await crawl(shared, Run(spider(site.retailer), self.own, site.urls), clock,
                    lambda request, second: site.fetch(request, second, clock.now))  # fmt: skip
        if fault and run == AT_ONCE and not await alarm(shared, site.retailer):
            raise RuntimeError(f"{site.retailer} was redesigned and nobody was told")

    async def _stored_wrong(self, shared: OneStore, truth: dict[str, Any]) -> list[str]:
        """What the store says of a good in the end and is not so."""
        records = await (await shared.store()).records(list(truth))
        found = []
        currencies = Truth({}, self.stock).currencies
        for product_id, true in truth.items():
            offer = records[product_id].product.offer if product_id in records else None
            for field in ("price", "availability"):
                now, right = (
                    words(state(offer), field, offer and offer.currency),
                    words(true, field, currencies[product_id]),
                )
                if now is not None and right is not None and now != right:
                    found.append(f"{product_id} {field} {now} instead of {right}")
        return found


def evidence(pages: list[Page], change: Change) -> str:
    """What the last page with this good says of its own reading."""
    found = [(page, p) for page in pages for p in page.products if p.id == change.product_id]
    if not found:
        return "on no page of this run"
    page, product = found[-1]
    told = product.evidence
    field = "price" if change.field == "new" else change.field
    disputed = f", disputed: {' '.join(told.disputed)}" if told.disputed else ""
    return f"{told.depth} {page.url[:90]} by {page.way}, {field} from {told.fields.get(field)}, confidence {told.confidence}{disputed}"


async def alarm(shared: OneStore, retailer: str) -> str:
    """What is said to be wrong with the source after its run, if anything: by the run's status, or of one of its sites."""
    store = await shared.store()
    run = (await store.runs(retailer))[0]
    sites = [
        f"{found['state']} for {'; '.join(found['reasons'])[:120]}"
        for _, found in await store.list(STANDING, f"{retailer}@")
    ]
    return " | ".join(([run.status] if run.status != "ok" else []) + sites)


def suffering(site: Site, fault: Fault) -> float:
    """The share of the source's pages that no longer say what they should, read alone."""
    bad = 0
    for thing in site.things:
        spoiled = fault.spoil(site.truth(thing), site._scene(thing))
        bad += spoiled is not None and _said(site, thing, spoiled) != _said(site, thing, site.truth(thing))
    return bad / len(site.things)


def _said(site: Site, thing: Any, answer: Any) -> Any:
    page = read(site.retailer, thing.case.args, answer)
    return (
        {p.id: (state(p.offer), p.offer and p.offer.currency) for p in page.products} if page.verdict == "ok" else None
    )


def run_retailer(retailer: str, captures: bool, faults: list[Fault], folder: Path, most: int) -> dict[str, Outcome]:
    """Every fault for one retailer, by its name."""
    other = next(name for name in NEIGHBOURS if name != retailer)
    neighbour = Site(other, Stock(cases(other, captures=False), NEXT_DOOR))

    async def all_of_it() -> dict[str, Outcome]:
        days = Days(retailer, Stock(cases(retailer, captures), most), folder, neighbour)
        await days.before()
        return {fault.name: await days.sequence(fault) for fault in faults}

    return asyncio.run(all_of_it())
