"""When a list may be cached, and for how long."""

import math
import time

import pytest

from api.searches.ensure import ensure
from tests.api.stocked import searched, told


async def asked(house, query="sofa", refresh="auto", **more):
    return await ensure(house, "products", query, {}, refresh, "ann", **more)


async def test_a_list_lasts_until_its_next_search_is_due(api):
    _, house = api
    await searched(house, "products", "sofa", time.time() - 100, oak="ok")
    found = await asked(house)
    assert found.settled
    assert 195 < found.lasts_s <= 200
    assert (found.stale, found.running, found.search_id) == (False, False, None)


@pytest.mark.parametrize(("query", "refresh"), [("", "auto"), ("", "force"), ("sofa", "never")])
async def test_a_list_that_starts_no_search_lasts(api, query, refresh):
    found = await asked(api[1], query, refresh)
    assert (found.settled, found.lasts_s) == (True, math.inf)


async def test_a_list_whose_search_runs_is_not_cached(api):
    found = await asked(api[1])
    assert (found.settled, found.running, found.stale) == (False, True, True)


async def test_askers_at_once_share_a_search_whose_client_is_who_came_first(api):
    _, house = api
    assert len({(await asked(house, query)).search_id for query in ("sofa", "SOFA ", "söfa")}) == 1
    assert (await (await house.queue()).take("slot")).client == "ann"


async def test_a_fresh_search_of_all_sources_counts_for_one_of_them(api):
    _, house = api
    await told(house, "oak", "pine")
    await searched(house, "products", "sofa", time.time(), oak="ok", pine="ok")
    found = await asked(house, sources=["oak"])
    assert [(s["name"], s["status"]) for s in found.sources] == [("oak", "cached")]


async def test_a_search_of_one_source_is_not_one_of_all(api):
    _, house = api
    await searched(house, "products", "sofa", time.time(), ["oak"], oak="ok")
    assert (await asked(house)).search_id


async def test_freshness_is_of_one_place(api):
    _, house = api
    await searched(house, "products", "sofa", time.time(), args={"location": "560001"}, oak="ok")
    assert (await asked(house)).search_id
    assert (await ensure(house, "products", "sofa", {"location": "560001"}, "auto", "ann")).search_id is None
