"""The demo shops say one thing, and their spiders read exactly that, at any tick."""

import pytest

from crawler.bases.reading import read_saved
from crawler.demo import shops, world
from crawler.demo.spiders.alder import AlderSpider
from crawler.demo.spiders.birch import BirchSpider
from crawler.demo.spiders.cedar import CedarSpider

SPIDERS = [AlderSpider, BirchSpider, CedarSpider]


@pytest.mark.parametrize("tick", [0, 1, 5])
@pytest.mark.parametrize("spider", SPIDERS, ids=lambda s: s.name)
def test_result_pages(spider, tick):
    found = world.search(spider.name, "sofa")
    for page in (1, 2):
        html = shops.SEARCH[spider.name]("sofa", page, found, tick).encode()
        read = read_saved(spider(query="sofa"), html, f"http://shop.test/search?q=sofa&page={page}")
        shown = found[(page - 1) * shops.PER_PAGE : page * shops.PER_PAGE]
        told = [(g.sku, g.title, f"{world.price(g, tick)}.00", "INR") for g in shown]
        assert [(i["sku"], i["title"], i["price"], i["currency"]) for i in read["items"]] == told


@pytest.mark.parametrize("tick", [0, 1, 5])
@pytest.mark.parametrize("spider", SPIDERS, ids=lambda s: s.name)
def test_product_pages(spider, tick):
    for good in world.goods(spider.name):
        html = shops.PRODUCT[spider.name](good, tick).encode()
        (item,) = read_saved(spider(query="sofa"), html, f"http://shop.test/p/{good.sku}")["items"]
        stock = "in_stock" if world.in_stock(good, tick) else "out_of_stock"
        assert (item["sku"], item["title"], item["price"], item["availability"]) == (
            good.sku, good.title, f"{world.price(good, tick)}.00", stock)  # fmt: skip


def test_enough_is_sold():
    assert all(len(world.search(shop, "sofa")) >= 10 for shop in world.SHOPS)


def test_the_clock_moves_prices_and_stock():
    goods = [g for shop in world.SHOPS for g in world.goods(shop)]
    prices = [tuple(world.price(g, tick) for g in goods) for tick in range(6)]
    assert len(set(prices)) == 6
    assert {world.in_stock(g, tick) for g in goods for tick in range(6)} == {True, False}


@pytest.mark.parametrize(
    ("amount", "text"), [(5, "₹5"), (1299, "₹1,299"), (129990, "₹1,29,990"), (12345678, "₹1,23,45,678")]
)
def test_indian_grouping(amount, text):
    assert shops.rupees(amount) == text
