"""Who we say we are, first and on every retry."""

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.core import config as settings
from crawler.middlewares.retry import RetryMiddleware
from crawler.middlewares.user_agents import UserAgentMiddleware


@pytest.fixture
def build(monkeypatch):
    def build(agents):
        monkeypatch.setattr("crawler.middlewares.user_agents.config", lambda: settings.Config(user_agents=agents))
        fallback = "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0"
        crawler = get_crawler(Spider, {"USER_AGENT": "homefeed/0.1 (+me)", "FAKEUSERAGENT_FALLBACK": fallback})
        crawler.spider = crawler._create_spider("x")
        return UserAgentMiddleware.from_crawler(crawler), RetryMiddleware.from_crawler(crawler)

    return build


def agents(middleware, count=20, url="https://shop.test/p"):
    requests = [Request(url) for _ in range(count)]
    for request in requests:
        middleware.process_request(request)
    return {r.headers["User-Agent"].decode() for r in requests}


def test_honest_by_default(build):
    assert agents(build("honest")[0]) == {"homefeed/0.1 (+me)"}


def test_rotation_really_rotates(build):
    assert len(agents(build("rotate")[0], 40)) > 5


def test_robots_txt_is_fetched_under_our_own_name(build):
    assert agents(build("rotate")[0], url="https://shop.test/robots.txt") == {"homefeed/0.1 (+me)"}


def test_a_spiders_own_header_is_kept_also_on_retry(build):
    names, retries = build("rotate")
    request = Request("https://api.test/", headers={"User-Agent": "mine"})
    names.process_request(request)
    again = retries.process_response(request, Response(request.url, status=503))
    assert again.headers["User-Agent"] == b"mine"


def test_a_rotated_name_is_chosen_anew_on_retry(build):
    names, retries = build("rotate")
    request = Request("https://shop.test/")
    names.process_request(request)
    assert "User-Agent" not in retries.process_response(request, Response(request.url, status=503)).headers
