"""Feeds, counters and limits see single items although a page travels as one."""

from scrapy import Spider
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawler.core.models import Offer, Page, Product
from crawler.extensions.singles import CoreStats, singles


def product(n: int) -> Product:
    return Product(f"s:{n}", "s", str(n), "u", title=f"t{n}", offers=[Offer(price=100 * n, currency="INR")])


def test_a_page_is_its_items_as_users_see_them():
    page = Page("s", "u", "ok", products=[product(1), product(2)])
    assert [(i["id"], i["price"]) for i in singles(page)] == [("s:1", "1.00"), ("s:2", "2.00")]


def test_other_items_pass():
    assert list(singles({"a": 1})) == [{"a": 1}]


def test_counters_count_items():
    stats = MemoryStatsCollector(get_crawler(Spider))
    counter = CoreStats(stats)
    counter.item_scraped(Page("s", "u", "ok", products=[product(1), product(2)]), Spider("x"))
    counter.item_scraped(Page("s", "u", "blocked"), Spider("x"))
    counter.item_scraped({"a": 1}, Spider("x"))
    assert stats.get_value("item_scraped_count") == 3
