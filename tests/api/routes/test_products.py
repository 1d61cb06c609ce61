"""Products over HTTP, on a real store and queue."""

import time

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.core.store import PricePoint
from tests.api.served import served, wrong_fields
from tests.api.stocked import ids, products, searched, told
from tests.crawler.core.store.making import full_record, record

NO_SEARCH = {"refresh": "never"}


class TestList:
    async def test_it_serves_what_is_stored_best_first_and_says_the_search_it_started(self, api):
        client, house = api
        await products(house)
        answer = await client.get("/v1/products?q=SÖFA&per_page=3")
        assert ids(answer) == ["oak:7", "oak:6", "oak:5"]
        body = answer.json()
        assert (body["page"], body["per_page"], body["total"], body["stale"]) == (1, 3, 7, True)
        job = await (await house.queue()).job(body["search_id"])
        assert (job.kind, job.query, job.priority) == ("products", "SÖFA", "person")
        assert body["sources"] == [
            {"name": "*", "status": "running", "count": 0, "ms": 0, "reason": "waits: no worker is alive"}
        ]

    async def test_a_product_says_when_it_was_seen(self, api):
        client, house = api
        await products(house, 1)
        [product] = (await client.get("/v1/products", params=NO_SEARCH)).json()["results"]
        assert product["price"] == "100.00"
        assert product["currency"] == "INR"
        assert [product[f] for f in ("first_seen", "last_seen", "last_changed")] == ["1970-01-01T00:00:01.000Z"] * 3

    async def test_without_words_everything_is_listed_and_nothing_searched(self, api):
        client, house = api
        await products(house, 2)
        answer = await client.get("/v1/products?refresh=force&q=%20")
        assert ids(answer) == ["oak:2", "oak:1"]
        assert answer.json()["search_id"] is None
        assert await (await house.queue()).waiting() == 0

    async def test_a_query_of_signs_finds_nothing_and_searches_nothing(self, api):
        client, house = api
        await products(house, 2)
        answer = await client.get("/v1/products", params={"q": "!?"})
        assert (ids(answer), answer.json()["total"], answer.json()["search_id"]) == ([], 0, None)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"retailer": "pine"}, [9]), ({"retailer": "elm"}, []), ({"category": "Living Room"}, [9]),
            ({"min_price": "200"}, [3, 2]), ({"max_price": "200.00"}, [2, 1]), ({"max_price": "199.99"}, [1]),
            ({"min_price": "0"}, [3, 2, 1]), ({"max_price": "99999999999"}, [3, 2, 1]), ({"max_price": "0"}, []),
            ({"currency": "USD"}, [8]), ({"currency": "USD", "min_price": "25"}, [8]), ({"currency": "JPY"}, []),
            ({"in_stock": "true"}, [3, 2, 1]), ({"in_stock": "false"}, [9]), ({"verified": "true"}, []),
            ({"sort": "price"}, [1, 2, 3]), ({"sort": "-price"}, [3, 2, 1]), ({"sort": "-quality"}, [9, 8, 3, 2, 1]),
            ({"sort": "-updated"}, [9, 8, 1, 2, 3]), ({}, [9, 8, 3, 2, 1]), ({"sort": "-discount"}, [8, 1, 2, 3, 9]),
        ],
    )  # fmt: skip
    async def test_filters_and_sorts(self, api, query, expected):
        client, house = api
        await products(house, 3)
        dollars = record(8, price=3_000, list_price=6_000, currency="USD", quality=0.8, at=5.0)
        other = record(9, retailer="pine", category=["Living room"], quality=0.9, availability="out_of_stock", at=9.0)
        await (await house.store()).write([dollars, other])
        found = ids(await client.get("/v1/products", params=query))
        assert [int(name.partition(":")[2]) for name in found] == expected

    async def test_prices_are_compared_in_the_house_currency(self, tmp_path, valkey):
        async with served(tmp_path, valkey, HOMEFEED_CURRENCY="JPY") as (client, house):
            await (await house.store()).write(
                [record(1, price=500, currency="JPY"), record(2, price=500, currency="INR")]
            )
            assert ids(await client.get("/v1/products?max_price=500")) == ["oak:1"]

    async def test_a_search_asks_one_shop_at_one_place_where_that_was_asked(self, api):
        client, house = api
        await told(house, "oak", "pine")
        answer = await client.get("/v1/products?q=sofa&retailer=oak&location=560001")
        job = await (await house.queue()).job(answer.json()["search_id"])
        assert (job.sources, job.args) == (["oak"], {"location": "560001"})
        assert [source["name"] for source in answer.json()["sources"]] == ["oak"]

    async def test_a_shop_that_nobody_can_search_is_not_searched(self, api):
        client, house = api
        await told(house, "oak")
        answer = await client.get("/v1/products?q=sofa&retailer=elm")
        assert answer.json()["search_id"] is None
        assert answer.json()["sources"][0]["reason"] == "no worker can search elm"

    async def test_the_next_page_does_not_force_another_search(self, api):
        client, house = api
        await products(house)
        body = (await client.get("/v1/products?q=sofa&refresh=force&per_page=3")).json()
        assert body["next"] == "/v1/products?q=sofa&refresh=auto&per_page=3&page=2"

    async def test_links(self, api):
        client, house = api
        await products(house)
        answer = await client.get("/v1/products?per_page=3&page=2")
        assert answer.headers["link"] == (
            '</v1/products?per_page=3&page=1>; rel="first", </v1/products?per_page=3&page=1>; rel="prev", '
            '</v1/products?per_page=3&page=3>; rel="next"'
        )

    async def test_there_is_no_page_behind_the_thousandth(self, api):
        client, house = api
        await products(house, 1)
        assert wrong_fields(await client.get("/v1/products?page=1001")) == (422, ["page"])
        assert (await client.get("/v1/products?page=1000")).json()["next"] is None

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("foo=1", "foo"), ("page=0", "page"), ("page=x", "page"), ("page=1.0", "page"), ("page=", "page"),
            ("page=9999999999999999999999", "page"), ("per_page=101", "per_page"), ("per_page=0", "per_page"),
            ("q=%00", "q"), (f"q={'x' * 201}", "q"), ("q=a&q=b", "q"), ("min_price=-1", "min_price"),
            ("min_price=1e3", "min_price"), ("min_price=1,5", "min_price"), ("max_price=NaN", "max_price"),
            ("min_price=2&max_price=1", "min_price"), ("currency=inr", "currency"), ("currency=%E2%82%B9", "currency"),
            ("in_stock=1", "in_stock"), ("in_stock=yes", "in_stock"), ("verified=", "verified"), ("sort=cheap", "sort"),
            ("refresh=now", "refresh"), ("retailer=", "retailer"), ("retailer=a%00", "retailer"),
            (f"category={'x' * 101}", "category"), ("location=%00", "location"), ("currency=INR%0A", "currency"),
        ],
    )  # fmt: skip
    async def test_what_cant_be_is_named(self, api, query, field):
        assert wrong_fields(await api[0].get(f"/v1/products?{query}")) == (422, [field])

    async def test_half_a_character_is_only_an_odd_one(self, api):
        assert ids(await api[0].get("/v1/products?q=%ED%A0%80")) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 9), st.sampled_from(["relevance", "price", "-price", "-quality", "-updated", "-discount"]))
async def test_pages_are_a_partition_of_the_results(api, per_page, sort):
    client, house = api
    if not (await (await house.store()).counts())["products"]:
        await products(house, 13)
    found, url = [], f"/v1/products?per_page={per_page}&sort={sort}"
    while url:
        answer = await client.get(url)
        found += ids(answer)
        url = answer.json()["next"]
    assert len(found) == len(set(found)) == 13


class TestOne:
    async def test_it_is_found_by_an_id_with_anything_in_it(self, api):
        client, house = api
        odd = full_record(id_="shop.test:a/b c?d#é")
        await (await house.store()).write([odd])
        answer = await client.get("/v1/products/shop.test%3Aa%2Fb%20c%3Fd%23%C3%A9")
        assert answer.json()["id"] == "shop.test:a/b c?d#é"
        assert answer.json()["verified"] == {
            "url": True,
            "image": None,
            "price": False,
            "at": "1970-01-01T00:00:03.250Z",
        }

    async def test_its_etag_follows_what_it_says(self, api):
        client, house = api
        await products(house, 1)
        before = await client.get("/v1/products/oak:1")
        assert before.headers["etag"] == (await client.get("/v1/products/oak:1")).headers["etag"]
        await (await house.store()).touch(["oak:1"], 99.0)
        assert (await client.get("/v1/products/oak:1")).headers["etag"] != before.headers["etag"]

    @pytest.mark.parametrize("part", ["", "/prices", "/offers", "/similar"])
    async def test_an_unknown_one_is_a_404_everywhere(self, api, part):
        answer = await api[0].get(f"/v1/products/oak:404{part}")
        assert wrong_fields(answer) == (404, [])
        assert "oak:404" in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("%00", "id"), ("x" * 501, "id"), ("oak:1?x=1", "x"), ("oak:1/prices?days=0", "days"),
            ("oak:1/prices?days=4000", "days"), ("oak:1/similar?limit=51", "limit"), ("oak:1/offers?limit=1", "limit"),
        ],
    )  # fmt: skip
    async def test_what_cant_be_is_named(self, api, path, field):
        assert wrong_fields(await api[0].get(f"/v1/products/{path}")) == (422, [field])

    async def test_it_can_only_be_read(self, api):
        answer = await api[0].delete("/v1/products/oak:1")
        assert wrong_fields(answer) == (405, [])
        assert answer.headers["allow"] == "GET"


class TestPrices:
    async def test_the_history_of_each_offer_and_its_figures(self, api):
        client, house = api
        await products(house, 1)
        now = time.time()
        days = {90: 10_000, 60: 40_000, 10: 30_000, 5: None, 1: 20_000}
        points = [point(f"p{d}", now - d * 86_400, price) for d, price in days.items()]
        await (await house.store()).clear_outbox({}, [*points, point("red", now - 50 * 86_400, 700, "red|||")])
        body = (await client.get("/v1/products/oak:1/prices?days=70")).json()
        figures = {"min": "100.00", "max": "400.00", "median": "250.00", "low_30d": "200.00"}
        assert {name: body[name] for name in figures} == figures
        assert (body["price"], body["currency"]) == ("100.00", "INR")
        plain, red = body["offers"]
        assert [p["price"] for p in plain["points"]] == ["400.00", "300.00", None, "200.00"]
        assert (red["variant"], red["min"], red["low_30d"]) == ("red", "7.00", "7.00")

    async def test_without_points_there_are_no_figures(self, api):
        client, house = api
        await products(house, 1)
        body = (await client.get("/v1/products/oak:1/prices")).json()
        assert (body["min"], body["low_30d"], body["offers"]) == (None, None, [])


def point(id_, at, price, offer="||new|"):
    return PricePoint(id_, "oak:1", offer, price, None, "INR", "in_stock", at)


class TestElsewhere:
    async def test_offers_of_the_same_product_in_other_shops(self, api):
        client, house = api
        mine = record(1, brand="Ödegård", gtin="0400", mpn="M-1", price=100, currency="INR")
        others = [
            record(2, retailer="pine", brand="odegard", gtin="400", price=90, currency="INR"),
            record(3, retailer="elm", brand="Odegard", mpn="m 1", price=80, currency="INR"),
            record(4, retailer="ash", brand="Odegard", gtin="401", mpn="M-1", price=1, currency="INR"),
            record(5, brand="Odegard", gtin="0400", price=1, currency="INR"),
        ]
        await (await house.store()).write([mine, *others])
        body = (await client.get("/v1/products/oak:1/offers")).json()
        assert [(o["product_id"], o["matched_by"], o["price"]) for o in body["results"]] == [
            ("oak:1", "id", "1.00"), ("pine:2", "gtin", "0.90"), ("elm:3", "brand+mpn", "0.80"),
        ]  # fmt: skip

    async def test_what_is_only_alike_is_a_suggestion(self, api):
        client, house = api
        mine = record(1, title="Oslo green velvet sofa", price=100, currency="INR")
        others = [
            record(2, retailer="pine", title="Oslo sofa, green velvet", price=90, currency="INR"),
            record(3, retailer="elm", title="Green lamp", price=1, currency="INR"),
        ]
        await (await house.store()).write([mine, *others])
        body = (await client.get("/v1/products/oak:1/offers")).json()
        assert [o["product_id"] for o in body["results"]] == ["oak:1"]
        (only,) = body["suggestions"]
        assert (only["product_id"], only["matched_by"]) == ("pine:2", "similarity")
        assert 0.5 <= only["confidence"] < 0.95

    async def test_look_alikes_share_words_and_category(self, api):
        client, house = api
        mine = record(1, title="Green corner sofa", category=["Living room", "Sofas"])
        others = [
            record(2, title="Green corner sofa", category=["Living room", "Sofas"]),
            record(3, title="Blue sofa", category=["Living room", "Sofas"]),
            record(4, title="Green lamp"), record(5, title="Desk"),
        ]  # fmt: skip
        await (await house.store()).write([mine, *others])
        body = (await client.get("/v1/products/oak:1/similar")).json()
        assert [(p["id"], p["similarity"]) for p in body["results"]] == [
            ("oak:2", 1.0), ("oak:3", 0.475), ("oak:4", 0.175),
        ]  # fmt: skip
        assert ids(await client.get("/v1/products/oak:1/similar?limit=1")) == ["oak:2"]


class TestAway:
    async def test_without_redis_what_is_stored_is_served_and_the_sources_say_why(self, tmp_path):
        async with served(tmp_path, "redis://127.0.0.1:1") as (client, house):
            await products(house, 2)
            answer = await client.get("/v1/products?q=sofa")
            assert ids(answer) == ["oak:2", "oak:1"]
            assert answer.json()["search_id"] is None
            assert answer.json()["sources"] == [
                {"name": "*", "status": "error", "count": 0, "ms": 0,
                 "reason": "Redis does not answer: no search was started"}
            ]  # fmt: skip
            await searched(house, "products", "sofa", 5.0, oak="ok", pine="blocked")
            told_by = (await client.get("/v1/products?q=sofa")).json()["sources"]
            assert [(s["name"], s["status"]) for s in told_by] == [("oak", "stale"), ("pine", "blocked")]

    async def test_without_the_store_there_is_a_problem_that_says_so(self, tmp_path, valkey):
        (tmp_path / "homefeed.db").mkdir()
        async with served(tmp_path, valkey) as (client, _):
            for path in ("/v1/products?q=sofa", "/v1/products/oak:1", "/v1/designs", "/v1/sources"):
                answer = await client.get(path)
                assert (answer.status_code, answer.json()["type"]) == (503, "urn:homefeed:problem:store-away")
                assert answer.headers["retry-after"] == "2"


async def test_a_full_line_leaves_what_is_stored(tmp_path, valkey):
    async with served(tmp_path, valkey, HOMEFEED_LINE="1") as (client, house):
        await products(house, 1)
        assert (await client.get("/v1/products?q=bed")).json()["search_id"]
        answer = await client.get("/v1/products?q=sofa")
        assert ids(answer) == ["oak:1"]
        assert answer.json()["search_id"] is None
        assert answer.json()["sources"][0]["reason"].startswith("no search was started: too many")


def test_structs_have_no_field_that_the_answer_forgets():
    """A new field of a product must be shown or left out on purpose."""
    from api.schemas.products import ProductShape
    from crawler.core.models import Product

    shown = set(ProductShape.model_fields)
    assert {field.name for field in msgspec.structs.fields(Product)} <= shown
