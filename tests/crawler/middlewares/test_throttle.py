import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.throttle import BACK_OFF, LONGEST, ThrottleMiddleware, retry_after

DATE = "Fri, 20 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "99999"}, LONGEST),
        ({}, BACK_OFF),
        ({"Retry-After": "soon"}, BACK_OFF),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT", "Date": DATE}, 30.0),
        ({"Retry-After": "Fri, 20 Nov 2026 09:00:00 GMT", "Date": DATE}, 0.0),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT"}, BACK_OFF),
        ({"Retry-After": "7", "Date": "nonsense"}, 7.0),
        ({"Retry-After": DATE, "Date": "nonsense"}, BACK_OFF),
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
    ],
)
def test_whose_pace_counts(usual, own, meta, seconds):
    crawler = get_crawler(Spider, {"PACE": usual})
    crawler.spider = crawler._create_spider("x")
    crawler.spider.pace = own
    request = Request("http://shop.test/", meta=meta)
    assert ThrottleMiddleware.from_crawler(crawler).delay(request) == seconds
