"""The dedupe stage: copies within a page, a crawl and the store become one group; nothing is lost."""

from pathlib import Path

import pytest

from crawler.core import shared as shared_module
from crawler.core.config import load
from crawler.core.models import Design, License, Page, Rendition
from crawler.core.pictures import inspect
from crawler.core.pictures.looks import describe
from crawler.core.store import DesignQuery
from crawler.pipelines.dedupe import KEPT, DedupePipeline, Known
from tests.crawler.pipelines.test_verify import Crawler
from tests.pictures import encoded, photo


@pytest.fixture
def crawler(tmp_path):
    made = Crawler()
    shared_module._by_owner[made] = shared_module.Shared(load({"HOMEFEED_DATA_DIR": str(tmp_path)}, Path("none")))
    return made


def design(name: str, seed: int | None, code="cc-by-4.0", size=(600, 400)) -> Design:
    made = Design(
        name,
        name.partition(":")[0],
        f"https://p.test/{name}",
        [Rendition(f"https://p.test/{name}.jpg", *size)],
        License(code),
        title=name,
        width=size[0] * 2,
        height=size[1] * 2,
    )
    if seed is not None:
        describe(made, inspect(encoded(photo(seed, *size))), at=1.0)
    return made


async def process(crawler, *designs: Design, known: Known | None = None) -> Page:
    """Through the stage and into the store, as the store stage writes it."""
    stage = DedupePipeline(crawler, known or Known())
    await stage.open_spider()
    page = await stage.process_item(Page("p", "https://p.test", "ok", designs=list(designs)))
    store = await shared_module.shared(crawler).store()
    await store.write_designs(page.designs + page.regrouped)
    await stage.close_spider()
    return page


async def groups(crawler) -> dict[str, str | None]:
    shared = shared_module.shared(crawler)
    await shared.enter()
    found, _ = await (await shared.store()).find_designs(DesignQuery(canonical=False, limit=100))
    await shared.leave()
    return {d.id: d.group for d in found}


async def test_copies_on_one_page(crawler):
    await process(crawler, design("a:1", 1), design("b:1", 1, size=(450, 300)), design("a:2", 2))
    assert await groups(crawler) == {"a:1": None, "b:1": "a:1", "a:2": None}


async def test_copies_on_pages_of_one_crawl_not_yet_stored(crawler):
    stage = DedupePipeline(crawler, Known())
    await stage.open_spider()
    await stage.process_item(Page("p", "u", "ok", designs=[design("a:1", 1)]))
    page = await stage.process_item(Page("p", "u", "ok", designs=[design("b:1", 1, size=(450, 300))]))
    await stage.close_spider()
    assert page.designs[0].group == "a:1"
    assert page.regrouped == []


async def test_copies_in_the_store(crawler):
    await process(crawler, design("a:1", 1))
    await process(crawler, design("b:1", 1, size=(450, 300)))
    assert await groups(crawler) == {"a:1": None, "b:1": "a:1"}


async def test_a_better_copy_takes_over_the_group(crawler):
    await process(crawler, design("a:1", 1), design("b:1", 1, size=(450, 300)))
    page = await process(crawler, design("c:1", 1, code="cc0-1.0", size=(300, 200)))
    assert {d.id for d in page.regrouped} == {"a:1", "b:1"}
    assert await groups(crawler) == {"a:1": "c:1", "b:1": "c:1", "c:1": None}


async def test_the_feed_shows_each_picture_once(crawler):
    await process(crawler, *(design(f"{source}:{n}", n) for n in range(5) for source in "abc"))
    shared = shared_module.shared(crawler)
    await shared.enter()
    found, total = await (await shared.store()).find_designs(DesignQuery())
    await shared.leave()
    assert total == 5
    assert {d.id for d in found} == {f"a:{n}" for n in range(5)}


async def test_seen_again_a_design_keeps_its_group(crawler):
    await process(crawler, design("a:1", 1), design("b:1", 1, size=(450, 300)))
    page = await process(crawler, design("b:1", 1, size=(450, 300)))
    assert page.designs[0].group == "a:1"
    page = await process(crawler, design("a:1", 1))
    assert page.designs[0].group is None
    assert page.regrouped == []


async def test_designs_nobody_looked_at_are_left_alone(crawler):
    page = await process(crawler, design("a:1", None), design("b:1", None))
    assert [d.group for d in page.designs] == [None, None]


async def test_pages_without_designs_open_no_store(crawler):
    stage = DedupePipeline(crawler, Known())
    await stage.process_item(Page("p", "u", "ok"))
    assert shared_module.shared(crawler)._all.opened == {}


def test_only_the_newest_are_kept_whole():
    known = Known()
    known.add([design(f"a:{n}", None) for n in range(KEPT + 5)])
    assert len(known.newest) == KEPT
    assert "a:0" not in known.newest
