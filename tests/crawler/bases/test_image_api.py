"""What a source's answer becomes: designs, or a verdict with a reason; odd items are counted, never fatal."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import JsonResponse

from crawler.bases import image_api
from crawler.bases.document import Document
from crawler.core.config import load
from crawler.core.errors import InputError
from crawler.core.models import Page
from crawler.core.verdicts import Verdict
from crawler.spiders.images.openverse import OpenverseSpider
from crawler.spiders.images.wikimedia import WikimediaSpider
from tests.reading import FIXTURES

SPIDERS = {"openverse": OpenverseSpider, "wikimedia": WikimediaSpider}
NORMAL = {name: json.loads((FIXTURES / name / "normal/page.json").read_text()) for name in SPIDERS}


def read(spider, data, status=200, page=1, **headers):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return spider.read(Document(spider.api_url(page), body, status, headers), page)


@pytest.mark.parametrize("name", SPIDERS)
@pytest.mark.parametrize(
    ("body", "status", "verdict", "says"),
    [
        (b"{}", 429, Verdict.blocked, "retry after 7 s"),
        (b"no", 401, Verdict.blocked, "401"),
        (b"<html>", 200, Verdict.error, "not JSON"),
        (b"[1]", 200, Verdict.error, "not JSON"),
        (b"oops", 502, Verdict.error, "502"),
        (b"{}", 404, Verdict.not_found, "404"),
    ],
)
def test_verdicts(name, body, status, verdict, says):
    page = read(SPIDERS[name](query="sofa"), body, status, **{"retry-after": "7"}).page
    assert (page.verdict, page.designs) == (verdict, [])
    assert says in page.reason


def test_refusals_are_counted_by_reason():
    flagged = json.loads((FIXTURES / "openverse/flagged/page.json").read_text())
    assert read(OpenverseSpider(query="sofa"), flagged).page.dropped == {"mature": 1, "watermark": 2, "no_license": 1}
    refused = json.loads((FIXTURES / "wikimedia/refused/page.json").read_text())
    assert read(WikimediaSpider(query="sofa"), refused).page.dropped == {
        "no_license": 1,
        "not_a_picture": 1,
        "watermark": 1,
        "restricted": 1,
        "no_picture": 1,
        "no_url": 1,
    }


def test_a_repeated_item_is_one_design():
    data = copy.deepcopy(NORMAL["openverse"])
    data["results"] *= 2
    page = read(OpenverseSpider(query="sofa"), data).page
    assert len(page.designs) == 3
    assert page.dropped == {"repeated": 3}


@pytest.mark.parametrize("name", SPIDERS)
@pytest.mark.parametrize(
    "shape",
    [
        {"results": 7},
        {"query": 7},
        {"query": {"pages": "x"}, "results": {"a": 1}},
        {"query": {"pages": [7]}, "results": [7]},
    ],
)
def test_an_unknown_shape_is_no_design(name, shape):
    page = read(SPIDERS[name](query="sofa"), shape).page
    assert page.designs == []
    assert page.verdict in (Verdict.empty, Verdict.drifted)


@given(
    st.sampled_from(sorted(SPIDERS)),
    st.randoms(use_true_random=False),
    st.sampled_from([None, 7, "x", [], {}, [None], {"value": 3}, -1, 1e400, True]),
)
def test_any_field_may_change_its_type(name, rnd, value):
    data = copy.deepcopy(NORMAL[name])
    holder, key = rnd.choice(list(_places(data)))
    holder[key] = value
    page = read(SPIDERS[name](query="sofa"), data).page
    for design in page.designs:
        assert design.url.startswith("https://")
        assert design.license.code
        assert design.width is None or 0 < design.width < 1_000_000


def _places(thing):
    for key, value in thing.items() if isinstance(thing, dict) else enumerate(thing):
        yield thing, key
        if isinstance(value, dict | list):
            yield from _places(value)


def test_a_query_is_needed():
    with pytest.raises(InputError, match="query"):
        OpenverseSpider().check()


async def test_a_keyed_source_without_its_key_says_so(monkeypatch):
    class KeyedSpider(OpenverseSpider):
        terms = image_api.Terms("K", "https://k.test", "https://k.test/terms", "2026-11-20", keyed=True)

    for environ, key in (({}, None), ({"OPENVERSE_API_KEY": "k"}, "k")):
        settings = load(environ, FIXTURES / "none")
        monkeypatch.setattr(image_api, "config", lambda settings=settings: settings)
        spider = KeyedSpider(query="sofa")
        assert spider.key == key
        if key:
            assert (await anext(spider.start())).url
        else:
            with pytest.raises(CloseSpider) as closed:
                await anext(spider.start())
            assert closed.value.reason == "no_key"


async def test_requests_go_straight_to_the_api():
    request = await anext(WikimediaSpider(query="söfa & chair").start())
    assert request.meta == {"dont_obey_robotstxt": True, "proxy": None}
    assert request.headers[b"User-Agent"].startswith(b"homefeed/")
    assert "s%C3%B6fa+%26+chair" in request.url


def crawl(spider, answers):
    """Pages and requests as Scrapy would walk them."""
    pages, requests = [], [(spider.api_url(1), {"page": 1, "answers": 1})]
    while requests:
        url, kwargs = requests.pop()
        body = json.dumps(answers(url, kwargs)).encode()
        for found in spider.parse(JsonResponse(url, body=body, request=Request(url)), **kwargs):
            if isinstance(found, Page):
                pages.append(found)
            else:
                requests.append((found.url, found.cb_kwargs))
    return pages


def test_pages_are_followed_as_far_as_asked():
    spider = OpenverseSpider(query="sofa", pages="3")
    pages = crawl(spider, lambda url, kwargs: NORMAL["openverse"] | {"page": kwargs["page"]})
    assert [f"page={n}" in p.url for n, p in enumerate(pages, 1)] == [True, True, True]


def test_the_rest_of_a_batch_belongs_to_its_page():
    part = json.loads((FIXTURES / "wikimedia/unfinished_batch/page.json").read_text())
    pages = crawl(
        WikimediaSpider(query="sofa", pages="1"), lambda url, _: NORMAL["wikimedia"] if "iicontinue" in url else part
    )
    assert [(len(p.designs), p.complete) for p in pages] == [(1, False), (3, True)]


def test_a_batch_that_never_ends_is_left():
    part = json.loads((FIXTURES / "wikimedia/unfinished_batch/page.json").read_text())
    pages = crawl(WikimediaSpider(query="sofa"), lambda url, _: part)
    assert len(pages) == image_api.ANSWERS_PER_PAGE


def test_openverse_never_asks_deeper_than_it_may():
    spider = OpenverseSpider(query="sofa", pages="99")
    deep = NORMAL["openverse"] | {"page_count": 99_999}
    assert len(crawl(spider, lambda url, kwargs: deep)) == 12


def test_side():
    assert [image_api.side(v) for v in (None, "x", 0, -3, 10**9, float("nan"), float("inf"), "640", 480)] == [
        None
    ] * 7 + [640, 480]
