"""A session behind one proxy shows nothing of itself behind another."""

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.cookies import CookiesMiddleware

PAGE = "https://shop.test/p"
A, B = "proxy:a.test:1", "proxy:b.test:1"


@pytest.fixture
def cookies():
    crawler = get_crawler(Spider)
    crawler.spider = crawler._create_spider("x")
    return CookiesMiddleware.from_crawler(crawler)


@pytest.mark.parametrize(("first", "then", "same"), [
    ({"way": A}, {"way": A}, True), ({"way": A}, {"way": B}, False), ({"way": "direct"}, {"way": A}, False),
    ({"way": "direct"}, {}, True), ({"way": A, "cookiejar": "x"}, {"way": A, "cookiejar": "x"}, True),
    ({"way": A, "cookiejar": "x"}, {"way": A, "cookiejar": "y"}, False),
    ({"way": A, "cookiejar": "x"}, {"way": A}, False),
])  # fmt: skip
def test_who_comes_back(cookies, first, then, same):
    before = dict(first)
    request = Request(PAGE, meta=first)
    cookies.process_request(request)
    cookies.process_response(request, Response(PAGE, headers={"Set-Cookie": "id=1"}))
    again = Request(PAGE, meta=then)
    cookies.process_request(again)
    assert (again.headers.get("Cookie") == b"id=1") is same
    assert request.meta == before
