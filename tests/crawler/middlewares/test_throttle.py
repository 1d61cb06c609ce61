import asyncio
import itertools
import time

import pytest
from aiohttp import web
from scrapy import Request, Spider, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.core.breaker import Breaker, Terms
from crawler.core.limits import Pace
from crawler.core.shared import Shared, adopt, shared
from crawler.middlewares.circuit import CIRCUIT, WHO
from crawler.middlewares.retry_after import LONGEST, retry_after
from crawler.middlewares.throttle import PLACE, ThrottleMiddleware
from tests.demo_world import environ, scrapy

DATE = "Fri, 20 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "99999"}, LONGEST),
        ({}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT", "Date": DATE}, 30.0),
        ({"Retry-After": "Fri, 20 Nov 2026 09:00:00 GMT", "Date": DATE}, 0.0),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT"}, None),
        ({"Retry-After": "7", "Date": "nonsense"}, 7.0),
        ({"Retry-After": DATE, "Date": "nonsense"}, None),
        ({"Retry-After": DATE, "Date": "20 Nov 2026 10:00:00"}, None),
        ({"Retry-After": "²"}, None),
    ],
)
def test_retry_after(headers, seconds):
    assert retry_after(Response("http://shop.test/", status=429, headers=headers)) == seconds


@pytest.mark.parametrize(
    ("usual", "own", "meta", "seconds"),
    [
        (2, None, {}, 2.0),
        (2, 5.0, {}, 5.0),
        (2, 5.0, {"pace": 0.2}, 0.2),
        (0, 5.0, {}, 0.0),
        (0, None, {"pace": 0.2}, 0.0),
        (2, None, {"crawl_delay": 10.0}, 10.0),
        (2, None, {"crawl_delay": 1.0}, 2.0),
        (2, None, {"crawl_delay": 1.0, "pace": 0.2}, 1.0),
        (0, None, {"crawl_delay": 10.0}, 0.0),
    ],
)
def test_whose_pace_counts(usual, own, meta, seconds):
    crawler = get_crawler(Spider, {"PACE": usual})
    crawler.spider = crawler._create_spider("x")
    crawler.spider.pace = own
    request = Request("http://shop.test/", meta=meta)
    assert ThrottleMiddleware.from_crawler(crawler).delay(request) == seconds


@pytest.fixture
def throttle():
    """The last gate of a crawl that knows no Redis."""
    crawler = get_crawler(Spider, {"PACE": 0.01, "RETRY_BACKOFF": 2.0, "DOWNLOAD_TIMEOUT": 30})
    crawler.spider = crawler._create_spider("x")
    common = Shared(None)
    common._all.opened.update(pace=Pace(None), breaker=Breaker(None, Terms(60.0, failures=1)))
    adopt(crawler, common)
    return ThrottleMiddleware.from_crawler(crawler)


def opened(throttle, name):
    return shared(throttle.crawler)._all.opened[name]


@pytest.mark.parametrize(
    ("headers", "meta", "least", "most"),
    [
        ({"Retry-After": "7"}, {}, 7, 7),
        ({}, {}, 1.5, 2.5),
        ({}, {"retry_times": 2}, 6, 10),
        ({"Retry-After": "0"}, {"retry_times": 2}, 0, 0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_site_that_is_asked_too_often_is_held_for_all(throttle, status, headers, meta, least, most):
    request = Request("http://oak.test/", meta=meta)
    await throttle.process_request(request)
    await throttle.process_response(request, Response(request.url, status=status, headers=headers))
    held = opened(throttle, "pace")._alone._held["oak.test"] - time.monotonic()
    assert least - 1 <= held <= most
    assert PLACE not in request.meta


async def test_whoever_waits_long_is_told_that_the_circuit_opened(throttle):
    await opened(throttle, "pace").hold("oak.test", 30)
    waiting = asyncio.ensure_future(throttle.process_request(asking()))
    await asyncio.sleep(0.05)
    breaker = opened(throttle, "breaker")
    await breaker.failed("oak.test", "other", "status 503")
    with pytest.raises(IgnoreRequest, match="circuit open"):
        await asyncio.wait_for(waiting, 5)


async def test_whoever_waited_asks_again_whether_it_may_go(throttle):
    """The circuit was opened by another process: this one has not heard of it."""
    await opened(throttle, "pace").hold("oak.test", 0.2)
    waiting = asyncio.ensure_future(throttle.process_request(asking()))
    await asyncio.sleep(0.05)
    opened(throttle, "breaker")._circuit("oak.test").failed("other", "status 503", time.monotonic())
    with pytest.raises(IgnoreRequest, match="circuit open"):
        await asyncio.wait_for(waiting, 5)


async def test_no_turn_before_the_deadline_is_said_at_once(throttle):
    await opened(throttle, "pace").hold("oak.test", 30)
    request = asking()
    request.meta["deadline"] = time.monotonic() + 20
    with pytest.raises(IgnoreRequest, match=r"oak\.test may not be asked for another 30 s"):
        await asyncio.wait_for(throttle.process_request(request), 5)


async def test_nothing_is_asked_whose_answer_comes_too_late_even_where_nobody_waits(throttle):
    request = asking()
    request.meta["deadline"] = time.monotonic() - 1
    with pytest.raises(IgnoreRequest, match="too late"):
        await throttle.process_request(request)


async def test_the_place_of_a_request_nobody_waits_for_any_more_is_free_once_it_is_over(throttle):
    """Scrapy asks no middleware about a request whose caller gave up, but its download goes on till it ends."""
    request, signalled = asking(), throttle.crawler.signals
    await throttle.process_request(request)
    assert len(opened(throttle, "pace")._alone.places("oak.test")) == 1
    signalled.send_catch_log(signals.request_left_downloader, request=request, spider=throttle.crawler.spider)
    assert opened(throttle, "pace")._alone.places("oak.test") == {}


def asking():
    return Request("http://oak.test/", meta={CIRCUIT: "oak.test", WHO: "me"})


class Busy:
    """A site that is slow, and knows how many requests it had at once and when each came."""

    def __init__(self):
        self.now, self.most, self.came = 0, 0, []

    async def page(self, request: web.Request) -> web.Response:
        self.came.append(time.monotonic())
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.15)
        self.now -= 1
        return web.Response(status=int(request.query.get("status", 200)))


@pytest.mark.slow
@pytest.mark.parametrize(("most", "pace"), [(1, "0"), (3, "0"), (2, "2")])
async def test_no_more_requests_than_allowed_are_under_way_and_none_comes_in_a_burst(most, pace, tmp_path):
    """The demo shop's own pace is 0.02 s; an operator's 0 switches it off."""
    busy, app = Busy(), web.Application()
    app.router.add_get("/p/{n}", busy.page)
    site = web.AppRunner(app)
    await site.setup()
    await web.TCPSite(site, "127.0.0.1", 0).start()
    port = site.addresses[0][1]
    urls = [f"http://127.0.0.1:{port}/p/{n}?status={s}" for n, s in enumerate([200, 404, 500, 200, 200, 200, 200])]
    env = environ({"alder": port}, tmp_path, HOMEFEED_CONCURRENCY=str(most), HOMEFEED_PACE=pace)
    done = await asyncio.to_thread(scrapy, "crawl", "alder", "-a", f"url={' '.join(urls)}", env=env)
    await site.cleanup()
    assert done.returncode == 0, done.stderr[-2000:]
    assert busy.most == most
    assert len(busy.came) == 10  # one is asked again, three times
    gaps = [later - earlier for earlier, later in itertools.pairwise(busy.came)]
    assert min(gaps) > 0.005 or pace == "0"
