import pytest

from crawler.core.models import SourceProgress
from crawler.core.models.jobs import Job
from crawler.core.searches import folded, last_search, remember


async def ended(store, at, sources=(), query="Green sofa", **fields):
    progress = {"oak": SourceProgress("oak", "ok", 3, ms=5)}
    await remember(store, Job(f"j{at}", "products", query, list(sources), finished_at=at, progress=progress, **fields))


@pytest.mark.parametrize(("query", "same"), [("GRÉEN,  sofa", "green sofa"), ("", ""), ("!?", ""), (" ", "")])
def test_queries_that_find_the_same_are_the_same(query, same):
    assert folded(query) == same


async def test_a_search_is_found_by_what_it_asked(store):
    assert await last_search(store, "products", "green sofa") is None
    await ended(store, 5.0)
    found = await last_search(store, "products", "GREEN sofa!")
    assert (found.finished_at, found.job_id, found.sources) == (5.0, "j5.0", [SourceProgress("oak", "ok", 3, ms=5)])
    assert await last_search(store, "designs", "green sofa") is None
    assert await last_search(store, "products", "green sofa", args={"location": "1"}) is None


async def test_a_search_of_all_sources_is_one_of_each(store):
    await ended(store, 5.0)
    assert (await last_search(store, "products", "green sofa", ["pine"])).finished_at == 5.0
    await ended(store, 9.0, ["pine"])
    assert (await last_search(store, "products", "green sofa", ["pine"])).finished_at == 9.0
    assert (await last_search(store, "products", "green sofa")).finished_at == 5.0
    await ended(store, 12.0)
    assert (await last_search(store, "products", "green sofa", ["pine"])).finished_at == 12.0


async def test_one_that_never_ended_counts_from_when_it_was_asked(store):
    await remember(store, Job("j", "products", "sofa", created_at=3.0))
    assert (await last_search(store, "products", "sofa")).finished_at == 3.0
