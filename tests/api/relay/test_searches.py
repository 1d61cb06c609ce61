"""`search:<id>`: the events of a crawl job on the socket, from its start, for any number of clients."""

import pytest

from crawler.core.models import JobEvent, SourceProgress
from tests.api.relay.live import heard, said, subscribed, until


@pytest.fixture
async def job(live):
    """(queue, a job that a worker has taken)."""
    queue = await live.house.queue()
    await queue.submit("products", "sofa", sources=["oak"])
    return queue, await queue.take("slot")


def item(n):
    return JobEvent("item", items=[{"id": f"oak:{n}", "title": f"Sofa {n}"}])


async def told(ws, count):
    return [(await heard(ws))["data"] for _ in range(count)]


async def test_every_event_from_the_start_then_live_to_all_who_follow(live, job):
    queue, taken = job
    channel = f"search:{taken.id}"
    await queue.report(taken, [JobEvent("progress", source=SourceProgress("oak", "running", count=1)), item(1)])
    async with live.client() as one, live.client() as two:
        (reply,) = await subscribed(one, channel)
        assert (reply["snapshot"]["state"], reply["snapshot"]["query"], reply["recovered"]) == ("running", "sofa", True)
        assert "client" not in reply["snapshot"]
        first = await told(one, 2)
        assert first[0]["source"]["name"] == "oak"
        assert first[1] == {"type": "item", "items": [{"id": "oak:1", "title": "Sofa 1"}]}
        await subscribed(two, channel)
        await told(two, 2)
        assert len(live.house.sources.searches._open) == 1
        await queue.report(taken, [item(2), JobEvent("done", state="done")])
        for ws in (one, two):
            got = await told(ws, 2)
            assert got[0]["items"][0]["id"] == "oak:2"
            assert (got[1]["type"], got[1]["state"]) == ("done", "done")
    await until(lambda: not live.house.sources.searches._open)


async def test_a_client_that_comes_back_gets_what_it_missed_of_a_search(live, job):
    queue, taken = job
    await queue.report(taken, [item(1)])
    async with live.client() as ws:
        (reply,) = await subscribed(ws, f"search:{taken.id}")
        place = {"after": (await heard(ws))["position"], "epoch": reply["epoch"]}
    await queue.report(taken, [item(2)])
    async with live.client() as ws:
        (reply,) = await subscribed(ws, {"channel": f"search:{taken.id}"} | place)
        assert (reply["recovered"], reply["position"], reply["snapshot"]) == (True, place["after"], None)
        assert (await told(ws, 1))[0]["items"][0]["id"] == "oak:2"
        (again,) = await subscribed(ws, {"channel": f"search:{taken.id}", "after": "1-0", "epoch": "another"})
        assert (again["recovered"], again["snapshot"]["id"]) == (False, taken.id)
        assert [d["items"][0]["id"] for d in await told(ws, 2)] == ["oak:1", "oak:2"]


async def test_an_unknown_search_is_refused(live):
    async with live.client() as ws:
        await said(ws, type="subscribe", channels=["search:unknown"])
        error = await heard(ws)
        assert (error["type"], error["channel"], error["field"]) == ("error", "search:unknown", "channel")
