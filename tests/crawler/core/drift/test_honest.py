"""Weeks of an honest shop: whatever it does with its goods, it is never held and nothing of it is withheld. Where a
week looks much like a broken page, the site may be suspect for a run."""

from itertools import cycle, islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.drift import Memory
from tests.crawler.core.drift.sites import GONE, SEEN, UNKNOWN, grown, page, run, tiles

DAY = 24 * 3600.0
ALONE = {"fields": SEEN, "confidence": 0.8}


class Weeks:
    """A site that is read day by day; `states` after each run, `lost` pages and goods that were not stored."""

    def __init__(self, memory=None):
        self.memory = memory or Memory("oak", "oak.test")
        self.states, self.lost = [], []

    def day(self, *pages):
        found = run(self.memory, *pages, at=len(self.states) * DAY)
        self.lost += [text for f in found for text in ([f.withheld] if f.withheld else list(f.dropped.values()))]
        self.states.append(self.memory.state)

    def untroubled(self, suspect=0):
        assert self.lost == []
        assert "held" not in self.states
        assert self.states.count("suspect") <= suspect, self.memory.reasons


@pytest.mark.parametrize("voices", [{}, ALONE])
@pytest.mark.parametrize("factor", [0.6, 0.5, 1.35])
def test_half_of_a_shop_goes_into_a_sale_and_out_of_it(voices, factor):
    weeks = Weeks()

    def shop(factor):
        price = [round((1000 + sku) * (factor if sku % 2 else 1)) for sku in range(40)]
        return [*(page(sku, price[sku], **voices) for sku in range(20)), tiles(price=price.__getitem__)]

    for n in range(10):
        weeks.day(*shop(factor if 4 <= n < 7 else 1))
    weeks.untroubled()


@pytest.mark.parametrize("voices", [{}, ALONE])
def test_a_whole_shop_goes_into_a_sale_on_its_product_pages(voices):
    weeks = Weeks()
    for n in range(9):
        weeks.day(*(page(sku, round((1000 + sku) * (0.6 if 4 <= n < 7 else 1)), **voices) for sku in range(20)))
    weeks.untroubled()


def test_a_shop_changes_its_assortment():
    weeks = Weeks(grown())
    for n in range(12):
        start, price = 500 + 40 * n, lambda sku, n=n: (1000 + sku) * (n + 1)
        weeks.day(tiles(start=start, price=price), *(page(sku, price(sku)) for sku in range(start, start + 10)))
    weeks.untroubled()


QUERIES = {  # words: (items, first good, price)
    "sofa": (40, 0, lambda sku: 40_000 + 900 * sku), "lamp": (24, 1000, lambda sku: 900 + 7 * sku),
    "cushion": (3, 2000, lambda sku: 199), "rug": (1, 3000, lambda sku: 2499), "bed": (60, 4000, lambda sku: 90_000),
    "unheard": (0, 5000, lambda sku: 1),
}  # fmt: skip


def searched(words, number=1, count=None):
    items, start, price = QUERIES[words]
    shown = items if count is None else count
    return tiles(
        shown, price, q=f"{words}&page={number}", start=start + 100 * number, verdict="ok" if shown else "empty"
    )


@given(st.randoms(use_true_random=False))
def test_another_query_every_day(chance: Random):
    weeks = Weeks()
    for _ in range(30):
        words = chance.choice(list(QUERIES))
        weeks.day(
            searched(words), *(page(QUERIES[words][1] + n, QUERIES[words][2](n)) for n in range(chance.choice((0, 3))))
        )
    weeks.untroubled()


def test_few_pages_one_day_and_many_the_next():
    """The last page of a listing is short, and how short changes with the shop."""
    weeks = Weeks()
    for n in range(14):
        depth = 5 if n % 2 else 1
        weeks.day(
            *(searched("sofa", number) for number in range(1, depth)),
            searched("sofa", depth, 40 if depth == 1 else 11 + n % 3),
        )
    weeks.untroubled()


def test_pages_that_tell_less_of_some_goods():
    """Lamps have no picture on their tiles and no stock, sofas have all: other coverage for other words."""
    weeks = Weeks()
    for words in islice(cycle(("sofa", "lamp", "sofa", "bed")), 20):
        bare = {"images": False, "stock": UNKNOWN} if words == "lamp" else {}
        items, start, price = QUERIES[words]
        weeks.day(tiles(items, price, q=words, start=start, **bare))
    weeks.untroubled()


@pytest.mark.parametrize("voices", [{}, ALONE])
def test_a_source_that_is_only_rechecked_page_by_page(voices):
    weeks, chance = Weeks(), Random(4)
    prices = [1000 + 90 * sku for sku in range(25)]
    for n in range(150):
        sku = chance.randrange(25)
        prices[sku] = round(prices[sku] * chance.choice((1, 1, 1, 0.92, 1.08, 0.6, 1.5)))
        weeks.day(page(sku, prices[sku], stock=GONE if n % 11 == 0 else "in_stock", **voices))
    weeks.untroubled()


def test_garden_goods_are_sold_out_in_autumn_and_back_in_spring():
    weeks = Weeks()
    for n in range(12):
        autumn = 4 <= n < 8
        weeks.day(*(page(sku, 1000 + sku, stock=GONE if autumn and sku < 12 else "in_stock") for sku in range(30)),
                  *(page(sku, None, stock=GONE) for sku in range(60, 60 + 3 * autumn)))  # fmt: skip
    weeks.untroubled(suspect=1)  # four of six pages sold out at once: so a broken stock word looks


def test_sold_out_pages_are_built_differently_and_believed_the_next_day():
    """No page was sold out before, and those that are have no structured data."""
    weeks = Weeks(grown())
    for n in range(8):
        weeks.day(
            *(page(sku, None, stock=GONE, **ALONE) for sku in range(n)),
            *(page(sku, 1000 + sku) for sku in range(n, 20)),
        )
    assert weeks.lost == ["sold out, as hardly any page ever says it"] * 3  # then it is usual
    assert set(weeks.states) == {"healthy"}


def test_a_shop_adds_structured_data():
    weeks = Weeks()
    for n in range(12):
        voices = {} if n >= 4 else ALONE
        weeks.day(
            *(page(sku, 1000 + sku + 10 * n, **voices) for sku in range(20)),
            tiles(price=lambda sku, n=n: 1000 + sku + 10 * n),
        )
    weeks.untroubled()


@pytest.mark.parametrize("goods", [1, 2, 3])
@pytest.mark.parametrize("voices", [{}, ALONE])
def test_a_source_of_a_few_goods(goods, voices):
    weeks = Weeks()
    for n in range(40):
        factor = (1, 1, 0.95, 0.6, 0.6, 1, 1.2, 1)[n % 8]
        stock = GONE if n % 9 == 0 else "in_stock"
        weeks.day(*(page(sku, round((1000 + sku) * factor), stock=stock, **voices) for sku in range(goods)),
                  tiles(goods, lambda sku, factor=factor: round((1000 + sku) * factor)))  # fmt: skip
    weeks.untroubled()


@given(st.lists(st.tuples(st.integers(1, 200_000), st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_a_brand_new_source(goods):
    weeks = Weeks()
    new = [
        page(n, price, stock=GONE if gone else "in_stock", **(ALONE if lone else {}))
        for n, (price, gone, lone) in enumerate(goods)
    ]
    weeks.day(*new, tiles(len(goods), lambda sku: goods[sku][0]))
    weeks.untroubled()
