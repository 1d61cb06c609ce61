"""Watches over HTTP: made once, apart per client, resolved by what a worker finds, and with what fired."""

import asyncio
import json

import pytest

from api.clients import watching
from crawler.core.models.jobs import JobEvent, SourceInfo, SourceProgress
from crawler.core.store import PricePoint
from tests.api.served import named, served, wrong_fields
from tests.crawler.core.store.making import record

PATH = "/v1/watches"
PAGE = "https://www.oak.test/p/7?x=1"
DONE = JobEvent("done", state="done")


@pytest.fixture
async def api(tmp_path, valkey):
    async with served(tmp_path, valkey) as (client, house):
        await (await house.store()).write([record(n, price=100_00, currency="INR") for n in range(1, 4)])
        yield client, house


async def tell_sources(house):
    await (await house.queue()).tell_sources([
        SourceInfo("oak", "products", "https://oak.test", hosts=["oak.test"]),
        SourceInfo("wood", "designs", "https://wood.test", hosts=["wood.test"]),
    ])  # fmt: skip


async def make(api, client="ann", **ask):
    return await api[0].post(PATH, json=ask, headers=named(client))


async def listed(api, client="ann", path=PATH):
    return (await api[0].get(path, headers=named(client))).json()


async def read_page(api, *found, status="ok", reason=""):
    """A worker does the next job."""
    queue = await api[1].queue()
    job = await queue.take("slot")
    items = [JobEvent("item", items=[{"id": id_} for id_ in found])] if found else []
    await queue.report(job, [JobEvent("progress", source=SourceProgress("oak", status, reason=reason)), *items, DONE])
    return job


class TestByProduct:
    async def test_any_change_when_no_rule_is_named(self, api):
        answer = await make(api, product_id="oak:1")
        watch = answer.json()
        assert (answer.status_code, answer.headers["location"]) == (201, f"{PATH}/{watch['id']}")
        assert watch["rules"] == {"any": True, "drop_percent": None, "increase_percent": None, "target_price": None,
                                  "currency": None, "back_in_stock": False}  # fmt: skip
        assert (watch["product_id"], watch["retailer"], watch["state"]) == ("oak:1", "oak", "watching")
        assert (watch["url"], watch["hits"], watch["expected_age_s"]) == ("https://oak.test/1", [], 300.0)

    async def test_the_same_again_is_the_same_watch(self, api):
        asked = [await make(api, product_id="oak:1", rules={"drop_percent": 10}) for _ in range(3)]
        assert [answer.status_code for answer in asked] == [201, 200, 200]
        assert len({answer.content for answer in asked}) == 1
        other = await make(api, product_id="oak:1", rules={"drop_percent": 11})
        assert other.status_code == 201
        assert (await listed(api))["total"] == 2

    async def test_what_fired_newest_first(self, api):
        id_ = (await make(api, product_id="oak:1", rules={"drop_percent": 10, "target_price": "85"})).json()["id"]
        store, story = await api[1].store(), [(100_00, 1.0), (95_00, 1e10), (90_00, 1e10 + 1), (80_00, 1e10 + 2)]
        points = [PricePoint(str(n), "oak:1", "|", price, None, "INR", "in_stock", at)
                  for n, (price, at) in enumerate(story)]  # fmt: skip
        await store.clear_outbox({}, points)
        hits = (await api[0].get(f"{PATH}/{id_}", headers=named("ann"))).json()["hits"]
        assert [(h["rule"], h["old"], h["new"]) for h in hits] == [
            ("target_price", "90.00", "80.00"), ("drop_percent", "90.00", "80.00"), ("drop_percent", "100.00", "90.00"),
        ]  # fmt: skip
        assert hits[0]["at"].startswith("2286-11-20T")

    async def test_an_unknown_product(self, api):
        assert (await make(api, product_id="oak:404")).status_code == 404

    async def test_too_many(self, api, monkeypatch):
        monkeypatch.setattr(watching, "MOST", 2)
        codes = [(await make(api, product_id=f"oak:{n}")).status_code for n in (1, 2, 3, 2)]
        assert codes == [201, 201, 409, 200]
        assert (await make(api, "bob", product_id="oak:3")).status_code == 201

    async def test_other_names_of_one_access_share_the_room(self, api, monkeypatch):
        monkeypatch.setattr(watching, "SHARED", 2)
        codes = [(await make(api, name, product_id="oak:1")).status_code for name in ("web/a", "web/b", "web/c")]
        assert codes == [201, 201, 409]

    async def test_the_line_makes_readings_older(self, api):
        queue = await api[1].queue()
        for n in range(9):
            await queue.submit("products", f"sofa {n}", client=str(n))
        assert (await make(api, product_id="oak:1")).json()["expected_age_s"] == 300 + 2 * 60

    async def test_without_redis_all_but_the_age_is_known(self, tmp_path):
        async with served(tmp_path, "redis://127.0.0.1:1/0") as (client, house):
            await (await house.store()).write([record(1)])
            made = await client.post(PATH, json={"product_id": "oak:1"})
            assert (made.status_code, made.json()["expected_age_s"]) == (201, None)
            answer = await client.post(PATH, json={"url": PAGE})
            assert (answer.status_code, answer.json()["type"]) == (503, "urn:homefeed:problem:redis-away")


class TestByUrl:
    @pytest.fixture(autouse=True)
    async def _sources(self, api):
        await tell_sources(api[1])

    async def test_its_page_is_read_for_a_person_and_gives_the_product(self, api):
        watch = (await make(api, url=PAGE)).json()
        assert (watch["product_id"], watch["state"], watch["retailer"]) == (None, "reading", "oak")
        job = await read_page(api, "oak:2")
        assert (job.kind, job.priority, job.sources, job.args) == ("recheck", "person", ["oak"], {"url": PAGE})
        for _ in range(2):
            assert (await listed(api))["results"][0]["product_id"] == "oak:2"
        assert (await make(api, url=PAGE)).json()["product_id"] == "oak:2"

    async def test_a_page_that_can_not_be_read_says_why(self, api):
        id_ = (await make(api, url=PAGE)).json()["id"]
        await read_page(api, status="blocked", reason="a captcha")
        watch = (await api[0].get(f"{PATH}/{id_}", headers=named("ann"))).json()
        assert (watch["state"], watch["reason"]) == ("failed", "blocked: a captcha")

    async def test_a_page_without_a_product_says_so(self, api):
        await make(api, url=PAGE)
        await read_page(api)
        assert (await listed(api))["results"][0]["reason"] == "the page shows no product"

    @pytest.mark.parametrize(
        "url",
        ["https://elm.test/7", "https://wood.test/1", "https://evil-oak.test/7", "https://oak.test:8443/7"],
    )
    async def test_a_shop_that_is_not_read_is_told_with_those_that_are(self, api, url):
        answer = await make(api, url=url)
        assert wrong_fields(answer) == (422, ["url"])
        assert "oak (oak.test)" in answer.json()["detail"]

    @pytest.mark.parametrize("url", ["ftp://oak.test/7", "oak.test/7", "http://127.0.0.1/7", "http://me:pw@oak.test/7",
                                     "https://oak.test/a b", "http://localhost/7", "http://[::1]/"])  # fmt: skip
    async def test_an_address_that_may_not_be_fetched(self, api, url):
        assert wrong_fields(await make(api, url=url)) == (422, ["url"])

    async def test_nothing_was_asked_for_a_refused_one(self, api):
        await make(api, url="https://elm.test/7")
        assert await (await api[1].queue()).waiting() == 0
        assert (await listed(api))["results"] == []


class TestByUrlOfAnyShop:
    @pytest.fixture(autouse=True)
    async def _sources(self, api):
        await (await api[1].queue()).tell_sources(
            [SourceInfo("oak", "products", "https://oak.test", hosts=["oak.test"]), SourceInfo("shop", "products", "")]
        )

    async def test_a_shop_without_a_spider_of_its_own_is_read_by_the_one_for_any(self, api):
        watch = (await make(api, url="https://elm.test/7")).json()
        job = await read_page(api, "elm.test:7")
        assert (watch["retailer"], job.sources, job.args) == ("shop", ["shop"], {"url": "https://elm.test/7"})
        assert (await listed(api))["results"][0]["product_id"] == "elm.test:7"

    async def test_a_shop_with_a_spider_is_read_by_its_own(self, api):
        assert (await make(api, url=PAGE)).json()["retailer"] == "oak"

    @pytest.mark.parametrize("url", ["http://10.0.0.7/p/1", "http://[fd00::1]/p/1", "https://shop.internal/p/1"])
    async def test_only_public_addresses(self, api, url):
        assert wrong_fields(await make(api, url=url)) == (422, ["url"])
        assert await (await api[1].queue()).waiting() == 0

    async def test_its_goods_are_watched_by_id_and_read_again_by_the_spider_for_any(self, api):
        good = record(1, retailer="elm.test")
        await (await api[1].store()).write([good])
        assert (await make(api, product_id=good.product.id)).json()["retailer"] == "shop"


async def test_no_shop_is_known_while_no_worker_was_there(api):
    answer = await make(api, url=PAGE)
    assert wrong_fields(answer) == (422, ["url"])
    assert "no worker" in answer.json()["detail"]


async def test_newest_first_and_in_pages(api, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(watching.time, "time", lambda: now)
    for n in (2, 3, 1):
        now += 1
        await make(api, product_id=f"oak:{n}")
    page = await listed(api, path=f"{PATH}?per_page=2")
    assert [w["product_id"] for w in page["results"]] == ["oak:1", "oak:3"]
    assert [w["product_id"] for w in (await listed(api, path=page["next"]))["results"]] == ["oak:2"]


async def test_clients_are_apart(api):
    id_ = (await make(api, "ann/phone", product_id="oak:1")).json()["id"]
    assert (await listed(api, "ann"))["results"] == []
    for method in ("GET", "DELETE"):
        assert (await api[0].request(method, f"{PATH}/{id_}", headers=named("ann"))).status_code == 404
    assert (await listed(api, "ann/phone"))["total"] == 1


async def test_deleted_once(api):
    id_ = (await make(api, product_id="oak:1")).json()["id"]
    codes = [(await api[0].delete(f"{PATH}/{id_}", headers=named("ann"))).status_code for _ in range(2)]
    assert codes == [204, 404]
    assert (await listed(api))["results"] == []


@pytest.mark.parametrize(("ask", "field"), [
    ({}, "body"), ({"product_id": "oak:1", "url": PAGE}, "body"), ({"product_id": ""}, "product_id"),
    ({"product_id": 1}, "product_id"), ({"product_id": "a\0"}, "product_id"), ({"product_id": "x" * 501}, "product_id"),
    ({"url": ""}, "url"), ({"url": "http://oak.test/" + "x" * 2000}, "url"), ({"url": "http://oak.test/\0"}, "url"),
    ({"product_id": "oak:1", "rules": {}}, "rules"), ({"product_id": "oak:1", "rules": {"any": False}}, "rules"),
    ({"product_id": "oak:1", "rules": None}, "rules"), ({"product_id": "oak:1", "rules": []}, "rules"),
    ({"product_id": "oak:1", "rules": {"any": 1}}, "rules.any"),
    ({"product_id": "oak:1", "rules": {"drop_percent": 0}}, "rules.drop_percent"),
    ({"product_id": "oak:1", "rules": {"drop_percent": 100}}, "rules.drop_percent"),
    ({"product_id": "oak:1", "rules": {"drop_percent": float("nan")}}, "rules.drop_percent"),
    ({"product_id": "oak:1", "rules": {"drop_percent": "10"}}, "rules.drop_percent"),
    ({"product_id": "oak:1", "rules": {"increase_percent": 1001}}, "rules.increase_percent"),
    ({"product_id": "oak:1", "rules": {"target_price": 10}}, "rules.target_price"),
    ({"product_id": "oak:1", "rules": {"target_price": "-1"}}, "rules.target_price"),
    ({"product_id": "oak:1", "rules": {"target_price": "0"}}, "rules.target_price"),
    ({"product_id": "oak:1", "rules": {"target_price": "999999999999"}}, "rules.target_price"),
    ({"product_id": "oak:1", "rules": {"target_price": "1", "currency": "rs"}}, "rules.currency"),
    ({"product_id": "oak:1", "rules": {"any": True, "currency": "INR"}}, "rules"),
    ({"product_id": "oak:1", "rules": {"any": True, "x": 1}}, "rules.x"), ({"product_id": "oak:1", "x": 1}, "x"),
])  # fmt: skip
async def test_a_wrong_field_is_named(api, ask, field):
    answer = await api[0].post(PATH, content=json.dumps(ask), headers={"content-type": "application/json"})
    assert wrong_fields(answer) == (422, [field])


async def test_a_wrong_parameter_is_named(api):
    assert wrong_fields(await api[0].get(f"{PATH}?page=0")) == (422, ["page"])
    assert wrong_fields(await api[0].get(f"{PATH}?x=1")) == (422, ["x"])
    assert wrong_fields(await api[0].get(f"{PATH}/a%00b")) == (422, ["id"])
    assert wrong_fields(await api[0].delete(f"{PATH}/none?x=1")) == (422, ["x"])
    assert (await api[0].get(f"{PATH}/none")).status_code == 404


async def test_made_ten_times_at_once_it_is_one(api):
    await tell_sources(api[1])
    asked = await asyncio.gather(*(make(api, url=PAGE) for _ in range(10)))
    assert len({answer.json()["id"] for answer in asked}) == 1
    assert await (await api[1].queue()).waiting() == 1
