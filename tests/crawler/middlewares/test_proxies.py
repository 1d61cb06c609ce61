"""Proxies that work are used in turn; one that blocks and one that refuses are rested; nothing is lost or leaked."""

import json

import pytest
from redis import Redis
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response

from crawler.core.verdicts import Verdict
from crawler.demo import world
from crawler.middlewares.proxies import VerdictBanPolicy, unusable
from crawler.middlewares.verdict import VerdictMiddleware
from tests.demo_world import environ, scrapy
from tests.local_proxies import REFUSED_PORT, USER, proxies

PASSWORD = USER.partition(":")[2]


def crawl(demo, tmp_path, through, *args, **more):
    out = tmp_path / "out.jsonl"
    out.unlink(missing_ok=True)
    listed = ",".join(p if isinstance(p, str) else p.url for p in through)
    env = environ(demo, tmp_path, HOMEFEED_PROXIES=listed, **{"HOMEFEED_WAYS": "proxy", **more})
    done = scrapy("crawl", "cedar", "-a", "query=sofa", "-a", "pages=2", *args, "-O", str(out), env=env)
    text = out.read_text() if out.exists() else ""
    return done, {json.loads(line)["sku"] for line in text.splitlines()}


def skus():
    return {g.sku for g in world.search("cedar", "sofa")}


@pytest.mark.slow
def test_rotation_through_good_bad_and_dead(demo, tmp_path, valkey):
    with proxies("good", "locked", "blocks", "drops", "good") as found:
        dead = f"http://{USER}@127.0.0.1:{REFUSED_PORT}"
        more = {"HOMEFEED_REDIS_URL": valkey, "HOMEFEED_LOG_LEVEL": "DEBUG"}
        done, read = crawl(demo, tmp_path, [*found, dead], "-a", "details=10", **more)
    good = [p.asked for p in found if p.temper in ("good", "locked")]
    assert read == skus()
    assert min(good) >= max(good) - 3  # in turn
    assert max(p.asked for p in found if p.temper not in ("good", "locked")) <= 3  # those under way; then they rest
    assert "'homefeed/proxies/banned': " in done.stderr
    assert "'homefeed/proxies/dead': " in done.stderr
    assert "'homefeed/ways/direct'" not in done.stderr
    assert_no_password(done.stderr, tmp_path, valkey)


def assert_no_password(log, data_dir, redis_url):
    assert PASSWORD not in log
    with Redis.from_url(redis_url) as redis:
        keys = redis.keys("*")
        assert any(key.startswith(b"homefeed:proxies:") for key in keys)
        assert not [key for key in keys if PASSWORD.encode() in key + (redis.dump(key) or b"")]
    assert not [path for path in data_dir.glob("homefeed.db*") if PASSWORD.encode() in path.read_bytes()]


@pytest.mark.slow
def test_a_wrong_password_rests_the_proxy_and_another_one_serves(demo, tmp_path):
    with proxies("locked", "good") as (locked, good):
        done, read = crawl(demo, tmp_path, [f"http://user:wrong@{locked.name}", good])
    assert read == skus()
    assert locked.asked == 1
    assert "'homefeed/proxies/dead': " in done.stderr


@pytest.mark.slow
def test_a_slow_proxy_is_left_after_the_time_out(demo, tmp_path):
    with proxies("slow", "good") as (slow, good):
        _, read = crawl(demo, tmp_path, [slow, good], "-s", "DOWNLOAD_TIMEOUT=1")
    assert read == skus()
    assert 1 <= slow.asked <= 2
    assert good.asked > slow.asked


@pytest.mark.slow
@pytest.mark.parametrize(("ways", "fallback", "found"), [
    ("proxy,direct", "direct", True), ("proxy,direct", "none", True), ("proxy", "direct", False),
])  # fmt: skip
def test_when_all_fail_it_is_direct_or_a_clear_reason(demo, tmp_path, ways, fallback, found):
    with proxies("blocks", "drops") as through:
        done, read = crawl(
            demo, tmp_path, through, "-s", "RETRY_TIMES=0", HOMEFEED_WAYS=ways, HOMEFEED_PROXY_FALLBACK=fallback
        )
    assert (read == skus()) is found
    assert bool(read) is found
    assert found or "every proxy rests" in done.stderr
    assert ("'homefeed/ways/direct'" in done.stderr) is found


@pytest.mark.slow
def test_a_proxy_that_does_not_reach_the_shop_rests_and_a_404_is_the_shops_own(demo, tmp_path):
    with proxies("gateway", "good") as (gateway, good):
        url = f"http://127.0.0.1:{demo['cedar']}/nowhere"
        done, _ = crawl(demo, tmp_path, [gateway, good], "-a", f"url={' '.join(f'{url}/{n}' for n in range(4))}")
    assert "'homefeed/proxies/failed': 1" in done.stderr
    assert "homefeed/proxies/banned" not in done.stderr
    assert (gateway.asked, good.asked) == (1, 5)  # robots.txt, and each page


@pytest.mark.parametrize(("status", "verdict", "banned"), [
    (200, "ok", False), (404, "not_found", False), (503, "blocked", None), (429, "blocked", False),
    (407, "error", True), (502, "error", True), (403, "blocked", True), (200, "captcha", True),
])  # fmt: skip
def test_what_counts_against_a_proxy(status, verdict, banned):
    request = Request("http://oak.test/", meta={"verdict": (Verdict(verdict), f"status {status}")})
    assert VerdictBanPolicy().response_is_ban(request, Response(request.url, status=status)) is banned


@pytest.mark.parametrize(("error", "banned", "everywhere"), [
    (IgnoreRequest(), None, False), (DownloadConnectionRefusedError(), True, True),
    (DownloadTimeoutError(), True, False),
    (TunnelError("[{'status': 407, 'reason': b''}]"), True, True), (TunnelError("[{'status': 502}]"), True, False),
])  # fmt: skip
def test_which_errors_are_its_own(error, banned, everywhere):
    assert VerdictBanPolicy().exception_is_ban(Request("http://oak.test/"), error) is banned
    assert unusable(error) is everywhere


@pytest.mark.parametrize(("status", "banned"), [(200, False), (302, False), (403, None), (503, None), (407, True)])
async def test_a_glance_that_is_turned_away_tells_nothing_of_a_proxy(status, banned):
    request = Request("http://oak.test/", method="HEAD", meta={"glance": True})
    response = VerdictMiddleware().process_response(request, Response(request.url, status=status))
    assert VerdictBanPolicy().response_is_ban(request, response) is banned
