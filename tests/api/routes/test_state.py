"""How sources and homefeed itself do."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.core import metrics
from crawler.core.models.jobs import WorkerInfo
from tests.api.served import served, wrong_fields
from tests.api.stocked import designs, products, run, told


class TestSources:
    async def test_what_workers_tell_and_how_the_last_run_went(self, api):
        client, house = api
        await told(house, "oak", hosts=["oak.test"], terms={"per_day": 100}, pace=2.0, currency="INR")
        await told(house, "wood", kind="designs")
        store = await house.store()
        await store.add_run(run(at=10.0))
        await store.add_run(run(at=20.0, status="blocked", verdicts={"captcha": 2}, items=0, coverage={"price": 0.5}))
        await store.add_run(run("gone", at=15.0))
        body = (await client.get("/v1/sources")).json()
        found = {source["name"]: source for source in body["results"]}
        assert [(s["name"], s["worker"], s["status"]) for s in body["results"]] == [
            ("gone", False, "ok"), ("oak", True, "blocked"), ("wood", True, "unknown"),
        ]  # fmt: skip
        assert (found["oak"]["hosts"], found["oak"]["pace"], found["oak"]["currency"]) == (["oak.test"], 2.0, "INR")
        assert found["oak"]["quota"] == {"per_minute": None, "per_day": 100}
        last = found["oak"]["last_run"]
        assert (last["verdicts"], last["coverage"]) == ({"captcha": 2}, {"price": 0.5})
        assert last["finished_at"] == "1970-01-01T00:00:20.000Z"
        assert (found["gone"]["kind"], found["gone"]["terms"], found["wood"]["last_run"]) == (None, {}, None)

    async def test_fees_and_hosts_that_are_left_alone(self, api):
        client, house = api
        await told(house, "oak", hosts=["oak.test", "www.oak.test"], fees={"buyer": {"percent": 3}})
        await told(house, "elm", hosts=["elm.test"])
        breaker = await house.shared.breaker()
        for n in range(5):
            await breaker.failed("www.oak.test", f"r{n}", "status 503")
        found = {source["name"]: source for source in (await client.get("/v1/sources")).json()["results"]}
        assert (found["oak"]["fees"], found["elm"]["fees"]) == ({"buyer": {"percent": 3}}, {})
        (circuit,) = found["oak"]["circuits"]
        assert (circuit["site"], circuit["state"], circuit["failures"]) == ("www.oak.test", "open", 5)
        assert 50 < circuit["seconds"] <= 60
        assert circuit["reason"] == "status 503"
        assert found["elm"]["circuits"] == []

    async def test_a_source_that_ran_long_ago_still_has_its_last_run(self, api):
        client, house = api
        await told(house, "oak")
        store = await house.store()
        for n in range(220):
            await store.add_run(run("oak" if n == 0 else "pine", at=float(n + 1)))
        assert {s["name"]: s["status"] for s in (await client.get("/v1/sources")).json()["results"]}["oak"] == "ok"

    async def test_without_redis_nobody_knows_who_works(self, tmp_path):
        async with served(tmp_path, "redis://127.0.0.1:1") as (client, house):
            await (await house.store()).add_run(run())
            body = (await client.get("/v1/sources")).json()
            assert (body["waiting"], [s["worker"] for s in body["results"]]) == (None, [None])
            assert [s["circuits"] for s in body["results"]] == [None]


class TestStats:
    async def test_figures_of_this_process_and_of_all(self, api):
        client, house = api
        await products(house, 2)
        await designs(house, 3)
        queue = await house.queue()
        await queue.submit("products", "sofa")
        await queue.tell_worker(WorkerInfo("w1", jobs=2, started_at=5.0))
        before = {r["route"]: r["count"] for r in (await client.get("/v1/stats")).json()["routes"]}
        await client.get("/v1/products/oak:1")
        await client.get("/v1/products/oak:2")
        body = (await client.get("/v1/stats")).json()
        route = {r["route"]: r for r in body["routes"]}["/v1/products/{id}"]
        assert route["count"] - before.get("/v1/products/{id}", 0) == 2
        assert 0 < route["p50_ms"] <= route["p95_ms"] <= route["p99_ms"] <= route["max_ms"]
        assert body["waiting"] == 1
        assert [(w["id"], w["jobs"], w["started_at"]) for w in body["workers"]] == [
            ("w1", 2, "1970-01-01T00:00:05.000Z")
        ]
        assert (body["store"]["products"], body["store"]["designs"]) == (2, 3)

    async def test_the_hit_rate_counts_stale_answers_as_hits(self, api, monkeypatch):
        monkeypatch.setattr(metrics, "CACHE", {"hit": 6, "stale": 3, "miss": 3, "away": 1})
        assert (await api[0].get("/v1/stats")).json()["cache"]["hit_rate"] == 0.75

    async def test_what_is_away_is_null(self, tmp_path):
        (tmp_path / "homefeed.db").mkdir()
        async with served(tmp_path, "redis://127.0.0.1:1") as (client, _):
            body = (await client.get("/v1/stats")).json()
            assert (body["waiting"], body["workers"], body["store"]) == (None, None, None)


class TestHealth:
    async def test_alive_and_ready(self, api):
        assert (await api[0].get("/healthz")).json() == {"status": "ok"}
        assert (await api[0].get("/readyz")).json() == {"status": "ok", "store": "ok", "redis": "ok"}

    @pytest.mark.parametrize(
        ("store", "redis", "slug", "says"),
        [
            (False, True, "store-away", "the store did not"), (True, False, "redis-away", "Redis did not"),
            (False, False, "store-away", "the store and Redis did not"),
        ],
    )  # fmt: skip
    async def test_not_ready_says_what_is_away(self, tmp_path, valkey, store, redis, slug, says):
        if not store:
            (tmp_path / "homefeed.db").mkdir()
        async with served(tmp_path, valkey if redis else "redis://127.0.0.1:1") as (client, _):
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["type"]) == (503, f"urn:homefeed:problem:{slug}")
            assert answer.json()["detail"].startswith(says)
            assert (await client.get("/healthz")).status_code == 200

    async def test_figures_for_prometheus(self, api):
        await api[0].get("/healthz")
        answer = await api[0].get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        names = {family.name for family in text_string_to_metric_families(answer.text)}
        assert {"homefeed_request_seconds", "homefeed_cache", "homefeed_pages"} <= names

    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/stats", "/v1/sources"])
    async def test_they_know_no_parameters(self, api, path):
        assert wrong_fields(await api[0].get(f"{path}?x=1")) == (422, ["x"])
