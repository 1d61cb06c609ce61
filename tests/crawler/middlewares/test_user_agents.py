"""Who we say we are: honest, or one whole browser for a session, until that is turned away."""

import json
import re

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.core import config as settings
from crawler.core.verdicts import Verdict
from crawler.middlewares.profiles import AGENTS, headers
from crawler.middlewares.user_agents import UserAgentMiddleware

NAMES = json.loads(AGENTS.read_text())
PAGE = "https://shop.test/p"
OURS = "homefeed/0.1 (+me)"


@pytest.fixture
def build(monkeypatch):
    def build(agents, **of_spider):
        monkeypatch.setattr("crawler.middlewares.user_agents.config", lambda: settings.Config(user_agents=agents))
        providers = ["crawler.middlewares.profiles.Agents"]
        crawler = get_crawler(Spider, {"USER_AGENT": OURS, "FAKEUSERAGENT_PROVIDERS": providers})
        crawler.spider = crawler._create_spider("x")
        vars(crawler.spider).update(of_spider)
        return UserAgentMiddleware.from_crawler(crawler)

    return build


def sent(middleware, request):
    middleware.process_request(request)
    return {k.decode(): v[0].decode() for k, v in request.headers.items()}


def agents(middleware, requests):
    return {sent(middleware, request)["User-Agent"] for request in requests}


def test_honest_by_default_with_plain_headers(build):
    found = sent(build("honest"), Request(PAGE))
    assert found["User-Agent"] == OURS
    assert found.keys() == {"User-Agent", "Accept", "Accept-Language"}


def test_one_name_for_a_session_and_many_for_many(build):
    rotating = build("rotate")
    assert len(agents(rotating, [Request(f"{PAGE}/{n}") for n in range(20)])) == 1
    assert len(agents(rotating, [Request(PAGE, meta={"cookiejar": n}) for n in range(40)])) > 3
    assert len(agents(rotating, [Request(PAGE, meta={"way": f"proxy:p{n}.test:1"}) for n in range(40)])) > 3
    assert len(agents(rotating, [Request(f"https://s{n}.test/") for n in range(40)])) > 3


def test_turned_away_it_comes_as_somebody_else(build):
    rotating, seen = build("rotate"), set()
    for _ in range(40):
        request = Request(PAGE)
        seen.add(sent(rotating, request)["User-Agent"])
        request.meta["verdict"] = Verdict.captcha, "says robot"
        rotating.process_response(request, Response(PAGE))
    assert len(seen) > 3


def test_a_page_that_is_gone_is_no_reason_to_change(build):
    rotating, request = build("rotate"), Request(PAGE)
    before = sent(rotating, request)["User-Agent"]
    request.meta["verdict"] = Verdict.not_found, "status 404"
    rotating.process_response(request, Response(PAGE, status=404))
    assert agents(rotating, [Request(PAGE) for _ in range(20)]) == {before}


@pytest.mark.parametrize(("device", "mobile"), [("desktop", {False}), ("mobile", {True}), ("any", {True, False})])
def test_the_device_is_the_spiders_choice(build, device, mobile):
    found = agents(build("rotate", device=device), [Request(PAGE, meta={"cookiejar": n}) for n in range(60)])
    assert {"Mobile" in agent for agent in found} == mobile


def test_robots_txt_is_fetched_under_our_own_name(build):
    assert sent(build("rotate"), Request("https://shop.test/robots.txt"))["User-Agent"] == OURS


def test_a_spiders_own_headers_are_kept(build):
    request = Request(PAGE, headers={"User-Agent": "mine", "Accept": "application/json"})
    for agent in ("honest", "rotate"):
        again = request.copy()
        found = sent(build(agent), again) | sent(build(agent), again.copy())
        assert (found["User-Agent"], found["Accept"]) == ("mine", "application/json")


def test_the_next_try_has_nothing_of_the_last_ones_headers(build):
    rotating, seen = build("rotate"), set()
    request = Request(PAGE, headers={"X-Mine": "1"})
    for jar in range(40):
        request = request.copy()
        request.meta["cookiejar"] = jar
        found = sent(rotating, request)
        seen.add(found["User-Agent"])
        assert found == headers(found["User-Agent"], PAGE) | {"X-Mine": "1"}
    assert len(seen) > 3


# what goes with a name


@pytest.mark.parametrize("agent", NAMES)
@pytest.mark.parametrize("url", [PAGE, "http://shop.test/p"])
def test_no_header_says_something_else_than_the_name(agent, url):
    found = headers(agent, url)
    hints = [name for name in found if name.startswith("Sec-Ch-Ua")]
    chromium, secure = re.search(r"Chrome/(\d+)", agent), url.startswith("https")
    assert bool(hints) is bool(chromium and secure)
    assert ("Sec-Fetch-Mode" in found) is secure
    assert ("zstd" in found["Accept-Encoding"]) is (secure and "Version/" not in agent)
    if hints:
        assert f'"Chromium";v="{chromium[1]}"' in found["Sec-Ch-Ua"]
        assert ("Edge" in found["Sec-Ch-Ua"]) is ("Edg/" in agent)
        assert found["Sec-Ch-Ua-Mobile"] == ("?1" if "Mobile" in agent else "?0")
        platform = {"Windows": "Windows", "macOS": "Macintosh", "Android": "Android", "Linux": "X11; Linux"}
        assert platform[found["Sec-Ch-Ua-Platform"].strip('"')] in agent


@pytest.mark.parametrize(("major", "brands"), [
    (142, '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"'),
    (143, '"Google Chrome";v="143", "Chromium";v="143", "Not A(Brand";v="24"'),
    (120, '"Not_A Brand";v="8", "Chromium";v="120", "Google Chrome";v="120"'),
])  # fmt: skip
def test_brands_as_chrome_sent_them(major, brands):
    assert headers(f"Mozilla/5.0 (X11; Linux x86_64) Chrome/{major}.0.0.0 Safari/537.36", PAGE)["Sec-Ch-Ua"] == brands


@pytest.mark.parametrize(("accept", "referer", "dest", "site"), [
    (None, None, "document", "none"), (None, "https://shop.test/", "document", "same-origin"),
    (None, "https://else.test/", "document", "cross-site"), ("application/json", None, "empty", "same-origin"),
    ("image/webp,*/*", None, "image", "cross-site"),
])  # fmt: skip
def test_what_is_asked_for_is_said_alike(accept, referer, dest, site):
    found = headers(NAMES[0], PAGE, accept, referer)
    assert (found["Sec-Fetch-Dest"], found["Sec-Fetch-Site"]) == (dest, site)
    assert ("Upgrade-Insecure-Requests" in found) is (accept is None)


def test_names_are_of_both_devices_and_several_makers():
    assert {"Mobile" in name for name in NAMES} == {True, False}
    assert all(any(word in name for name in NAMES) for word in ("Firefox/", "Version/", "Edg/", "Android", "iPhone"))
    assert len(set(NAMES)) == len(NAMES)
