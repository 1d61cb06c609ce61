"""The store stage: what is unchanged costs a touch, what moved is written once, races are decided by the store."""

import asyncio
from itertools import pairwise

import pytest

from crawler.core.models import Availability, Evidence, Offer, Product
from crawler.core.store import open_store
from crawler.pipelines.store import keep


def reading(price: int = 1000, n: int = 1, stock: Availability = Availability.in_stock) -> Product:
    offer = Offer(price=price, currency="INR", availability=stock)
    return Product(
        f"shop:{n}", "shop", str(n), f"http://shop.test/p/{n}", title="Sofa", offers=[offer], evidence=Evidence()
    )


@pytest.fixture
async def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'h.db'}")
    await store.open()
    yield store
    await store.close()


async def test_first_sight_is_written_once(store):
    written, lost = await keep(store, [reading(), reading(n=2)], at=1.0)
    assert [c.field for r in written for c in r.outbox] == ["new", "new"]
    assert lost == []
    assert await keep(store, [reading(), reading(n=2)], at=2.0) == ([], [])
    assert (await store.records(["shop:1"]))["shop:1"].last_seen == 2.0


async def test_a_change_is_written_with_its_outbox(store):
    await keep(store, [reading(1000)], at=1.0)
    await keep(store, [reading(900)], at=2.0)
    record = (await store.records(["shop:1"]))["shop:1"]
    assert [(c.field, c.old, c.new) for c in record.outbox] == [("new", None, "10.00"), ("price", "10.00", "9.00")]
    assert record.product.offer.price == 900


async def test_a_candidate_is_looked_at_again_although_the_reading_is_the_same(store):
    await keep(store, [reading(1000)], at=1.0)
    written, _ = await keep(store, [reading(500)], at=2.0)
    assert written[0].candidates
    written, _ = await keep(store, [reading(500)], at=3.0)
    assert written[0].outbox[-1].confirmed == "repeat"


async def test_pages_in_parallel_lose_nothing(store):
    await keep(store, [reading(1000)], at=1.0)
    results = await asyncio.gather(*(keep(store, [reading(1000 - n)], at=10.0) for n in range(1, 7)))
    record = (await store.records(["shop:1"]))["shop:1"]
    changes = [c for c in record.outbox if c.field == "price"]
    assert sum(len(written) for written, _ in results) == len(changes) == 6
    assert all(a.new == b.old for a, b in pairwise(changes))
    assert all(lost == [] for _, lost in results)


async def test_an_older_reading_changes_nothing(store):
    await keep(store, [reading(1000)], at=5.0)
    assert await keep(store, [reading(900)], at=4.0) == ([], [])
