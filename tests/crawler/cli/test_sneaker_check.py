"""The sneaker check as a user runs it: one shoe on two markets by their APIs, through a real worker."""

import itertools
import json

import pytest

from tests.crawler.cli.test_search import homefeed
from tests.crawler.jobs.workers import workers
from tests.market_servers import KEYS, STYLE, markets

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(120)]  # at the pace of real markets

RETAILERS = {"HOMEFEED_SPIDERS": "crawler.spiders.retailers", **KEYS}
BOTH = ("--source", "stockx", "--source", "alias")


@pytest.fixture
def served():
    with markets() as both:
        yield both


async def checked(served, folder, *args, **more):
    """The comparison, by a worker that knows these markets."""
    ports = {name: market.port for name, market in served.items()}
    async with workers(ports, folder, **(RETAILERS | more)) as running:
        await running.start()
        code, out, err = await homefeed("compare", STYLE, *BOTH, *args, "--json", env=running.env)
        assert code == 0, err
        return json.loads(out)


def statuses(found):
    return {source["name"]: source["status"] for source in found["sources"]}


async def test_one_shoe_by_size_on_two_markets_at_their_real_pace_within_five_seconds(served, tmp_path):
    found = await checked(served, tmp_path)
    assert statuses(found) == {"stockx": "ok", "alias": "ok"}
    assert found["ms"] < 5_000
    assert {shop["retailer"]: shop["matched_by"] for shop in found["results"]} == dict.fromkeys(
        statuses(found), "query"
    )
    nine, half, ten = found["sizes"]
    assert [row["size"] for row in found["sizes"]] == ["US M 9", "US M 9.5", "US M 10"]
    quotes = {quote["retailer"]: quote for quote in nine["quotes"]}
    assert {name: quotes["alias"][name] for name in ("ask", "bid", "last_sale", "spread", "currency")} == {
        "ask": "185.00", "bid": "160.00", "last_sale": "178.00", "spread": "25.00", "currency": "USD",
    }  # fmt: skip
    assert (quotes["stockx"]["ask"], quotes["stockx"]["last_sale"]) == ("185.00", None)
    assert [(row["spread"], row["currency"]) for row in (nine, half, ten)] == [
        ("25.00", "USD"), ("48.00", "USD"), ("90.00", "USD"),
    ]  # fmt: skip
    assert [quote["ask"] for quote in ten["quotes"]] == ["210.00", None]
    assert found["fees"]["stockx"]["seller"]["payment_processing_percent"] == 3.0
    assert {fees["read_at"] for fees in found["fees"].values()} == {"2026-11-21"}
    for market, requests, pace in (("stockx", 3, 1.0), ("alias", 2, 2.0)):
        times = [at for at, _ in served[market].asked]
        assert len(times) == requests
        assert all(later - one >= pace - 0.1 for one, later in itertools.pairwise(times))


async def test_a_slow_market_keeps_nobody_waiting_beyond_its_time(served, tmp_path):
    served["alias"].delay = 30.0
    found = await checked(served, tmp_path, "--limit", "4", "--size", "us m 9.5")
    assert statuses(found) == {"stockx": "ok", "alias": "timeout"}
    assert 4_000 <= found["ms"] < 5_000
    (row,) = found["sizes"]
    assert (row["size"], [quote["retailer"] for quote in row["quotes"]]) == ("US M 9.5", ["stockx"])


async def test_a_market_that_refuses_the_key_says_so_and_the_other_answers(served, tmp_path):
    found = await checked(served, tmp_path, ALIAS_API_KEY="another")
    assert statuses(found)["stockx"] == "ok"
    assert [(s["status"], s["reason"]) for s in found["sources"] if s["name"] == "alias"] == [("error", "status 401")]
    assert {quote["retailer"] for row in found["sizes"] for quote in row["quotes"]} == {"stockx"}
    assert "another" not in json.dumps(found)
