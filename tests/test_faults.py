"""Everything together, and parts of it killed, cut off or locked in mid-search: what is asked is answered within its
limit, says what is missing, and all recovers by itself with nothing lost and nothing told twice."""

import asyncio
import json
import random
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from crawler.core.config import Config
from crawler.core.valkey import acquire
from tests.demo_world import control
from tests.faulty import Follower, Search, Up, Wire
from tests.serving import none_left

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(150)]

SOFAS = 42
LIMIT_S = 15.0  # the longest any route may take: two time-outs of Redis, one after the other, or one of the store


@pytest.fixture(scope="module")
def up(demo_ports, tmp_path_factory):
    up = Up(tmp_path_factory.mktemp("up"), demo_ports, HOMEFEED_WORKERS="2", HOMEFEED_RECHECK_S="1")
    try:
        assert up.url
        yield up
    finally:
        assert up.end() == 0
        none_left(up.data_dir)


@pytest.fixture
async def client(up, demo):
    await up.ready()
    async with up.client() as client:
        yield client


async def begun(client, demo, query):
    """A search in mid-run: a first page of alder is told, and its next one takes five seconds."""
    await asyncio.to_thread(control, demo["alder"], fault="slow", times=2)
    search = Search(client, query)
    following = asyncio.create_task(search.run())
    await asyncio.wait_for(search.halfway.wait(), 15)
    assert len(search.ids) < SOFAS
    return search, following


async def ended(search, following, within):
    await asyncio.wait_for(following, within)
    assert search.end == {"state": "done", "reason": ""}
    assert len(search.ids) == len(set(search.ids)) == SOFAS


# killed


async def test_a_search_goes_on_elsewhere_when_its_worker_dies(up, demo, client):
    search, following = await begun(client, demo, "sofa")
    for name in ("worker 1", "worker 2"):
        up.kill(name)
    await ended(search, following, 40)


async def test_whoever_follows_a_search_comes_back_to_a_killed_api(up, demo, client):
    search, following = await begun(client, demo, "sofa")
    up.kill("api")
    await ended(search, following, 40)


async def test_a_killed_valkey_costs_a_search_nothing(up, demo, client):
    search, following = await begun(client, demo, "sofa")
    up.kill("valkey")
    refused = await client.post("/v1/searches", json={"kind": "products", "query": "lamp"})
    assert refused.is_success or (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    listed = await client.get("/v1/products", params={"q": "oat sofa"})
    assert listed.status_code == 200
    await ended(search, following, 40)
    await up.ready()


async def test_clients_that_come_back_lose_and_repeat_nothing(up, demo, client):
    await asyncio.wait_for(Search(client, "sofa").run(), 20)
    for product in (await client.get("/v1/products?q=sofa&refresh=never&per_page=30")).json()["results"]:
        await client.post("/v1/watches", json={"product_id": product["id"]})
    rnd = random.Random()
    now = (await client.get("/v1/changes?limit=1")).json()
    start = {"after": now["next"], "epoch": now["epoch"]}
    url = up.url.replace("http", "ws") + "v1/ws"
    shops = ("alder", "birch", "cedar")
    followers = [Follower(url, f"retailer:{shops[n % 3]}", dict(start)) for n in range(20)]
    running = [asyncio.create_task(follower.run(lambda: rnd.uniform(0.2, 3))) for follower in followers]
    for tick, victim in enumerate((None, "valkey", None, "api", None, "worker 1"), 1):
        await asyncio.to_thread(control, demo["alder"], tick=tick)
        await asyncio.sleep(1.5)
        if victim:
            up.kill(victim)
    await up.ready()
    told = await _settled(client, start, followers)
    for task in running:
        task.cancel()
    await asyncio.wait(running)
    assert {change["retailer"] for change in told} == set(shops)
    for n, follower in enumerate(followers):
        assert follower.got == [c["id"] for c in told if c["retailer"] == shops[n % 3]]
        assert follower.connections > 2


async def _settled(client, start, followers, within=30.0):
    """What changed since `start`, once nothing new comes and every follower had the time to hear it."""
    until, told = time.monotonic() + within, []
    while time.monotonic() < until:
        before = len(told)
        answer = (await client.get("/v1/changes", params=start | {"limit": 500})).json()
        assert answer["recovered"]
        told = [c | {"retailer": c["product_id"].split(":")[0]} for c in answer["results"]]
        if len(told) == before and sum(len(f.got) for f in followers) >= len(told) * len(followers) // 3:
            break
        await asyncio.sleep(2)
    return told


# away


async def asked(client, path, **how):
    """(what was asked, status, seconds, problem) of a GET, or of another method in `how`; of a stream its head."""
    started, method = time.monotonic(), how.pop("method", "GET")
    async with client.stream(method, path, **how) as answer:
        streams = answer.headers.get("content-type", "").startswith("text/event-stream")
        data = b"" if streams else await answer.aread()
    problem = json.loads(data) if answer.status_code >= 400 else {}
    if answer.status_code == 503:
        assert answer.headers["retry-after"], path
    return f"{method} {path}", answer.status_code, time.monotonic() - started, problem.get("type", "")


async def every_route(client, known):
    """Every GET of the document, with ids that are known, and what else a client does."""
    document = (await client.get("/openapi.json")).json()["paths"]
    reads = [_filled(path, known) for path, ways in document.items() if "get" in ways]
    product, unique = known["products"], f"{time.time_ns()}"
    writes = [
        ("POST", "/v1/searches", {"kind": "products", "query": f"sofa {unique}"}),
        ("POST", "/v1/searches", {"kind": "designs", "query": f"loft {unique}", "wait_ms": 1000}),
        ("DELETE", f"/v1/searches/{known['searches']}", None),
        ("POST", "/v1/watches", {"product_id": product}),
        ("DELETE", "/v1/watches/unknown", None),
        ("PUT", f"/v1/collections/likes/items/{product}", {}),
        ("DELETE", "/v1/collections/likes/items/unknown", None),
        ("POST", "/v1/tickets", None),
        ("POST", "/v1/batch", {"requests": [{"id": "a", "path": f"/v1/products/{product}"}]}),
    ]
    more = ["/", "/v1/products?q=sofa", f"/v1/products?q={unique}", "/v1/products?q=sofa&refresh=force"]
    asks = [asked(client, path) for path in reads + more]
    asks += [asked(client, path, method=method, json=body) for method, path, body in writes]
    return await asyncio.gather(*asks)


def _filled(path, known):
    kind = path.split("/")[2] if path.startswith("/v1/") else ""
    return path.replace("{id}", known.get(kind, "unknown")).replace("{name}", "likes")


async def known_things(client):
    found = {}
    for kind in ("products", "designs"):
        ask = {"kind": kind, "query": "sofa", "wait_ms": 20_000}
        answer = (await client.post("/v1/searches", json=ask)).json()
        assert answer["state"] == "done"
        found[kind], found["searches"] = answer["results"][0]["id"], answer["id"]
    return found | {"collections": found["products"]}


def all_answered(answers, away):
    """Each in time, none with an error of ours; those that need what is away say so."""
    assert [a for a in answers if a[1] >= 500 and a[3] != f"urn:homefeed:problem:{away}"] == []
    assert [a for a in answers if a[2] > LIMIT_S] == []
    assert [a for a in answers if a[3] == f"urn:homefeed:problem:{away}"]
    by_path = {path: status for path, status, _, _ in answers}
    assert by_path["GET /healthz"] == by_path["GET /"] == by_path["GET /metrics"] == 200
    assert by_path["GET /readyz"] == 503
    return by_path


async def test_a_locked_store_is_told_in_time_and_reading_goes_on(up, client):
    known = await known_things(client)
    with closing(sqlite3.connect(up.data_dir / "homefeed.db", isolation_level=None, timeout=10)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        answers = await every_route(client, known)
        holder.execute("ROLLBACK")
    assert time.monotonic() - started < LIMIT_S
    slow = [a for a in answers if a[1] == 503]
    assert {a[0].split()[0] for a in slow} <= {"POST", "PUT", "DELETE"}
    assert {a[3] for a in slow} == {"urn:homefeed:problem:store-away"}
    assert not [a for a in answers if a[1] >= 500 and a not in slow]
    await up.ready()


@pytest.fixture(scope="module")
def wired(demo_ports, tmp_path_factory):
    """(a system whose Redis is at the far end of a wire, the wire)"""
    folder = tmp_path_factory.mktemp("wired")
    lease = acquire(Config(data_dir=folder / "redis"))
    place, port = lease.url.removesuffix("/0").rsplit(":", 1)
    wire = Wire(int(port))
    up = Up(folder / "up", demo_ports, HOMEFEED_REDIS_URL=f"{place}:{wire.port}/0")
    try:
        assert up.url
        yield up, wire
    finally:
        wire.mend()
        assert up.end() == 0
        wire.close()
        lease.release()


@pytest.mark.parametrize("how", ["cut", "stall"])
async def test_while_redis_is_away_every_route_answers_in_time_and_all_comes_back(wired, demo, how):
    up, wire = wired
    await up.ready()
    async with up.client() as client:
        known = await known_things(client)
        search, following = await begun(client, demo, "sofa")
        getattr(wire, how)()
        answers = await every_route(client, known)
        wire.mend()
        by_path = all_answered(answers, "redis-away")
        assert by_path[f"GET /v1/products/{known['products']}"] == by_path["GET /v1/products?q=sofa"] == 200
        assert by_path["GET /v1/products?q=sofa&refresh=force"] == 200  # what is stored; its sources say the rest
        await ended(search, following, 40)
    await up.ready()


# the parent


async def test_a_parent_killed_at_any_moment_leaves_nothing_and_all_is_there_again(tmp_path, demo):
    rnd = random.Random()
    for tick, moment in enumerate(("starting", "searching")):
        up = Up(tmp_path, demo, HOMEFEED_RECHECK_S="1")
        searching = asyncio.create_task(_search(up)) if moment == "searching" and up.url else None
        await asyncio.sleep(rnd.uniform(0, 4 if moment == "starting" else 1))
        up.process.send_signal(signal.SIGKILL)
        up.process.wait()
        if searching:
            searching.cancel()
            await asyncio.wait([searching])
        await asyncio.to_thread(none_left, tmp_path)
        await asyncio.to_thread(control, demo["alder"], tick=tick)
    up = Up(tmp_path, demo)
    try:
        await up.ready()
        async with up.client() as client:
            await asyncio.wait_for(_search(up), 20)
            found = (await client.get("/v1/products?q=sofa&refresh=never&per_page=100")).json()["results"]
            stored = {product["id"] for product in found}
            told = (await client.get("/v1/changes?after=0-0&limit=500")).json()["results"]
    finally:
        assert up.end() == 0
    assert len(stored) == SOFAS
    assert len({change["id"] for change in told}) == len(told)
    assert sorted(change["product_id"] for change in told if change["field"] == "new") == sorted(stored)


async def _search(up):
    async with up.client() as client:
        await Search(client, "sofa").run()
