"""Collections over HTTP: idempotent, apart per client, newest first."""

import asyncio

import pytest

from api.clients import collections
from tests.api.served import named, served, wrong_fields
from tests.crawler.core.store.making import design, record

LIKES = "/v1/collections/likes"


@pytest.fixture
async def api(tmp_path):
    """Without Redis: collections need none."""
    async with served(tmp_path, "redis://127.0.0.1:1/0") as (client, house):
        store = await house.store()
        await store.write([record(n, title="Sofa", price=n * 100, currency="INR") for n in range(1, 6)])
        await store.write_designs([design(1)])
        yield client, house


async def put(api, *ids, name="likes", **more):
    answers = [await api[0].put(f"/v1/collections/{name}/items/{id_}", **more) for id_ in ids]
    return [answer.status_code for answer in answers]


async def ids(api, path=LIKES, **more):
    return [kept["id"] for kept in (await api[0].get(path, **more)).json()["results"]]


async def test_put_again_changes_nothing(api):
    first, second = [await api[0].put(f"{LIKES}/items/oak:1") for _ in range(2)]
    assert [first.status_code, second.status_code] == [201, 200]
    assert first.json() == second.json() == (await api[0].get(f"{LIKES}/items/oak:1")).json()
    assert first.json() | {"added_at": ""} == {"collection": "likes", "id": "oak:1", "kind": "products", "added_at": ""}


async def test_deleted_may_be_deleted_again(api):
    await put(api, "oak:1", "oak:2")
    assert [(await api[0].delete(f"{LIKES}/items/oak:1")).status_code for _ in range(2)] == [204, 204]
    assert (await api[0].get(f"{LIKES}/items/oak:1")).status_code == 404
    assert await ids(api) == ["oak:2"]


async def test_newest_first_with_what_is_stored_now(api, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(collections.time, "time", lambda: now)
    for id_ in ("oak:2", "wood:1", "oak:1"):
        now += 1
        assert await put(api, id_) == [201]
    shown = (await api[0].get(LIKES)).json()
    assert [(k["id"], k["kind"], k["item"]["id"]) for k in shown["results"]] == [
        ("oak:1", "products", "oak:1"), ("wood:1", "designs", "wood:1"), ("oak:2", "products", "oak:2"),
    ]  # fmt: skip
    assert shown["results"][0]["item"]["price"] == "1.00"
    assert shown["total"] == 3


async def test_in_pages(api):
    await put(api, *(f"oak:{n}" for n in range(1, 6)))
    whole = await ids(api)
    found, path = [], f"{LIKES}/items?per_page=2"
    while path:
        page = (await api[0].get(path)).json()
        assert page["total"] == 5
        found, path = found + [kept["id"] for kept in page["results"]], page["next"]
    assert found == whole
    assert len(set(found)) == 5


async def test_clients_are_apart_whatever_their_names(api):
    clients = ("ann", "ann/phone", "ann/likes", "ann%2Fphone", "")
    for number, name in enumerate(clients, 1):
        await put(api, f"oak:{number}", headers=named(name))
    assert [await ids(api, headers=named(name)) for name in clients] == [[f"oak:{n}"] for n in range(1, 6)]
    answer = await api[0].get(f"{LIKES}/items/oak:1", headers=named("ann/phone"))
    assert answer.status_code == 404


async def test_names_and_counts(api):
    await put(api, "oak:1", "oak:2")
    await put(api, "oak:1", name="cart")
    await put(api, "wood:1", name="my-room_2")
    await put(api, "oak:3", name="other", headers=named("bob"))
    shown = (await api[0].get("/v1/collections")).json()
    assert shown["results"] == [
        {"name": "cart", "count": 1},
        {"name": "likes", "count": 2},
        {"name": "my-room_2", "count": 1},
    ]
    assert (await api[0].get("/v1/collections", headers=named("eve"))).json()["results"] == []


async def test_an_id_with_slashes_and_odd_signs(api):
    odd = "shop.test:a/b?c#d é%2F"
    await (await api[1].store()).write([record(odd.partition(":")[2], retailer="shop.test")])
    path = f"{LIKES}/items/" + "shop.test%3Aa%2Fb%3Fc%23d%20%C3%A9%252F"
    assert (await api[0].put(path)).status_code == 201
    assert await ids(api) == [odd]
    assert (await api[0].delete(path)).status_code == 204
    assert await ids(api) == []


async def test_what_left_the_store_is_still_listed(api, monkeypatch):
    await put(api, "oak:1")
    store = await api[1].store()
    monkeypatch.setattr(store, "records", lambda _: asyncio.sleep(0, {}))
    assert [(k["id"], k["item"]) for k in (await api[0].get(LIKES)).json()["results"]] == [("oak:1", None)]


async def test_an_unknown_thing_can_not_be_kept(api):
    assert await put(api, "oak:404", "nothing") == [404, 404]
    assert await ids(api) == []


async def test_a_full_collection_says_so_and_still_knows_what_it_has(api, monkeypatch):
    assert collections.MOST == 5_000
    monkeypatch.setattr(collections, "MOST", 2)
    assert await put(api, "oak:1", "oak:2", "oak:3", "oak:2") == [201, 201, 409, 200]
    await api[0].delete(f"{LIKES}/items/oak:1")
    assert await put(api, "oak:3") == [201]


async def test_a_client_has_so_many_collections(api, monkeypatch):
    monkeypatch.setattr(collections, "NAMES", 2)
    client, _ = api
    codes = [(await client.put(f"/v1/collections/{name}/items/oak:1")).status_code for name in ("a", "b", "c")]
    assert codes == [201, 201, 409]
    assert (await client.put("/v1/collections/a/items/oak:2")).status_code == 201


async def test_other_names_of_one_access_share_the_room(api, monkeypatch):
    monkeypatch.setattr(collections, "SHARED", 2)
    client, _ = api
    asked = [client.put(f"{LIKES}/items/oak:1", headers=named(name)) for name in ("web/a", "web/b", "web/c")]
    assert [(await each).status_code for each in asked] == [201, 201, 409]


@pytest.mark.parametrize("name", ["Likes", "-a", "a" * 41, "a.b", "é", "a%00"])
@pytest.mark.parametrize(
    ("method", "tail"),
    [("GET", ""), ("GET", "/items/oak:1"), ("PUT", "/items/oak:1"), ("DELETE", "/items/oak:1")],
)
async def test_a_wrong_name_is_told(api, name, method, tail):
    assert wrong_fields(await api[0].request(method, f"/v1/collections/{name}{tail}")) == (422, ["name"])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_a_wrong_id_or_parameter_is_told(api, method):
    assert wrong_fields(await api[0].request(method, f"{LIKES}/items/a%00b")) == (422, ["id"])
    assert wrong_fields(await api[0].request(method, f"{LIKES}/items/{'x' * 501}")) == (422, ["id"])
    assert wrong_fields(await api[0].request(method, f"{LIKES}/items/oak:1?x=1")) == (422, ["x"])


@pytest.mark.parametrize(("query", "field"), [("page=0", "page"), ("per_page=101", "per_page"), ("q=x", "q")])
async def test_a_wrong_page_is_told(api, query, field):
    assert wrong_fields(await api[0].get(f"{LIKES}?{query}")) == (422, [field])
    assert wrong_fields(await api[0].get("/v1/collections?x=1")) == (422, ["x"])


async def test_a_store_that_is_away_is_told(api):
    await (await api[1].store()).close()
    assert (await api[0].put(f"{LIKES}/items/oak:1")).status_code == 503
