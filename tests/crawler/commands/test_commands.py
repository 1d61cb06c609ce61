"""`scrapy read`, `look` and `record` as a person types them."""

import json
import sqlite3
from contextlib import closing

import pytest

from crawler.demo import shops, world
from tests.demo_world import environ, scrapy
from tests.reading import spiders

pytestmark = pytest.mark.slow
PORTS = dict.fromkeys((*world.SHOPS, *world.SOURCES), 1)


@pytest.fixture
def page(tmp_path):
    good = world.goods("cedar")[0]
    path = tmp_path / "page.html"
    path.write_text(shops.PRODUCT["cedar"](good, 0))
    return good, path


def test_list_names_every_spider(tmp_path):
    done = scrapy("list", env=environ(PORTS, tmp_path))
    assert set(done.stdout.split()) == {*spiders(), *world.SHOPS, *world.SOURCES}


def test_read_prints_only_json(page, tmp_path):
    good, path = page
    url = f"http://shop.test/p/{good.sku}"
    done = scrapy("read", "cedar", str(path), "--url", url, "--json", env=environ(PORTS, tmp_path / "data"))
    read = json.loads(done.stdout)
    assert (done.returncode, read["verdict"], read["reason"]) == (0, "ok", "")
    assert [(i["id"], i["price"], i["currency"]) for i in read["items"]] == [
        (f"cedar:{good.sku}", f"{world.price(good, 0)}.00", "INR")
    ]
    assert not (tmp_path / "data").exists()


def test_read_exits_0_whatever_the_verdict(page, tmp_path):
    done = scrapy(
        "read", "cedar", str(page[1]), "--url", "http://x.test/p/1", "--status", "404", env=environ(PORTS, tmp_path)
    )
    assert (done.returncode, json.loads(done.stdout)["verdict"], json.loads(done.stdout)["items"]) == (
        0,
        "not_found",
        [],
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["read", "cedar", "PAGE"], "--url"),
        (["read", "nobody", "PAGE", "--url", "http://x.test/"], "spider"),
        (["read", "cedar", "/no/such/file", "--url", "http://x.test/"], "file"),
        (["read", "cedar", "PAGE", "--url", "http://x.test/", "--status", "9"], "--status"),
        (["read", "cedar"], "file"),
        (["look"], "URL"),
        (["record", "cedar", "not-a-url"], "URL"),
    ],
)
def test_bad_arguments_exit_2_and_name_the_field(page, tmp_path, args, says):
    done = scrapy(*[str(page[1]) if a == "PAGE" else a for a in args], env=environ(PORTS, tmp_path))
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_look_says_what_a_page_offers(tmp_path):
    good = world.goods("alder")[0]
    path = tmp_path / "page.html"
    path.write_text(shops.PRODUCT["alder"](good, 0))
    env = environ(PORTS, tmp_path)
    found = json.loads(scrapy("look", str(path), "--url", f"http://shop.test/p/{good.sku}", "--json", env=env).stdout)
    assert found["offers"]["jsonld"] == ["Product"]
    assert {"jsonld", "visible"} <= found["readers"].keys()
    assert found["product"]["price"] == f"{world.price(good, 0)}.00"
    assert "jsonld says" in scrapy("look", str(path), "--url", f"http://shop.test/p/{good.sku}", env=env).stdout


def test_look_proposes_where_a_silent_reader_could_look_and_writes_nothing(tmp_path):
    good = world.goods("birch")[0]
    path = tmp_path / "page.html"
    path.write_text(shops.PRODUCT["birch"](good, 0))
    env, url = environ(PORTS, tmp_path / "data"), f"http://shop.test/p/{good.sku}"
    before = path.read_bytes()
    said = scrapy("look", str(path), "--url", url, "--spider", "birch", env=env).stdout
    assert "jsonld is silent on price" in said
    assert "seen at  div#app > div.a1x" in said
    assert "told at  __INITIAL_STATE__.product.pricing.final" in said
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])
    nobody = scrapy("look", str(path), "--url", url, "--spider", "nobody", env=env)
    assert (nobody.returncode, "--spider" in nobody.stderr) == (2, True)


def test_record_saves_a_fixture_that_passes(demo, tmp_path):
    good = world.goods("birch")[0]
    url = f"http://127.0.0.1:{demo['birch']}/p/{good.sku}"
    done = scrapy(
        "record", "birch", url, "--case", "one", "--into", str(tmp_path), env=environ(demo, tmp_path / "data")
    )
    assert done.returncode == 0, done.stderr[-1500:]
    folder = tmp_path / "birch" / "one"
    assert sorted(p.name for p in folder.iterdir()) == ["expected.json", "page.html", "request.json"]
    expected = json.loads((folder / "expected.json").read_text())
    assert (expected["verdict"], expected["items"][0]["sku"]) == ("ok", good.sku)


def test_parse_shows_the_items_of_a_url_without_a_query(demo, tmp_path):
    url = f"http://127.0.0.1:{demo['alder']}/search?q=sofa"
    done = scrapy("parse", "--spider", "alder", url, env=environ(demo, tmp_path))
    assert done.returncode == 0
    assert world.search("alder", "sofa")[0].title in done.stdout


def test_fetch_says_why_the_guard_refuses(tmp_path):
    done = scrapy("fetch", "http://127.0.0.1:3/", env=environ(PORTS, tmp_path))
    assert "not fetched: url: 127.0.0.1 is not a public address" in done.stderr


def test_a_setting_that_is_wrong_is_one_line(tmp_path):
    done = scrapy("list", env=environ(PORTS, tmp_path, HOMEFEED_PORT="no"))
    assert done.returncode == 1
    assert done.stderr.startswith("homefeed: HOMEFEED_PORT: ")
    assert done.stderr.count("\n") == 1


def test_a_store_of_a_newer_homefeed_stops_the_crawl_in_one_line(tmp_path):
    with closing(sqlite3.connect(tmp_path / "homefeed.db")) as db:
        db.execute("PRAGMA user_version=99")
    done = scrapy("crawl", "alder", "-a", "query=sofa", env=environ(PORTS, tmp_path, HOMEFEED_LOG_LEVEL="ERROR"))
    assert done.returncode == 1
    assert done.stderr.startswith("homefeed: ")
    assert "HOMEFEED_STORE_URL" in done.stderr
    assert done.stderr.count("\n") == 1
