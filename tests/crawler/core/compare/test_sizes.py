from crawler.core.compare.matches import best
from crawler.core.compare.sizes import folded, sizes
from crawler.core.models import Availability, Offer, Product, Record


def quoting(shop, *offers, mpn="DD1391-100") -> Record:
    product = Product(f"{shop}:1", shop, "1", "", title="Dunk Low", brand="Nike", mpn=mpn, offers=list(offers))
    return Record(product, 1, 0.0, 0.0, 0.0)


def size(variant, ask, bid=None, last=None, currency="USD", **more) -> Offer:
    return Offer(ask, None, currency, variant=variant, bid=bid, last_sale=last, **more)


STOCKX = quoting("stockx", size("US M 9", 12_000, 11_000, 11_500), size("US M 9.5", 15_000))
ALIAS = quoting("alias", size("us m 9", 11_200, 11_900), size("US M 9", 8_000, condition="used"))


def rows(*records, only=None):
    return {(row.size.lower(), row.condition): row for row in sizes(best(records, "dunk low"), only)}


def test_each_size_and_condition_has_the_quotes_of_all_shops_lowest_ask_first():
    found = rows(STOCKX, ALIAS)
    assert found.keys() == {("us m 9", "new"), ("us m 9", "used"), ("us m 9.5", "new")}
    nine = found["us m 9", "new"]
    assert [(q.retailer, q.ask, q.bid, q.last_sale, q.spread) for q in nine.quotes] == [
        ("alias", 11_200, 11_900, None, -700), ("stockx", 12_000, 11_000, 11_500, 1_000),
    ]  # fmt: skip
    assert (nine.spread, nine.currency) == (11_200 - 11_900, "USD")


def test_one_size_only():
    assert rows(STOCKX, ALIAS, only="us m 9.5").keys() == {("us m 9.5", "new")}
    assert folded("US M 9.5") != folded("US M 95") != folded("US M 9 5")


def test_what_is_sold_out_is_no_ask():
    gone = quoting("alias", size("US M 9", 1, 900, availability=Availability.out_of_stock))
    assert rows(STOCKX, gone)["us m 9", "new"].spread == 12_000 - 11_000


def test_two_currencies_have_no_common_spread():
    row = rows(STOCKX, quoting("alias", size("US M 9", 9_000, 8_000, currency="EUR")))["us m 9", "new"]
    assert (row.currency, row.spread) == (None, None)


def test_goods_without_sizes_and_goods_only_alike_have_none():
    assert rows(quoting("oak", size(None, 100))) == {}
    like = Product("oak:2", "oak", "2", "", title="Dunk Low", brand="Nike")
    assert sizes(best([STOCKX], product=like)) == []
