"""What the base of all shops does with a page, whatever the shop."""

import pytest

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.retailer import RetailerSpider
from crawler.core.errors import InputError, MoneyError


class Shop(RetailerSpider):
    name = "shop"
    base_url = "https://shop.test"
    currency = "INR"
    routes = {"search": "/s?q={query}&page={page}", "category": "/{category}?from={offset}"}

    def kind(self, doc):
        return "product" if "/p/" in doc.url else "listing" if "/s?" in doc.url else "other"

    def product(self, doc):
        return [Facts("jsonld", sku="1", title="Sofa", price=100, currency="INR")]

    def listing(self, doc):
        return [
            Facts("visible", sku=str(n), title=f"Sofa {n}", url=f"https://shop.test/p/{n}", price=n * 100)
            for n in (1, 2, 2)
        ]


def doc(path, status=200, body=b"<html><body>" + b"<p>words</p>" * 200 + b"</body></html>"):
    return Document(f"https://shop.test{path}", body, status)


def test_a_listing_gives_each_product_once():
    read = Shop(query="sofa").read(doc("/s?q=sofa"))
    assert [p.id for p in read.page.products] == ["shop:1", "shop:2"]
    assert read.page.dropped == {"repeated": 1}
    assert read.details == ["https://shop.test/p/1", "https://shop.test/p/2"]


def test_only_ok_pages_are_read():
    read = Shop(query="sofa").read(doc("/p/1", status=404))
    assert (read.page.verdict, read.page.products) == ("not_found", [])


def test_an_unknown_kind_gives_nothing_and_is_ok():
    assert (Shop(query="x").read(doc("/help")).page.verdict, Shop(query="x").read(doc("/help")).page.products) == (
        "ok",
        [],
    )


@pytest.mark.parametrize(
    "error", [KeyError("pricing"), TypeError("x"), AttributeError("y"), IndexError(), ValueError()]
)
def test_a_reader_that_fails_means_drift(error, monkeypatch):
    def fail(self, doc):
        raise error

    monkeypatch.setattr(Shop, "product", fail)
    page = Shop(query="x").read(doc("/p/1")).page
    assert (page.verdict, page.products) == ("drifted", [])
    assert type(error).__name__ in page.reason


def test_a_product_page_without_a_product_has_drifted(monkeypatch):
    monkeypatch.setattr(Shop, "product", lambda self, doc: [])
    assert Shop(query="x").read(doc("/p/1")).page.verdict == "drifted"


def test_an_unbelievable_price_is_counted_by_its_reason(monkeypatch):
    def fail(retailer, readers, **kwargs):
        raise MoneyError("absurd", "99999999999")

    monkeypatch.setattr("crawler.bases.retailer.vote", fail)
    page = Shop(query="x").read(doc("/p/1")).page
    assert (page.dropped, page.products) == ({"absurd": 1}, [])


BAD = [
    ({}, "query"),
    ({"query": " "}, "query"),
    ({"query": "a", "pages": "x"}, "pages"),
    ({"query": "a", "details": "-1"}, "details"),
]


@pytest.mark.parametrize("url", ["nonsense", "www.shop.test/p/1", "ftp://shop.test/p/1", "https://shop.test/p/1 //p/2"])
def test_an_address_that_is_none_is_told_before_anything_is_asked(url):
    with pytest.raises(InputError, match="url: must start with http"):
        Shop(url=url).check()
    Shop(url="https://shop.test/p/1 http://shop.test/p/2").check()


@pytest.mark.parametrize(("args", "field"), BAD)
def test_bad_arguments_name_the_field(args, field):
    with pytest.raises(InputError) as error:
        Shop(**args).check()
    assert error.value.field == field


def test_routes():
    assert Shop(query="corner sofa").route_url("search", 2) == "https://shop.test/s?q=corner+sofa&page=2"
    assert Shop(query="x").wanted() == ["search"]
    assert Shop(category="sofas").wanted() == ["category"]


def test_a_moved_base_takes_absolute_links_along(monkeypatch):
    spider = Shop(query="x")
    spider.base_url = "http://127.0.0.1:9000"
    assert spider.here("https://shop.test/p/1?a=b") == "http://127.0.0.1:9000/p/1?a=b"
    assert spider.here("https://elsewhere.test/p/1") == "https://elsewhere.test/p/1"
