"""What a shop without code of its own declares, and what that does."""

import re

import orjson
import pytest

from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.standard import StandardSpider
from crawler.core.verdicts import Verdict

SOFA = '{"@type": "Product", "name": "Sofa", "offers": {"@type": "Offer", "price": "99.00", "priceCurrency": "USD"}}'
LIST = "https://oak.example/s?q=sofa"


class Oak(StandardSpider):
    name = "oak"
    base_url = "https://oak.example"
    currency = "USD"
    page_size = 24
    routes = {"search": "/s?q={query}&from={offset}", "category": "/c/{category}?from={offset}"}
    product_url = re.compile(r"/p/(?P<sku>\d+)")
    listing_url = re.compile(r"^/[sc]\b")
    answers = {"product": "data.product", "listing": "data.found | found"}


def page(body="", url=LIST):
    return Document(
        url, f"<html><head><title>Oak</title></head><body>{body}{'<p>words</p>' * 200}</body></html>".encode()
    )


def answer(said):
    return Document("https://api.oak.example/v1", orjson.dumps(said))


@pytest.mark.parametrize(
    ("said", "kind"),
    [({"data": {"product": {"id": 1}}}, "product"), ({"found": [{}]}, "listing"), ({"errors": ["no"]}, "other")],
)
def test_an_answer_of_the_service_is_known_by_what_it_holds(said, kind):
    assert Oak(query="sofa").kind(answer(said)) == kind


@pytest.mark.parametrize(("more", "following"), [(True, f"{LIST}&from=48"), (False, None), (None, f"{LIST}&linked")])
def test_a_list_goes_on_as_it_says_itself_and_else_as_it_links(more, following):
    spider = Oak(query="sofa")
    spider.more = lambda doc, page: more
    assert spider.next_page(page(f"<a rel=next href='{LIST}&linked'>Next</a>"), 2) == following


def test_pages_turn_by_the_parameter_of_the_routes():
    spider = Oak(query="sofa")
    assert spider.turned(f"{LIST}&from=24", 3) == f"{LIST}&from=48"
    spider.routes = {"search": "/s/{query}/p{page}/?sort=1"}
    assert spider.turned(LIST, 2) is None


@pytest.mark.parametrize(("says", "verdict"), [(True, Verdict.empty), (False, Verdict.partial)])
def test_a_list_without_tiles_is_empty_only_when_it_says_so(says, verdict):
    spider = Oak(query="sofa")
    spider.says_empty = lambda doc: says
    assert spider.read(page()).page.verdict is verdict


def test_a_product_page_without_a_product_has_drifted_whatever_its_words():
    spider = Oak(query="sofa")
    spider.says_empty = lambda doc: False
    assert spider.read(page(url="https://oak.example/p/1")).page.verdict is Verdict.drifted


@pytest.mark.parametrize(
    ("first", "order"), [(True, ["state", "jsonld", "visible"]), (False, ["jsonld", "state", "visible"])]
)
def test_state_first(first, order):
    spider = Oak(query="sofa")
    spider.state_first = first
    assert [f.reader for f in spider.trusted([Facts("jsonld"), Facts("state"), Facts("visible")])] == order


@pytest.mark.parametrize(("told", "place"), [(True, "30339"), (False, None)])
def test_the_zip_code_a_page_answers_for_stands_on_its_offer(told, place):
    spider = Oak(query="sofa")
    spider.zip_codes = told
    body = f"<script type='application/ld+json'>{SOFA}</script><h1>Sofa</h1><p>Delivering to 30339</p>"
    [product] = spider.read(page(body, "https://oak.example/p/7")).page.products
    assert product.offers[0].location == place
