"""Second looks: which pages are asked for again, by another way, and how often."""

from types import SimpleNamespace

import pytest

from crawler.core.models import Page, Product
from crawler.extensions.confirm import MOST, ConfirmExtension


@pytest.fixture
def confirm():
    """The extension, with `requests` it made; its shop was moved from shop.test to 127.0.0.1."""
    requests = []
    spider = SimpleNamespace(here=lambda url: url.replace("https://shop.test", "http://127.0.0.1:8000"))
    stats = SimpleNamespace(inc_value=lambda name: None)
    crawler = SimpleNamespace(spider=spider, stats=stats, engine=SimpleNamespace(crawl=requests.append))
    extension = ConfirmExtension(crawler)
    extension.requests = requests
    return extension


def page(*numbers, waiting=(), url="http://127.0.0.1:8000/search", verdict="ok", way="direct"):
    products = [Product(f"shop:{n}", "shop", str(n), f"https://shop.test/p/{n}") for n in numbers]
    return Page("shop", url, verdict, products=products, way=way, candidates=[f"shop:{n}" for n in waiting])


def asked(confirm):
    return [request.url for request in confirm.requests]


def own(n):
    return f"http://127.0.0.1:8000/p/{n}"


def test_a_tile_is_looked_at_on_the_product_s_own_page_by_another_way(confirm):
    confirm.scraped(page(1, 2, 3, waiting=[2], way="proxy:10.0.0.1:80"))
    (request,) = confirm.requests
    assert (request.url, request.dont_filter) == (own(2), True)
    assert request.meta == {"cookiejar": "confirm", "another_way": "proxy:10.0.0.1:80"}


def test_a_page_that_was_not_found_is_looked_at_again(confirm):
    confirm.scraped(page(waiting=[7], url=own(7), verdict="not_found"))
    assert asked(confirm) == [own(7)]


def test_a_page_that_sent_us_elsewhere_is_asked_for_where_it_was_looked_for(confirm):
    lost = page(waiting=[7], url=own("oops"), verdict="not_found")
    lost.asked = own(7)
    confirm.scraped(lost)
    assert asked(confirm) == [own(7)]


def test_what_waits_for_nothing_is_not_asked_again(confirm):
    confirm.scraped(page(1, 2))
    confirm.scraped(page(url=own(1), verdict="blocked"))
    confirm.scraped({"title": "no page"})
    assert confirm.requests == []


def test_a_page_is_asked_once_in_a_crawl(confirm):
    for _ in range(3):
        confirm.scraped(page(1, waiting=[1]))
    confirm.scraped(page(1, waiting=[1], url=own(1), way="direct#confirm"))
    assert asked(confirm) == [own(1)]


@pytest.mark.parametrize(("verdict", "looks"), [
    ("blocked", 2), ("captcha", 2), ("error", 2), ("partial", 2), ("not_found", 1), ("ok", 1),
])  # fmt: skip
def test_a_second_look_without_an_answer_is_taken_once_more(confirm, verdict, looks):
    confirm.scraped(page(1, waiting=[1]))
    for _ in range(4):
        confirm.scraped(page(url=own(1), verdict=verdict, way="direct#confirm"))
    assert asked(confirm) == [own(1)] * looks
    assert len({request.meta["cookiejar"] for request in confirm.requests}) == looks


def test_one_crawl_takes_so_many_looks_and_no_more(confirm):
    numbers = range(MOST + 20)
    confirm.scraped(page(*numbers, waiting=numbers))
    for n in numbers:
        confirm.scraped(page(url=own(n), verdict="blocked"))
    assert len(confirm.requests) == MOST
