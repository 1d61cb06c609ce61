from crawler.core.compare.matches import best, words
from crawler.core.models import Availability, Offer, Product, Record


def has(shop, price=None, currency="INR", stock="in_stock", sku="1", **fields) -> Record:
    offers = [Offer(price, None, currency, Availability(stock))]
    product = Product(f"{shop}:{sku}", shop, sku, f"https://{shop}.test/{sku}", offers=offers, **fields)
    return Record(product, 1, 0.0, 0.0, 0.0)


def shops(found):
    return [one.product.id for one in found]


def test_one_match_of_each_shop_cheapest_first():
    records = [
        has("oak", 300, title="Oak desk"), has("oak", 200, title="Desk of oak", sku="2"),
        has("elm", 100, title="Oak desk"), has("ash", 50, title="Pine chair"),
    ]  # fmt: skip
    assert shops(best(records, "oak desk", currency="INR")) == ["elm:1", "oak:2"]


def test_what_fits_better_goes_before_what_is_cheaper_within_a_shop():
    records = [has("oak", 900, title="Oak desk with drawers"), has("oak", 10, title="Desk lamp with shade", sku="2")]
    assert shops(best(records, "oak desk drawers")) == ["oak:1"]


def test_what_was_seen_now_goes_before_a_cheaper_one_seen_before_but_not_when_it_can_not_be_bought():
    old, new = has("oak", 100, title="Desk"), has("oak", 200, title="Desk", sku="2")
    gone = has("oak", 200, title="Desk", stock="out_of_stock", sku="3")
    unpriced = has("oak", None, title="Desk", sku="4")
    assert shops(best([old, new], "desk", answered={"oak:2"})) == ["oak:2"]
    assert shops(best([old, new], "desk")) == ["oak:1"]
    assert shops(best([old, gone, unpriced], "desk", answered={"oak:3", "oak:4"})) == ["oak:1"]


def test_sold_out_unpriced_and_foreign_come_later():
    records = [
        has("a", 100, title="Desk", stock="out_of_stock"), has("b", None, title="Desk"),
        has("c", 5, "USD", title="Desk"), has("d", 300, title="Desk"), has("e", 200, title="Desk", stock="unknown"),
    ]  # fmt: skip
    assert shops(best(records, "desk", currency="INR")) == ["e:1", "d:1", "a:1", "c:1", "b:1"]


def test_the_same_by_its_numbers_goes_before_what_is_only_alike():
    mine = Product("oak:1", "oak", "1", "", title="Oslo green velvet sofa", brand="B", mpn="OS-1")
    records = [
        has("elm", 900, title="Something", brand="B", mpn="OS-1"),
        has("elm", 100, title="Oslo green velvet sofa", sku="2"),
        has("ash", 100, title="Oslo green velvet sofa"),
        has("fir", 1, title="Oslo green velvet sofa", brand="B", mpn="OS-2"),
    ]
    found = best(records, product=mine)
    assert shops(found) == ["elm:1", "ash:1"]
    assert [one.suggested for one in found] == [False, True]


def test_other_shops_are_asked_for_its_article_number_or_its_name():
    assert words(Product("a:1", "a", "1", "", title="Dunk Low", brand="Nike", mpn="DD1391-100")) == "Nike DD1391-100"
    assert words(Product("a:1", "a", "1", "", title="Nike Dunk Low", brand="Nike")) == "Nike Dunk Low"
