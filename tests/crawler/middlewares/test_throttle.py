import asyncio
import itertools
import time

import pytest
from aiohttp import web
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.retry_after import LONGEST, retry_after
from crawler.middlewares.throttle import ThrottleMiddleware
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
