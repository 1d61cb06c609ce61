"""Retries: what may pass is asked again, after longer and longer waits that end with the crawl."""

import asyncio
import time

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.retry import RetryMiddleware
from crawler.settings import RETRY_TIMES

URL = "http://oak.test/p/1"


@pytest.fixture
def retry():
    crawler = get_crawler(Spider, {"RETRY_TIMES": RETRY_TIMES, "RETRY_BACKOFF": 2.0, "DEADLINE": 0})
    crawler.spider = crawler._create_spider("x")
    middleware = RetryMiddleware.from_crawler(crawler)
    middleware.waited = []

    async def sleep(seconds):
        middleware.waited.append(seconds)

    middleware.sleep, middleware.between = sleep, lambda low, high: (low + high) / 2
    return middleware


async def until_given_up(retry, request, answer):
    """Every request made, and how it ended."""
    made = [request]
    while isinstance(end := await answer(made[-1]), Request):
        made.append(end)
    return made, end


@pytest.mark.parametrize("status", [500, 502, 503, 504, 522, 524, 408, 429])
async def test_what_may_pass_is_asked_three_times_more_after_2_4_and_8_seconds(retry, status):
    response = Response(URL, status=status)
    made, end = await until_given_up(retry, Request(URL), lambda r: retry.process_response(r, response))
    assert len(made) == 4
    assert retry.waited == [2.0, 4.0, 8.0]
    assert end is response


@pytest.mark.parametrize("fault", [DownloadTimeoutError(), ConnectionResetError()])
async def test_faults_on_the_way_too(retry, fault):
    made, end = await until_given_up(retry, Request(URL), lambda r: retry.process_exception(r, fault))
    assert (len(made), end, retry.waited) == (4, None, [2.0, 4.0, 8.0])


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 410, 501])
async def test_other_answers_are_final(retry, status):
    response = Response(URL, status=status)
    assert await retry.process_response(Request(URL), response) is response
    assert await retry.process_exception(Request(URL), IgnoreRequest("guard")) is None
    assert retry.waited == []


async def test_a_site_that_says_when_is_asked_then(retry):
    response = Response(URL, status=429, headers={"Retry-After": "7"})
    assert isinstance(await retry.process_response(Request(URL), response), Request)
    assert retry.waited == [7.0]


@pytest.mark.parametrize(("seconds", "again"), [(6.5, False), (7.5, True)])
async def test_a_wait_past_the_deadline_is_not_begun(retry, seconds, again):
    response = Response(URL, status=429, headers={"Retry-After": "7"})
    request = Request(URL, meta={"deadline": time.monotonic() + seconds})
    end = await retry.process_response(request, response)
    assert (end is not response) == again
    retry.crawler.settings.frozen = False
    retry.crawler.settings.set("DEADLINE", time.monotonic() + seconds)
    assert (await retry.process_response(Request(URL), response) is not response) == again


async def test_a_wait_ends_with_the_crawl(retry):
    retry.sleep = asyncio.sleep
    retry.crawler.settings.frozen = False
    retry.crawler.settings.set("RETRY_BACKOFF", 60)
    retry.crawler.engine = Engine()
    response = Response(URL, status=503)
    waiting = asyncio.ensure_future(retry.process_response(Request(URL), response))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    retry.crawler.engine.running = False
    assert await asyncio.wait_for(waiting, 2) is response


class Engine:
    running, _slot = True, None


async def test_robots_txt_holds_up_a_crawl_once_only(retry):
    response = Response("http://oak.test/robots.txt", status=503)
    asked = Request("http://oak.test/robots.txt")
    made, _ = await until_given_up(retry, asked, lambda r: retry.process_response(r, response))
    assert len(made) == 2
