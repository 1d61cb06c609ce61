"""Pages that only a browser gets: rendered, guarded, proxied, under the right name, and nothing left running."""

import json
from pathlib import Path

import pytest

from tests.crawler.browser.glass import glass
from tests.demo_world import environ, scrapy
from tests.local_proxies import USER, proxies

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def shop():
    with glass() as shop:
        yield shop


def crawl(shop, tmp_path, *paths, args=(), **more):
    out = tmp_path / "out.jsonl"
    env = environ({"glass": shop.port}, tmp_path, HOMEFEED_PACE="0")
    env |= {"HOMEFEED_EXTRA_SPIDERS": "tests.crawler.browser.spiders", "HOMEFEED_WAYS": "browser"} | more
    urls = " ".join(f"http://127.0.0.1:{shop.port}/{path}" for path in paths)
    args = ("-s", "ITEM_PIPELINES={}", "-s", "RETRY_TIMES=0", *args)
    done = scrapy("crawl", "glass", "-a", f"urls={urls}", *args, "-O", str(out), env=env)
    assert not left_running()
    return done, [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []


def left_running():
    return [p for p in Path("/proc").glob("[0-9]*/cmdline") if b"--homefeed=" in read(p)]


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_what_comes_by_script_is_there_and_pictures_are_not_asked_for(shop, tmp_path):
    done, (page,) = crawl(shop, tmp_path, "p")
    assert (page["way"], page["verdict"], page["status"]) == ("browser", "ok", 200), done.stderr[-3000:]
    assert page["said"].startswith("two glasses")
    assert shop.asked["goods"] == 1
    assert not shop.asked["picture.png"]


def test_the_browser_says_our_name_everywhere(shop, tmp_path):
    _, (page,) = crawl(shop, tmp_path, "p", HOMEFEED_CONTACT="me@shop.test")
    assert "homefeed/0.1 (+me@shop.test)" in page["said"]
    assert {agent.split("/")[0] for agent in shop.agents} == {"homefeed"}


def test_rotating_it_is_the_browser_that_it_is_and_not_headless(shop, tmp_path):
    _, (page,) = crawl(shop, tmp_path, "p", HOMEFEED_USER_AGENTS="rotate")
    assert " Chrome/" in page["said"]
    assert "Headless" not in page["said"] + "".join(str(head) for head in shop.heads)


@pytest.mark.parametrize(("path", "way"), [("empty", "browser"), ("captcha", "browser"), ("p", "direct")])
def test_it_is_asked_where_a_plain_request_is_shown_nothing(shop, tmp_path, path, way):
    done, (page,) = crawl(shop, tmp_path, path, HOMEFEED_WAYS="direct,browser")
    assert page["way"] == way
    assert page["verdict"] == ("captcha" if path == "captcha" else "ok")
    assert ("'homefeed/ways/browser'" in done.stderr) is (way == "browser")


def test_behind_a_proxy_all_it_asks_for_goes_there(shop, tmp_path):
    with proxies("locked", "good") as through:
        listed = ",".join(p.url for p in through)
        paths = [f"p{n}" for n in range(4)]
        done, pages = crawl(shop, tmp_path, *paths, HOMEFEED_PROXIES=listed)
    assert {page["way"] for page in pages} == {f"browser:{p.name}" for p in through}
    assert all(page["said"].startswith("two glasses") for page in pages)
    assert sum(p.asked for p in through) == sum(shop.asked.values())
    assert USER.partition(":")[2] not in done.stderr


def test_a_proxy_that_fails_it_is_left_for_another(shop, tmp_path):
    with proxies("drops", "good") as (dropping, good):
        _, pages = crawl(shop, tmp_path, "p1", "p2", "p3", HOMEFEED_PROXIES=f"{dropping.url},{good.url}")
    assert {page["way"] for page in pages} == {f"browser:{good.name}"}
    assert len(pages) == 3


@pytest.mark.parametrize("path", ["to-inside", "nosy"])
def test_no_redirect_and_no_script_leads_it_inside(shop, tmp_path, path):
    with glass() as inside:
        shop.elsewhere = f"http://127.0.0.1:{inside.port}/secret"
        _, pages = crawl(shop, tmp_path, path)
        assert shop.asked[path] == 1
        assert not inside.asked
    assert len(pages) == (path == "nosy") or pages[0]["status"] == 403


def test_one_that_never_answers_ends_in_time(shop, tmp_path):
    done, pages = crawl(shop, tmp_path, "slow", args=("-s", "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT=1000"))
    assert not pages
    assert "DownloadTimeoutError" in done.stderr


def test_after_fifty_pages_it_is_a_fresh_one(shop, tmp_path):
    done, pages = crawl(shop, tmp_path, *(f"p{n}" for n in range(52)), args=("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4"))
    assert len(pages) == 52
    assert done.stderr.count("Chromium ends after") == 2
