"""A page that turns us away is asked for by the next way; what works is remembered; a second look goes elsewhere."""

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from crawler.core.config import Config
from crawler.core.shared import Shared, adopt
from crawler.core.verdicts import Verdict
from crawler.middlewares.ways import NoWay, WaysMiddleware
from tests.crawler.middlewares.test_proxies import crawl, skus
from tests.demo_world import control
from tests.local_proxies import proxies

PAGE = "https://oak.test/p/1"
LISTED = "http://u:geheim@a.test:1,http://u:geheim@b.test:2"


class Shop(Spider):
    name = "shop"
    browser = False


@pytest.fixture
async def build(valkey, tmp_path, monkeypatch):
    """A stage with settings; all that are built share what is remembered."""
    opened = []

    async def build(browser=False, **values):
        settings = Config(redis_url=valkey, data_dir=tmp_path, **values)
        monkeypatch.setattr("crawler.middlewares.ways.config", lambda: settings)
        monkeypatch.setattr("crawler.middlewares.ways.usable", lambda _: True)
        crawler = get_crawler(Shop)
        crawler.spider = crawler._create_spider()
        crawler.spider.browser = browser
        common = Shared(settings)
        adopt(crawler, common)
        await common.enter()
        opened.append(common)
        return WaysMiddleware.from_crawler(crawler)

    yield build
    for common in opened:
        await common.leave()


def answer(request, verdict="ok", reason="", status=200):
    request.meta["verdict"] = Verdict(verdict), reason
    return HtmlResponse(request.url, status=status, request=request)


async def sent(stage, request):
    await stage.process_request(request)
    return request


async def refuse(stage, request):
    return await stage.process_response(request, answer(request, "captcha", "says robot"))


async def test_direct_is_the_way_of_whoever_configured_nothing(build):
    stage = await build()
    request = await sent(stage, Request(PAGE))
    assert request.meta["way"] == "direct"
    blocked = await refuse(stage, request)
    assert blocked.status == 200  # the last answer, with its verdict
    assert blocked.request.meta["verdict"][0] is Verdict.captcha


async def test_step_by_step_with_callback_errback_and_meta_kept(build):
    stage = await build(proxies=LISTED)

    def parse(response): ...

    request = Request(PAGE, parse, errback=parse, meta={"mine": 1}, cb_kwargs={"page": 2}, cookies={"a": "b"})
    first = await refuse(stage, await sent(stage, request))
    second = await refuse(stage, await sent(stage, first))
    assert [r.meta["way"] for r in (first, second)] == ["proxy:a.test:1", "proxy:b.test:2"]
    assert second.meta["tried"] == ("direct", "proxy:a.test:1")
    assert second.dont_filter
    kept = (second.callback, second.errback, second.cb_kwargs, second.cookies, second.meta["mine"])
    assert kept == (parse, parse, {"page": 2}, {"a": "b"}, 1)
    last = await refuse(stage, await sent(stage, second))
    assert isinstance(last, HtmlResponse)
    assert stage.crawler.stats.get_value("homefeed/ways/again/refused") == 2


async def test_nothing_of_the_last_try_clings_to_the_next(build):
    stage = await build(proxies=LISTED)
    request = await sent(stage, Request(PAGE, meta={"another_way": "direct"}))
    request.meta.update(proxy="http://a.test:1", _auth_proxy="http://a.test:1", _ban=True)
    request.headers["Proxy-Authorization"] = "Basic abc"
    again = await refuse(stage, request)
    assert not {"proxy", "_auth_proxy", "_ban", "verdict"} & again.meta.keys()
    assert "Proxy-Authorization" not in again.headers


async def test_what_worked_is_where_all_workers_begin(build):
    stage, other = await build(proxies=LISTED), await build(proxies=LISTED)
    again = await refuse(stage, await sent(stage, Request(PAGE)))
    await stage.process_response(again, answer(again))
    assert (await sent(other, Request("https://oak.test/p/2"))).meta["way"].startswith("proxy:")
    assert (await sent(other, Request("https://elm.test/p/2"))).meta["way"] == "direct"


async def test_a_remembered_way_that_leads_nowhere_is_forgotten(build):
    stage = await build(proxies=LISTED)
    again = await refuse(stage, await sent(stage, Request(PAGE)))
    await stage.process_response(again, answer(again))
    request = await sent(stage, Request(PAGE))
    while isinstance(request, Request):
        request = await refuse(stage, request)
    assert (await sent(stage, Request(PAGE))).meta["way"] == "direct"


@pytest.mark.parametrize(("verdict", "reason", "status"), [
    ("blocked", "status 503", 503), ("blocked", "status 429", 429), ("not_found", "status 404", 404), ("ok", "", 200),
    ("error", "status 407", 407), ("empty", "no visible text", 200),
])  # fmt: skip
async def test_other_answers_are_nobodys_refusal(build, verdict, reason, status):
    stage = await build(proxies=LISTED)
    request = await sent(stage, Request(PAGE))
    response = answer(request, verdict, reason, status)
    assert await stage.process_response(request, response) is response


async def test_407_and_a_lost_connection_are_the_proxys_failure(build):
    stage = await build(proxies=LISTED, ways="proxy")
    request = await sent(stage, Request(PAGE))
    again = await stage.process_response(request, answer(request, "error", "status 407", 407))
    assert (request.meta["way"], again.meta["way"]) == ("proxy:a.test:1", "proxy:b.test:2")
    assert again.meta["unreached"] == 1
    assert await stage.process_exception(again, DownloadTimeoutError()) is None
    assert await stage.process_exception(request, IgnoreRequest()) is None


async def test_a_shop_that_does_not_answer_is_a_matter_of_retries(build):
    stage = await build(proxies=LISTED)
    assert await stage.process_exception(await sent(stage, Request(PAGE)), DownloadTimeoutError()) is None


async def test_an_empty_page_goes_to_the_browser_of_a_spider_that_has_one(build):
    stage = await build(browser=True)
    request = await sent(stage, Request(PAGE))
    again = await stage.process_response(request, answer(request, "empty", "no visible text"))
    assert again.meta["way"] == "browser"


@pytest.mark.parametrize("request_", [
    Request(PAGE, method="POST"), Request(PAGE, headers={"Accept": "application/json"}),
    Request(PAGE, headers={"Accept": "image/webp"}), Request("https://oak.test/robots.txt"),
], ids=["post", "json", "picture", "robots"])  # fmt: skip
async def test_what_is_no_page_is_not_for_a_browser(build, request_):
    stage = await build(browser=True)
    assert isinstance(await refuse(stage, await sent(stage, request_.copy())), HtmlResponse)


async def test_a_redirect_keeps_the_way_and_a_retry_chooses_again(build):
    stage = await build(proxies=LISTED, ways="proxy")
    request = await sent(stage, Request(PAGE))
    moved = await sent(stage, request.replace(url="https://oak.test/p/1/now"))
    assert moved.meta["way"] == request.meta["way"]
    retried = request.copy()
    retried.meta["retry_times"] = 1
    assert (await sent(stage, retried)).meta["way"] != request.meta["way"]


async def test_a_session_keeps_its_proxy(build):
    stage = await build(proxies=LISTED, ways="proxy")
    ways = {(await sent(stage, Request(PAGE, meta={"cookiejar": "me"}))).meta["way"] for _ in range(4)}
    assert len(ways) == 1
    assert len({(await sent(stage, Request(PAGE))).meta["way"] for _ in range(4)}) == 2


@pytest.mark.parametrize(("values", "before", "after"), [
    ({"proxies": LISTED}, "direct", "proxy:a.test:1"),
    ({"proxies": LISTED, "ways": "proxy"}, "proxy:a.test:1#x", "proxy:b.test:2"),
    ({"browser": True}, "direct", "browser"),
])  # fmt: skip
async def test_the_second_look_goes_another_way(build, values, before, after):
    request = await sent(await build(**values), Request(PAGE, meta={"another_way": before}))
    assert request.meta["way"] == after
    assert "cookiejar" not in request.meta


@pytest.mark.parametrize(("before", "session", "after"), [
    ("direct", None, "again-1"), ("direct#confirm", "confirm", "again-1"), ("direct", "confirm", "confirm"),
])  # fmt: skip
async def test_where_there_is_no_other_way_it_is_another_session(build, before, session, after):
    meta = {"another_way": before} | ({"cookiejar": session} if session else {})
    request = await sent(await build(), Request(PAGE, meta=meta))
    assert (request.meta["way"], request.meta["cookiejar"]) == ("direct", after)


async def test_no_way_open_says_why(build):
    stage = await build(proxies=LISTED, ways="proxy")
    for name in ("a.test:1", "b.test:2"):
        await (await stage._choosing()).health.failed("oak.test", name)
    with pytest.raises(NoWay, match=r"every proxy rests at oak\.test"):
        await sent(stage, Request(PAGE))


async def test_a_proxy_that_a_spider_chose_is_its_own_affair(build):
    stage = await build(proxies=LISTED)
    request = await sent(stage, Request(PAGE, meta={"proxy": "http://mine.test:1"}))
    assert request.meta == {"proxy": "http://mine.test:1"}


@pytest.mark.slow
def test_a_shop_that_turns_us_away_is_read_through_a_proxy(demo, tmp_path):
    control(demo["cedar"], fault="captcha", times=1)
    with proxies("good", "good") as through:
        done, read = crawl(demo, tmp_path, through, HOMEFEED_WAYS="direct,proxy")
    assert read == skus()
    assert "'homefeed/ways/again/refused': 1" in done.stderr
    assert sum(p.asked for p in through) >= 2  # the page again, and the next one at once


async def test_a_glance_is_not_for_a_browser_also_where_pages_are(build):
    """What a browser makes of a picture is a page."""
    stage = await build(browser=True)
    await (await stage._choosing()).remembered.keep("oak.test", "browser")
    assert (await sent(stage, Request(PAGE))).meta["way"] == "browser"
    assert (await sent(stage, Request(PAGE, meta={"glance": True}))).meta["way"] == "direct"
