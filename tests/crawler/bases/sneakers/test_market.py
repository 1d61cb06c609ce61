"""A market asked step by step, by the answers of its API."""

import asyncio
import json

import pytest
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import JsonResponse

from crawler.bases.document import Document
from crawler.bases.sneakers import market
from crawler.core.config import load
from crawler.core.models import Page
from crawler.core.verdicts import Verdict
from crawler.spiders.retailers import stockx as stockx_module
from crawler.spiders.retailers.alias import AliasSpider
from crawler.spiders.retailers.stockx import StockxSpider
from tests.reading import FIXTURES

API = "https://api.alias.org/api/v1"
SEARCH = json.loads((FIXTURES / "alias/search/page.json").read_text())
MARKET = json.loads((FIXTURES / "alias/product/page.json").read_text())["market"]
MOSS = SEARCH["catalog_items"][0]


@pytest.fixture
def spider(monkeypatch, tmp_path):
    def made(key="secret", **args):
        config = load({"ALIAS_API_KEY": key} if key else {}, tmp_path / ".env")
        monkeypatch.setattr(market, "config", lambda: config)
        return AliasSpider(**args)

    return made


async def _first(spider):
    return [request async for request in spider.start()]


def crawl(spider, answers):
    """Every page of a crawl, and every address asked, over canned answers: address -> JSON or a status."""
    todo, pages, asked = asyncio.run(_first(spider)), [], []
    while todo:
        request = todo.pop(0)
        asked.append(request)
        answer = answers.get(request.url, 404)
        status, data = (answer, {"message": "no"}) if isinstance(answer, int) else (200, answer)
        response = JsonResponse(request.url, status=status, body=json.dumps(data).encode(), request=request)
        for told in request.callback(response, **request.cb_kwargs):
            (todo if isinstance(told, Request) else pages).append(told)
    return pages, asked


def markets(goods):
    return {f"{API}/pricing_insights/availabilities/{good['catalog_id']}": MARKET for good in goods}


def test_without_a_key_there_is_no_way_in(spider):
    with pytest.raises(CloseSpider) as closed:
        asyncio.run(_first(spider(key="", query="tern")))
    assert closed.value.reason == "no_key"


def test_a_search_asks_the_market_of_the_first_goods(spider):
    answers = {f"{API}/catalog?query=tern&limit=25": SEARCH} | markets(SEARCH["catalog_items"])
    pages, asked = crawl(spider(query="tern", details="2"), answers)
    assert [len(page.products) for page in pages] == [3, 1, 1]
    assert [page.products[0].evidence.depth for page in pages] == ["list", "page", "page"]
    assert pages[1].products[0].offer.price == 18500
    assert len(asked) == 3


def test_a_style_code_asks_for_that_shoe_only(spider):
    answers = {f"{API}/catalog?query=rw4502-001&limit=25": SEARCH} | markets(SEARCH["catalog_items"])
    pages, asked = crawl(spider(query="rw4502-001"), answers)
    assert [page.products[0].mpn for page in pages[1:]] == ["RW4502-001"]
    assert len(asked) == 2


def test_the_address_of_a_good_leads_to_it(spider):
    answers = {f"{API}/catalog/{MOSS['catalog_id']}": {"catalog_item": MOSS}} | markets([MOSS])
    pages, _ = crawl(spider(url=f"https://www.goat.com/sneakers/{MOSS['catalog_id']}"), answers)
    (page,) = pages
    assert (page.products[0].id, page.products[0].offer.price) == (f"alias:{MOSS['catalog_id']}", 18500)


STOCKX = "https://api.stockx.com/v2/catalog"
FOUND = json.loads((FIXTURES / "stockx/api_search/page.json").read_text())
ANSWERED = json.loads((FIXTURES / "stockx/api_product/page.json").read_text())


@pytest.fixture
def stockx(monkeypatch, tmp_path):
    def made(environ, **args):
        config = load(environ, tmp_path / ".env")
        for module in (market, stockx_module):
            monkeypatch.setattr(module, "config", lambda: config)
        return StockxSpider(**args)

    return made


def test_a_market_with_pages_is_asked_by_them_without_a_key(stockx):
    for environ in ({}, {"STOCKX_API_KEY": "secret"}):
        (request,) = asyncio.run(_first(stockx(environ, query="tern")))
        assert request.url == "https://stockx.com/search?s=tern&page=1"
        assert "Authorization" not in request.headers
        assert "dont_obey_robotstxt" not in request.meta


def test_a_market_is_asked_in_steps_for_the_good_wanted_among_others(stockx):
    wanted = FOUND["products"][1]
    good = f"{STOCKX}/products/{wanted['productId']}"
    answers = {
        f"{STOCKX}/search?query={wanted['urlKey']}&pageNumber=1&pageSize=10": FOUND,
        f"{good}/variants": ANSWERED["variants"],
        f"{good}/market-data?currencyCode=USD": ANSWERED["market"],
    }
    keys = {"STOCKX_API_KEY": "secret", "STOCKX_ACCESS_TOKEN": "token"}
    pages, asked = crawl(stockx(keys, url=f"https://stockx.com/{wanted['urlKey']}"), answers)
    (page,) = pages
    assert (page.products[0].sku, page.products[0].offer.price) == (wanted["urlKey"], 18500)
    assert [request.headers["X-API-Key"] for request in asked] == [b"secret"] * 3


def test_an_api_keeps_the_rate_it_states_and_pages_the_usual_one(stockx, spider):
    (api,) = asyncio.run(_first(stockx({"STOCKX_API_KEY": "secret", "STOCKX_ACCESS_TOKEN": "token"}, query="tern")))
    (page,) = asyncio.run(_first(stockx({}, query="tern")))
    (unstated,) = asyncio.run(_first(spider(query="tern")))
    assert (api.meta["pace"], "pace" in page.meta, "pace" in unstated.meta) == (1.0, False, False)


def test_the_next_page_is_asked_when_wanted(spider):
    first, second = (f"{API}/catalog?query=tern&limit=25", "&pagination_token=eyJwYWdlIjoyfQ%3D%3D")
    last = {"catalog_items": [], "has_more": False}
    answers = {first: SEARCH, first + second: last} | markets(SEARCH["catalog_items"])
    pages, asked = crawl(spider(query="tern", pages="2"), answers)
    assert first + second in [request.url for request in asked]
    assert {page.verdict for page in pages} == {Verdict.ok, Verdict.empty}
    assert len(crawl(spider(query="tern"), answers)[1]) == len(asked) - 1


@pytest.mark.parametrize(
    ("status", "verdict"), [(404, Verdict.not_found), (429, Verdict.blocked), (500, Verdict.error)]
)
def test_a_step_that_fails_is_a_page_and_prices_nothing(spider, status, verdict):
    answers = {f"{API}/catalog?query=tern&limit=25": SEARCH} | dict.fromkeys(markets(SEARCH["catalog_items"]), status)
    pages, _ = crawl(spider(query="tern", details="1"), answers)
    assert [page.verdict for page in pages] == [Verdict.ok, verdict]
    assert not any(product.offers for page in pages for product in page.products)


def test_requests_carry_the_key_and_nothing_else_does(spider):
    answers = {f"{API}/catalog?query=tern&limit=25": SEARCH} | markets(SEARCH["catalog_items"])
    pages, asked = crawl(spider(query="tern"), answers)
    for request in asked:
        assert request.headers["Authorization"] == b"Bearer secret"
        assert request.meta["dont_obey_robotstxt"]
        assert (request.meta["proxy"], request.meta["dont_redirect"]) == (None, True)
        assert "secret" not in request.url
    assert all(isinstance(page, Page) and "secret" not in str(page) for page in pages)


@pytest.mark.parametrize(
    "odd", [[], {}, {"catalog_items": 7}, {"catalog_items": {"a": 1}}, {"catalog_items": [None, 1, {"catalog_id": 5}]},
            {"catalog_items": [{"catalog_id": "x", "name": {}, "main_picture_url": 3}]}, "text"],
)  # fmt: skip
def test_an_odd_answer_ends_as_pages(spider, odd):
    answers = {f"{API}/catalog?query=tern&limit=25": odd}
    pages, asked = crawl(spider(query="tern"), answers)
    assert pages
    assert not any(product.offers for page in pages for product in page.products)
    assert len(asked) <= 2


@pytest.mark.parametrize(
    "odd", [[], {"variants": 7}, {"variants": [None, {"availability": []}]}, {"variants": [{"size": []}]}]
)
def test_an_odd_market_prices_nothing(spider, odd):
    answers = {f"{API}/catalog?query=tern&limit=25": SEARCH} | dict.fromkeys(markets(SEARCH["catalog_items"]), odd)
    pages, _ = crawl(spider(query="tern"), answers)
    assert not any(offer.price for page in pages for product in page.products for offer in product.offers)


def test_the_same_shoe_is_the_same_on_both_markets(spider, stockx):
    """By brand, style code and size: what the shops are compared by."""
    here = spider(query="x").read(market.Document("https://a", (FIXTURES / "alias/product/page.json").read_bytes()))
    page = (FIXTURES / "stockx/product/page.html").read_bytes()
    there = stockx({}, query="x").read(market.Document("https://stockx.com/ridgeway-tern-low-moss", page))
    (one,), (other,) = here.page.products, there.page.products
    assert (one.brand, one.mpn) == (other.brand, other.mpn)
    assert {"US M 9", "US M 9.5", "US M 10"} <= {o.variant for o in one.offers} & {o.variant for o in other.offers}


def test_a_page_in_place_of_the_only_api_is_no_empty_list(spider):
    told = '<script type="application/ld+json">{"@type": "Product", "name": "Tern", "sku": "tern-low"}</script>'
    page = f"<html><head><title>Down</title></head><body>{told}{'<p>words</p>' * 200}</body></html>"
    read = spider(query="tern").read(Document(f"{API}/catalog?query=tern", page.encode()))
    assert (read.page.verdict, read.page.products) == (Verdict.drifted, [])
