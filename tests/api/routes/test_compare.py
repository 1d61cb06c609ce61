"""Comparisons over HTTP against a real queue; a worker's part is played by the test."""

import asyncio

from crawler.core.models import Offer
from crawler.core.models.jobs import JobEvent
from tests.api.routes.test_searches import DONE, going, told
from tests.api.served import wrong_fields
from tests.api.stocked import told as sources_told
from tests.crawler.core.store.making import record

DESK = {"query": "oak desk"}


async def stock(house, *records):
    assert await (await house.store()).write(list(records)) == set()


def desk(shop, price, **fields):
    return record(1, retailer=shop, title="Oak desk", price=price, currency="INR", **fields)


async def asked(api, **ask):
    answer = await api[0].post("/v1/compare", json=ask)
    assert answer.status_code == 202, answer.text
    return answer


async def begun(api, **ask):
    """(answer, the job as a worker has it)."""
    answer = await asked(api, **ask)
    return answer.json(), await (await api[1].queue()).take("slot")


async def answers(api, job, shop, price, **progress):
    """A shop's part, as a worker tells it."""
    await stock(api[1], desk(shop, price))
    found = JobEvent("item", items=[{"id": f"{shop}:1"}])
    queue = await api[1].queue()
    await queue.report(job, [found, going(shop, "ok", count=1, ms=400, **progress)])


def shops(body):
    return [(shop["retailer"], shop["product"]["price"], shop["answered"]) for shop in body["results"]]


class TestAsking:
    async def test_what_is_stored_is_told_at_once(self, api):
        await stock(api[1], desk("oak", 900), desk("elm", 700), record(2, title="Lamp", price=5, currency="INR"))
        answer = await asked(api, **DESK)
        body = answer.json()
        assert shops(body) == [("elm", "7.00", False), ("oak", "9.00", False)]
        assert body["state"] == "waiting"
        assert answer.headers["location"] == f"/v1/compare/{body['id']}"

    async def test_other_shops_than_those_asked_are_left_out(self, api):
        await stock(api[1], desk("oak", 900), desk("elm", 700))
        assert shops((await asked(api, **DESK, sources=["oak"])).json()) == [("oak", "9.00", False)]
        body = (await asked(api, product_id="elm:1", sources=["oak"])).json()
        assert {shop["retailer"] for shop in (*body["results"], *body["suggestions"])} == {"oak", "elm"}

    async def test_each_shop_has_so_many_seconds_and_reads_one_page_more(self, api):
        _, job = await begun(api, **DESK, limit_s=2.5, sources=["oak"], location="560001", country="us")
        assert (job.kind, job.query, job.source_s, job.sources) == ("compare", "oak desk", 2.5, ["oak"])
        assert job.args == {"details": "1", "checks": "0", "location": "560001", "country": "us"}

    async def test_a_product_is_asked_for_by_its_article_number(self, api):
        await stock(api[1], desk("oak", 900, brand="Oda", mpn="OD-7"))
        body, job = await begun(api, product_id="oak:1")
        assert (job.query, job.about) == ("Oda OD-7", "oak:1")
        assert body["product_id"] == "oak:1"
        assert [shop["matched_by"] for shop in body["results"]] == ["id"]

    async def test_the_same_comparison_is_one_and_another_limit_is_another(self, api):
        first, second = (await asked(api, **DESK)).json(), (await asked(api, query="Oak  DESK")).json()
        assert first["id"] == second["id"] != (await asked(api, **DESK, limit_s=9)).json()["id"]

    async def test_what_can_not_be_asked_names_the_field(self, api):
        await sources_told(api[1], "oak")
        client = api[0]
        for ask, field in (
            ({}, "body"), ({**DESK, "product_id": "oak:1"}, "body"), ({**DESK, "limit_s": 99}, "limit_s"),
            ({"product_id": "oak:404"}, "product_id"), ({**DESK, "sources": ["nobody"]}, "sources"),
            ({"query": "…"}, "query"), ({**DESK, "size": ""}, "size"), ({**DESK, "size": " "}, "size"),
            ({**DESK, "wait": 1}, "wait"),
        ):  # fmt: skip
            answer = await client.post("/v1/compare", json=ask)
            assert wrong_fields(answer) == (422, [field]), ask

    async def test_it_waits_for_the_end_when_asked_to(self, api):
        asking = asyncio.create_task(api[0].post("/v1/compare", json=DESK | {"wait_ms": 15_000}))
        queue = await api[1].queue()
        while (job := await queue.take("slot")) is None:
            await asyncio.sleep(0.02)
        await answers(api, job, "oak", 900)
        await queue.report(job, [DONE])
        answer = await asking
        assert answer.status_code == 200
        assert shops(answer.json()) == [("oak", "9.00", True)]


class TestFollowing:
    async def test_a_step_as_each_shop_answers_with_what_it_has(self, api):
        body, job = await begun(api, **DESK)
        queue = await api[1].queue()
        await queue.report(job, [going("oak"), going("elm")])
        await answers(api, job, "oak", 900)
        await queue.report(job, [going("elm", "timeout", reason="no end within 5 s", ms=5000), DONE])
        answer = await api[0].get(f"/v1/compare/{body['id']}/events")
        first, second, done = told(answer.text)
        assert (first[0], first[1]["step"], first[1]["steps"]) == ("progress", 1, 2)
        assert first[1]["message"] == "oak: 1 found in 0.4 s"
        assert shops(first[1]) == [("oak", "9.00", True)]
        assert first[1]["time"].endswith("Z")
        assert (second[1]["step"], second[1]["results"]) == (2, [])
        assert second[1]["message"] == "elm: timeout in 5.0 s (no end within 5 s)"
        assert (done[0], done[1]["state"], shops(done[1])) == ("done", "done", [("oak", "9.00", True)])
        again = await api[0].get(f"/v1/compare/{body['id']}/events", headers={"Last-Event-ID": first[2]})
        assert [event[1].get("step") for event in told(again.text)] == [2, None]
        over = await api[0].get(f"/v1/compare/{body['id']}/events", headers={"Last-Event-ID": done[2]})
        assert over.status_code == 204

    async def test_a_search_is_no_comparison(self, api):
        search = await api[0].post("/v1/searches", json={"kind": "products", "query": "sofa"})
        assert (await api[0].get(f"/v1/compare/{search.json()['id']}")).status_code == 404
        assert (await api[0].get("/v1/compare/none")).status_code == 404


class TestSizes:
    async def test_the_sneaker_check(self, api):
        def shoe(shop, *offers):
            made = record(1, retailer=shop, title="Dunk Low", brand="Nike", mpn="DD1391-100")
            made.product.offers = list(offers)
            return made

        def size(variant, ask, bid):
            return Offer(ask, None, "USD", variant=variant, bid=bid, last_sale=ask - 100)

        await stock(
            api[1], shoe("stockx", size("US M 9", 12_000, 11_000), size("US M 10", 9_000, 1_000)),
            shoe("alias", size("US M 9", 11_200, 11_900)),
        )  # fmt: skip
        await sources_told(api[1], "stockx", fees={"buyer": {"processing_percent": 3}})
        asked = await api[0].post("/v1/compare", json={"product_id": "stockx:1", "size": "us m 9"})
        body = asked.json()
        assert {shop["retailer"]: len(shop["offers"]) for shop in body["results"]} == {"stockx": 1, "alias": 1}
        (row,) = body["sizes"]
        assert (row["size"], row["spread"], row["currency"]) == ("US M 9", "-7.00", "USD")
        assert row["quotes"][0] == {
            "retailer": "alias", "currency": "USD", "ask": "112.00", "bid": "119.00", "last_sale": "111.00",
            "spread": "-7.00",
        }  # fmt: skip
        assert body["fees"] == {"stockx": {"buyer": {"processing_percent": 3}}}
        whole = (await api[0].get(f"/v1/compare/{body['id']}")).json()
        assert [row["size"] for row in whole["sizes"]] == ["US M 9", "US M 10"]
