"""The breaker as a crawl meets it: what counts as a failure of a site, and what happens once it is open."""

import asyncio
import json
from collections import Counter

import pytest
from aiohttp import web
from scrapy import Request, Spider
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from crawler.core.breaker import Breaker, Terms
from crawler.core.shared import Shared, adopt, shared
from crawler.core.verdicts import Verdict
from crawler.middlewares.circuit import CircuitMiddleware
from tests.demo_world import environ, scrapy

URL = "http://oak.test/p/1"


class Now:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Now()


@pytest.fixture
def circuit(clock):
    """The middleware of a crawl whose circuits open at the second failure."""
    crawler = get_crawler(Spider, {"BREAKER": 60})
    common = Shared(None)
    common._all.opened["breaker"] = Breaker(None, Terms(60.0, failures=2), clock)
    adopt(crawler, common)
    return CircuitMiddleware.from_crawler(crawler)


async def fetch(circuit, answer, url=URL, **meta):
    """One request through the stage; `answer` is a response, an exception, or (verdict, status)."""
    request = Request(url, meta=meta)
    await circuit.process_request(request)
    if isinstance(answer, Exception):
        await circuit.process_exception(request, answer)
    elif isinstance(answer, tuple):
        request.meta["verdict"] = answer[0], "so it is"
        await circuit.process_response(request, HtmlResponse(url, status=answer[1]))
    else:
        await circuit.process_response(request, answer)


FAILURES = [
    (Verdict.error, 500), (Verdict.blocked, 503), (Verdict.blocked, 429), (Verdict.blocked, 200), (Verdict.error, 400),
    (Verdict.captcha, 403), (Verdict.error, 200), DownloadTimeoutError("30 s"), ConnectionResetError(),
]  # fmt: skip
ANSWERS = [
    (Verdict.ok, 200), (Verdict.not_found, 404), (Verdict.not_found, 410), (Verdict.empty, 200), (Verdict.moved, 302),
    (Verdict.consent, 200), (Verdict.partial, 200), IgnoreRequest("Forbidden by robots.txt"), ValueError("ours"),
]  # fmt: skip


@pytest.mark.parametrize("answer", FAILURES, ids=str)
async def test_failures_in_a_row_open_the_circuit(circuit, answer):
    for _ in range(2):
        await fetch(circuit, answer)
    with pytest.raises(IgnoreRequest, match="circuit open for 60 s after 2 failures: "):
        await fetch(circuit, answer)
    await fetch(circuit, answer, "http://elm.test/")


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
async def test_what_is_no_failure_of_the_site(circuit, answer):
    for _ in range(5):
        await fetch(circuit, answer)


async def test_a_picture_is_no_page_but_an_answer(circuit):
    for _ in range(3):
        request = Request(URL)
        await circuit.process_request(request)
        request.meta["verdict"] = Verdict.error, "not text"
        await circuit.process_response(request, Response(URL, body=b"\x89PNG"))


async def test_a_proxy_that_does_not_connect_is_not_the_sites_fault(circuit):
    for _ in range(3):
        await fetch(circuit, ConnectionResetError(), proxy="http://127.0.0.1:1")
        await fetch(circuit, DownloadTimeoutError("30 s"), way="browser:127.0.0.1:1")


async def test_an_answer_between_begins_the_row_anew(circuit):
    for _ in range(3):
        await fetch(circuit, (Verdict.error, 500))
        await fetch(circuit, (Verdict.ok, 200))
        await asyncio.sleep(0)


async def test_one_probe_decides_also_over_its_retries_and_redirects(circuit, clock):
    for _ in range(2):
        await fetch(circuit, (Verdict.error, 500))
    clock.now = 61
    probe = Request(URL)
    await circuit.process_request(probe)
    with pytest.raises(IgnoreRequest, match="half-open: a probe is under way after 2 failures: "):
        await fetch(circuit, (Verdict.ok, 200))
    again = probe.replace(url="http://www.oak.test/p/1")
    await circuit.process_request(again)
    await circuit.process_response(again, HtmlResponse(again.url))
    await fetch(circuit, (Verdict.ok, 200))


async def test_a_probe_is_heard_whatever_was_told_of_the_site_meanwhile(circuit, clock):
    for _ in range(2):
        await fetch(circuit, (Verdict.error, 500))
    clock.now = 61
    probe = Request(URL)
    await circuit.process_request(probe)
    (await shared(circuit.crawler).breaker())._told.clear()
    await circuit.process_response(probe, HtmlResponse(URL))
    await fetch(circuit, (Verdict.ok, 200))


async def test_a_probe_that_learns_nothing_makes_way(circuit, clock):
    for _ in range(2):
        await fetch(circuit, (Verdict.error, 500))
    clock.now = 61
    await fetch(circuit, IgnoreRequest("too large"))
    await fetch(circuit, (Verdict.ok, 200))


async def test_robots_txt_is_not_asked_of_a_site_left_alone_and_never_counts(circuit, clock):
    for _ in range(5):
        await fetch(circuit, (Verdict.error, 500), "http://oak.test/robots.txt")
    for _ in range(2):
        await fetch(circuit, (Verdict.error, 500))
    with pytest.raises(IgnoreRequest, match="circuit open"):
        await fetch(circuit, (Verdict.ok, 200), "http://oak.test/robots.txt")
    clock.now = 61
    await fetch(circuit, (Verdict.ok, 200), "http://oak.test/robots.txt")
    await fetch(circuit, (Verdict.ok, 200))


def test_it_can_be_switched_off():
    with pytest.raises(NotConfigured):
        CircuitMiddleware.from_crawler(get_crawler(Spider, {"BREAKER": 0}))


@pytest.mark.slow
async def test_a_crawl_of_a_dead_site_ends_at_once_and_says_why(tmp_path):
    """Forty addresses, all queued before the first answers; the next crawl, another process, does not even begin."""
    asked, app = [], web.Application()

    async def down(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=404 if request.path == "/robots.txt" else 503)

    app.router.add_get("/{any:.*}", down)
    site = web.AppRunner(app)
    await site.setup()
    await web.TCPSite(site, "127.0.0.1", 0).start()
    port = site.addresses[0][1]
    urls = " ".join(f"http://127.0.0.1:{port}/p/{n}" for n in range(40))
    env = environ({"alder": port}, tmp_path, HOMEFEED_BREAKER_S="60", HOMEFEED_LOG_LEVEL="INFO")
    # The second process finds the same Valkey, which the first one's data folder keeps.
    first = await asyncio.to_thread(scrapy, "crawl", "alder", "-a", f"url={urls}", "-s", "RETRY_TIMES=0", env=env)
    pages = Counter(path for path in asked if path != "/robots.txt")
    asked.clear()
    second = await asyncio.to_thread(scrapy, "crawl", "alder", "-a", f"url={urls}", "-s", "RETRY_TIMES=0", env=env)
    await site.cleanup()
    assert first.returncode == second.returncode == 0
    assert 5 <= len(pages) <= 8  # three may be under way when it opens
    assert "circuit open for" in first.stderr
    assert "after 5 failures: status 503" in first.stderr
    assert asked == [], json.dumps(asked)
