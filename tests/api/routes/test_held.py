"""A held source: its goods are served, and said to be stale; /v1/sources says why, and what was usual."""

import pytest

from crawler.core.drift.alarms import sound
from crawler.core.drift.ledger import save
from crawler.core.drift.memory import Alarm, Memory
from crawler.core.drift.standings import accept
from tests.api.stocked import products, run
from tests.crawler.core.drift.sites import grown
from tests.crawler.core.store.making import record

WHY = "prices in USD, unlike ever"


async def hold(house, state="held"):
    """The site of the goods in `stocked`."""
    store, memory = await house.store(), grown()
    memory.site = record(1).product.url.split("/")[2]
    memory.state, memory.reasons, memory.since = state, [WHY], 20.0
    await save(store, memory)
    await sound(house.shared, Alarm("oak", memory.site, state, "healthy", [WHY], 20.0))


@pytest.mark.parametrize(("state", "stale"), [("held", True), ("suspect", False)])
async def test_goods_of_a_held_source_are_stale(api, state, stale):
    client, house = api
    await products(house, 3)
    await hold(house, state)
    body = (await client.get("/v1/products?q=sofa&refresh=never")).json()
    assert [p["stale"] for p in body["results"]] == [stale] * 3
    assert (await client.get("/v1/products/oak:1")).json()["stale"] is stale
    assert (await client.get("/v1/products/oak:1/similar")).json()["stale"] is stale
    listed = (await client.get("/v1/products")).json()
    assert (listed["stale"], len(listed["results"])) == (stale, 3)


async def test_a_cached_answer_is_told_anew_when_its_source_is_held_and_when_it_is_not(api):
    client, house = api
    await products(house, 1)
    told = [(await client.get("/v1/products/oak:1")).json()["stale"]]
    await hold(house)
    told.append((await client.get("/v1/products/oak:1")).json()["stale"])
    assert await accept(await house.store(), "oak")
    site = record(1).product.url.split("/")[2]
    await sound(house.shared, Alarm("oak", site, "healthy", "held", [], 30.0))
    told.append((await client.get("/v1/products/oak:1")).json()["stale"])
    assert told == [False, True, False]


async def test_sources_say_what_drifts_and_since_when(api):
    client, house = api
    await hold(house)
    body = (await client.get("/v1/sources")).json()
    (oak,) = body["results"]
    assert (oak["name"], oak["state"], oak["reasons"], oak["since"]) == (
        "oak", "held", [WHY], "1970-01-01T00:00:20.000Z",
    )  # fmt: skip
    (site,) = oak["sites"]
    assert (site["state"], site["usual"]["list"]["per_page"], site["usual"]["page"]["price"]) == ("held", 40, 1.0)
    assert [(a["source"], a["state"], a["was"], a["reasons"]) for a in body["alarms"]] == [
        ("oak", "held", "healthy", [WHY])
    ]


async def test_a_healthy_source_says_so(api):
    client, house = api
    await save(await house.store(), Memory("oak", "oak.test"))
    await products(house, 1)
    await (await house.store()).add_run(run())
    (oak,) = (await client.get("/v1/sources")).json()["results"]
    assert (oak["state"], oak["reasons"], oak["since"], oak["sites"]) == ("healthy", [], None, [])
