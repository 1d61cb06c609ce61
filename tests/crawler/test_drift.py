"""A shop that changes its pages: alarm within the run, nothing of it believed, others untouched, and the way back. One
warm worker searches all along, and what it told is in the change stream."""

import pytest

from crawler.core.bus import Bus
from crawler.core.drift.alarms import alarms
from crawler.core.drift.standings import accept, standings
from crawler.core.store import open_store
from tests.crawler.jobs.workers import workers
from tests.demo_world import control

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]  # a worker process and half a dozen searches
MOVED = 3  # a tick at which many goods have another price
ARGS = {"pages": "2", "details": "10"}


class Watched:
    """The demo's shops, a worker that searches them, and what became of it."""

    def __init__(self, running, folder):
        self._running, self._folder = running, folder

    async def search(self, *shops: str) -> dict[str, tuple[str, int]]:
        """(status, count) by shop."""
        job, _ = await self._running.search(sources=list(shops), args=ARGS, priority="person")
        return {p.name: (p.status, p.count) for p in job.progress.values()}

    async def changes(self) -> list[str]:
        """Shops of all changes but first sights."""
        bus = Bus(self._running.url)
        found = (await bus.read("0-0", 10_000)).changes
        await bus.close()
        return [change.retailer for change in found if change.field != "new"]

    async def store(self, ask):
        store = open_store(f"sqlite:///{self._folder / 'homefeed.db'}")
        await store.open()
        try:
            return await ask(store)
        finally:
            await store.close()

    async def state(self, shop: str) -> str:
        return next((s.state for s in await self.store(lambda store: standings(store, shop))), "healthy")


@pytest.fixture
async def watched(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()
        yield Watched(running, tmp_path), demo
    for shop in ("alder", "birch"):
        control(demo[shop], fault="none", tick=0)


async def test_another_currency_holds_the_shop_and_nobody_else(watched):
    world, demo = watched
    await world.search("birch", "alder")
    control(demo["birch"], fault="dollars", times=900, tick=MOVED)
    found = await world.search("birch", "alder")
    assert found["birch"] == ("held", 0)
    assert found["alder"][0] == "ok"
    assert await world.state("birch") == "held"
    assert set(await world.changes()) == {"alder"}
    (run,) = await world.store(lambda store: store.runs("birch", limit=1))
    assert (run.status, run.state, run.items, run.withheld) == ("held", "held", 0, run.pages)
    assert "USD" in " ".join(run.reasons)
    assert run.shapes["list"]["per_page"] > 1
    told = await alarms(world._running.url)
    assert [(alarm.source, alarm.state) for alarm in told] == [("birch", "held"), ("birch", "suspect")]
    control(demo["birch"], fault="none")
    await world.search("birch")
    assert (await world.state("birch"), set(await world.changes())) == ("suspect", {"alder"})
    await world.search("birch")
    assert (await world.state("birch"), set(await world.changes())) == ("healthy", {"alder", "birch"})


async def test_structured_data_gone_alarms_and_is_taken_when_the_operator_says_so(watched):
    world, demo = watched
    await world.search("alder")
    control(demo["alder"], fault="bare", times=900, tick=MOVED)
    await world.search("alder")
    assert await world.state("alder") == "suspect"
    assert await world.changes() == []
    assert len(await world.store(lambda store: accept(store, "alder"))) == 1
    assert await world.state("alder") == "healthy"
