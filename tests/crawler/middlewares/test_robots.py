"""robots.txt asked once by one process, whatever number of crawls."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector

from crawler.middlewares import robots
from crawler.middlewares.circuit import LeftAlone
from crawler.middlewares.robots import SLOWEST, RobotsTxtMiddleware, Rules

FORBIDS = b"User-agent: *\nDisallow: /private\n"


class Site:
    """Answers robots.txt; `asked` counts."""

    def __init__(self, status=200, body=FORBIDS):
        self.status, self.body, self.asked = status, body, []

    async def download_async(self, request):
        self.asked.append(request.url)
        if self.status is None:
            raise OSError("away")
        return TextResponse(request.url, status=self.status, body=self.body)


def crawl(site, rules):
    crawler = SimpleNamespace(settings=Settings({"ROBOTSTXT_OBEY": True}), engine=site, spider=None)
    crawler.signals, crawler.stats = SignalManager(crawler), None
    crawler.settings.set("STATS_DUMP", False)
    crawler.stats = MemoryStatsCollector(crawler)
    return RobotsTxtMiddleware(crawler, rules)


async def test_the_next_crawl_knows_the_rules_and_obeys_them():
    site, rules = Site(), Rules()
    for _ in range(3):
        middleware = crawl(site, rules)
        await middleware.process_request(Request("https://oak.example/open"))
        with pytest.raises(IgnoreRequest, match="Forbidden"):
            await middleware.process_request(Request("https://oak.example/private/x"))
    assert site.asked == ["https://oak.example/robots.txt"]
    await crawl(site, rules).process_request(Request("http://oak.example/open"))
    await crawl(site, rules).process_request(Request("https://oak.example:8443/open"))
    assert len(site.asked) == 3  # another scheme or port is another site


async def test_rules_age():
    now = [0.0]
    site, rules = Site(), Rules(clock=lambda: now[0])
    for at in (0.0, robots.AGE - 1, robots.AGE + 1):
        now[0] = at
        await crawl(site, rules).process_request(Request("https://oak.example/"))
    assert len(site.asked) == 2


@pytest.mark.parametrize(("status", "asked"), [(200, 1), (404, 1), (429, 2), (500, 2), (None, 2)])
async def test_a_site_in_trouble_is_asked_again_by_the_next_crawl(status, asked):
    site, rules = Site(status), Rules()
    for _ in range(2):
        await crawl(site, rules).process_request(Request("https://oak.example/"))
    assert len(site.asked) == asked


async def test_rules_of_a_bounded_number_of_sites_are_kept():
    site, rules = Site(), Rules(most=2)
    for name in ("a", "b", "c", "c", "a"):
        await crawl(site, rules).process_request(Request(f"https://{name}.example/"))
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("Disallow: /x", 0.0),
        ("Crawl-delay: 10", 10.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: soon", 0.0),
        ("Crawl-delay: -3", 0.0),
        ("Crawl-delay: 86400", SLOWEST),
        ("Request-rate: 1/5", 5.0),
        ("Request-rate: 30/1m", 2.0),
        ("Crawl-delay: 3\nRequest-rate: 1/5", 5.0),
        ("Request-rate: never", 0.0),
    ],
)
async def test_the_pace_it_asks_for_is_handed_to_the_throttle(lines, seconds, caplog):
    caplog.set_level("INFO", "crawler.middlewares.robots")
    site, rules = Site(body=f"User-agent: *\n{lines}\n".encode()), Rules()
    for path in ("a", "b"):
        request = Request(f"https://oak.example/{path}", meta={"crawl_delay": 99.0})  # of the site it came from
        await crawl(site, rules).process_request(request)
        assert request.meta["crawl_delay"] == seconds
    assert [r.message for r in caplog.records] == [
        "oak.example asks for 86400 s between two requests; it gets 60 s"
    ] * (seconds == SLOWEST)


async def test_the_rules_for_our_name_go_before_those_for_all():
    body = b"User-agent: *\nCrawl-delay: 1\n\nUser-agent: homefeed\nCrawl-delay: 7\n"
    request = Request("https://oak.example/", headers={"User-Agent": "homefeed/0.1"})
    await crawl(Site(body=body), Rules()).process_request(request)
    assert request.meta["crawl_delay"] == 7.0
    browser = Request("https://oak.example/", headers={"User-Agent": "Mozilla/5.0"})
    await crawl(Site(body=body), Rules()).process_request(browser)
    assert browser.meta["crawl_delay"] == 1.0


async def test_a_site_that_is_left_alone_is_asked_by_the_next_request():
    """Its circuit was open when the crawl began, which allows nothing: neither now nor once it has closed."""
    site = Site()
    middleware, answer = crawl(site, Rules()), site.download_async

    async def left_alone(request):
        raise LeftAlone("circuit open for 60 s")

    site.download_async = left_alone
    asking = [middleware.process_request(Request("https://oak.example/private/x")) for _ in range(2)]
    assert all(isinstance(e, LeftAlone) for e in await asyncio.gather(*asking, return_exceptions=True))
    site.download_async = answer
    with pytest.raises(IgnoreRequest, match="Forbidden"):
        await middleware.process_request(Request("https://oak.example/private/x"))
    await middleware.process_request(Request("https://oak.example/open"))
    assert len(site.asked) == 1


async def test_a_site_that_does_not_answer_is_asked_once_by_one_crawl():
    site = Site(status=None)
    middleware = crawl(site, Rules())
    for _ in range(2):
        await middleware.process_request(Request("https://oak.example/"))
    assert len(site.asked) == 1
