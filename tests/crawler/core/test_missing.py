"""Pages that one crawl did not find: believed of a shop that finds the others, and only of a product's own page."""

import pytest

from crawler.core.missing import Misses
from crawler.core.models import Page
from crawler.core.store import open_store

from .store.making import record

DAY = 24 * 3600.0


@pytest.fixture
async def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'h.db'}")
    await store.open()
    await store.write([record(n, price=1000, currency="INR", availability="in_stock") for n in (1, 2, 3)])
    yield store
    await store.close()


def page(n, at=DAY, way="direct"):
    return Page("oak", f"https://oak.test/{n}", "not_found", fetched_at=at, way=way)


async def read(misses, url="https://oak.test/2", n=2, depth="page"):
    found = record(n).product
    found.evidence.depth = depth
    await misses.ok(Page("oak", url, "ok", products=[found]), [url])


async def crawl(store, *pages, ok=0, over=True):
    """The records written by one crawl that read `ok` pages and then missed these."""
    misses, written = Misses(store), []
    for _ in range(ok):
        await read(misses)
    for missing in pages:
        await misses.add(missing, [missing.url])
        written += await misses.believed()
    return written + (await misses.believed(over=True) if over else [])


async def test_a_page_among_others_that_are_found_is_believed(store):
    (written,) = await crawl(store, page(1), ok=1)
    assert (written.product.id, written.absent.times, written.absent.ways) == ("oak:1", 1, ["direct"])


async def test_a_shop_that_finds_nothing_is_not_believed(store):
    assert await crawl(store, page(1), page(2), page(3)) == []
    assert await crawl(store, page(1), page(2), page("never-seen"), ok=2) != []
    assert await crawl(store, page(3), page("never-seen"), page("nor-this"), ok=0) == []


async def test_misses_are_believed_once_as_many_pages_are_found(store):
    misses = Misses(store)
    for n in (1, 2):
        await misses.add(page(n), [page(n).url])
        assert await misses.believed() == []
        await read(misses)
    assert sorted(r.product.id for r in await misses.believed()) == ["oak:1", "oak:2"]
    assert await misses.believed() == []


async def test_a_crawl_of_one_page_is_believed_when_it_is_over(store):
    assert await crawl(store, page(1), page(1, DAY + 5, "direct#confirm"), over=False) == []
    written = await crawl(store, page(1), page(1, DAY + 5, "direct#confirm"))
    assert [r.absent.times for r in written] == [1, 2]


async def test_each_address_asks_for_one_more_look(store):
    misses, first, second, unknown = Misses(store), page(1), page(1, DAY + 5, "browser"), page("never-seen")
    for missing in (first, second, unknown):
        await misses.add(missing, [missing.url])
    assert [p.candidates for p in (first, second, unknown)] == [["oak:1"], [], []]


async def test_a_page_that_is_known_under_its_real_address(store):
    misses, moved = Misses(store), Page("oak", "http://127.0.0.1:8000/1", "not_found", fetched_at=DAY, way="direct")
    await read(misses)
    await misses.add(moved, [moved.url, "https://oak.test/1"])
    assert [r.product.id for r in await misses.believed()] == ["oak:1"]


async def test_a_product_is_known_by_the_address_its_page_was_asked_for(store):
    misses, asked = Misses(store), "https://oak.test/itm?ref=sr_1_3"
    await read(misses, asked, n=1)
    await read(misses, "https://oak.test/search?q=x", n=3, depth="list")
    gone = Page("oak", "https://oak.test/404", "not_found", fetched_at=DAY, way="direct", asked=asked)
    lost = Page("oak", "https://oak.test/search?q=x", "not_found", fetched_at=DAY, way="direct")
    for missing in (gone, lost):
        await misses.add(missing, [missing.address, missing.address.partition("?")[0]])
    assert (gone.candidates, lost.candidates) == (["oak:1"], [])
    assert [r.product.id for r in await misses.believed()] == ["oak:1"]


async def test_three_days_make_it_discontinued_and_the_change_waits_to_be_relayed(store):
    for day in (1, 2, 3):
        await crawl(store, page(1, day * DAY), page(1, day * DAY + 5, "direct#confirm"), ok=1)
    (waiting,) = await store.outbox()
    assert [(c.field, c.old, c.new) for c in waiting.outbox] == [("availability", "in_stock", "discontinued")]
    assert waiting.product.offer.price == 1000
