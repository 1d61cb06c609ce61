import pytest

from crawler.core.config import load
from crawler.core.errors import InputError
from crawler.core.models.jobs import Job
from crawler.core.watching import source_of
from crawler.demo.spiders.alder import AlderSpider
from crawler.demo.spiders.lumen import LumenSpider
from crawler.jobs import sources
from crawler.jobs.sources import arguments, asked, describe
from crawler.spiders.images.wikimedia import WikimediaSpider
from crawler.spiders.retailers.ikea import IkeaSpider
from tests.reading import FIXTURES, spiders
from tests.reading import load as load_json


@pytest.fixture
def known():
    return {spider.name: describe(spider) for spider in (AlderSpider, IkeaSpider, LumenSpider, WikimediaSpider)}


def settings(monkeypatch, tmp_path, **environ):
    config = load(environ, tmp_path / ".env")
    monkeypatch.setattr(sources, "config", lambda: config)


def test_a_shop_says_where_it_lives_and_how_it_is_found(monkeypatch, tmp_path):
    settings(monkeypatch, tmp_path, HOMEFEED_ALDER_BASE_URL="http://127.0.0.1:4711", HOMEFEED_ROBOTS_IGNORE="alder")
    told = describe(AlderSpider)
    assert (told.name, told.kind, told.currency, told.pace) == ("alder", "products", "INR", 0.02)
    assert told.hosts == ["127.0.0.1:1", "127.0.0.1:4711"]
    assert (told.routes, told.searchable, told.robots, told.key) == (["search"], True, "ignored", "none")


@pytest.mark.parametrize("name", sorted({path.parts[-3] for path in FIXTURES.glob("*/*/page.html")} - {"shop"}))
def test_the_page_of_a_shop_is_read_by_its_own_spider(name):
    known = [describe(spider) for spider in spiders().values()]
    saved = [load_json(page.with_name("request.json"))["url"] for page in FIXTURES.glob(f"{name}/*/page.html")]
    read_by = [source_of(url, known) for url in saved]
    assert [source.name if source else url for source, url in zip(read_by, saved, strict=True)] == [name] * len(saved)


def test_a_picture_source_says_its_terms(monkeypatch, tmp_path):
    settings(monkeypatch, tmp_path)
    told = describe(LumenSpider)
    assert (told.kind, told.home, told.routes, told.robots) == ("designs", "https://lumen.example", ["api"], "terms")
    assert told.terms["name"] == "Lumen"


@pytest.mark.parametrize(("environ", "key"), [({}, "missing"), ({"LUMEN_API_KEY": "secret"}, "set")])
def test_a_source_says_whether_its_key_is_there_but_never_the_key(monkeypatch, tmp_path, environ, key):
    settings(monkeypatch, tmp_path, **environ)

    class Keyed(LumenSpider):
        terms = LumenSpider.terms.__class__(
            "Lumen", "https://l.example", "https://l.example/t", "2026-11-20", keyed=True
        )

    told = describe(Keyed)
    assert told.key == key
    assert "secret" not in str(told)


@pytest.mark.parametrize(("environ", "key"), [({}, "missing"), ({"ALDER_API_KEY": "secret"}, "set")])
def test_a_shop_may_need_a_key_and_take_fees(monkeypatch, tmp_path, environ, key):
    settings(monkeypatch, tmp_path, **environ)

    class Market(AlderSpider):
        keyed, home, hosts = True, "https://market.example", ("www.market.example",)
        fees = {"read_at": "2026-11-21", "seller": {"commission_percent": 9.5}}

    told = describe(Market)
    assert (told.key, told.robots, told.home) == (key, "terms", "https://market.example")
    assert told.hosts == ["127.0.0.1:1", "www.market.example"]
    assert told.fees == Market.fees
    assert "secret" not in str(told)


def test_a_shop_without_words_can_not_be_searched():
    class ByCategory(AlderSpider):
        routes = {"category": "/c/{category}"}

    assert not describe(ByCategory).searchable


def test_a_search_asks_every_searchable_source_of_its_kind(known):
    assert asked(Job("1", "products", "sofa"), known) == ["alder", "ikea"]
    assert asked(Job("1", "designs", "sofa"), known) == ["lumen", "wikimedia"]
    assert asked(Job("1", "products", "sofa", ["ikea"]), known) == ["ikea"]
    known["ikea"].searchable = False
    assert asked(Job("1", "products", "sofa"), known) == ["alder"]
    assert asked(Job("1", "crawl", "", ["ikea"]), known) == ["ikea"]


@pytest.mark.parametrize(("kind", "names"), [("products", ["oak"]), ("designs", ["alder"]), ("recheck", []),
                                             ("crawl", ["alder", "ikea"])])  # fmt: skip
def test_a_job_that_asks_nobody_is_named(known, kind, names):
    with pytest.raises(InputError, match="sources"):
        asked(Job("1", kind, "sofa", names), known)


def test_a_job_sets_only_what_it_may():
    assert arguments(Job("1", "products", "sofa", args={"pages": "2"})) == {"query": "sofa", "pages": "2"}
    for name in ("base_url", "name", "custom_settings", "query"):
        with pytest.raises(InputError, match=name):
            arguments(Job("1", "products", "sofa", args={name: "x"}))
