"""Whose word settles a change that is hard to believe: another way or later, and as weighty as what is published."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crawler.core.belief import LATER
from crawler.core.changes import decide
from crawler.core.models import Availability, Evidence, Product
from crawler.core.settle import DAY

from .test_changes import IN, OUT, changes, offer

ALL = ("jsonld", "state", "visible")


def told(price, *readers, disputed=False, depth="page", currency="INR", stock=Availability.unknown, **more):
    """What these readers say; those that agree on the price are its witnesses, a dispute believes the first."""
    readers = readers or ("jsonld", "visible")
    fields = dict.fromkeys(("price", "currency"), readers[0])
    agreeing = {} if disputed or len(readers) == 1 else {"price": list(readers)}
    if more.get("list_price"):
        fields["list_price"] = readers[-1]
    if stock is not Availability.unknown:
        fields["availability"] = readers[0]
        agreeing |= {"availability": list(readers)} if agreeing else {}
    evidence = Evidence(fields=fields, depth=depth, witnesses=agreeing, disputed=["price"] if disputed else [],
                        confidence=0.4 if disputed else 0.8)  # fmt: skip
    return Product(id="oak:1", retailer="oak", sku="1", url="https://oak.test/1", title="Stool", evidence=evidence,
                   offers=[offer(price, stock, currency=currency, **more)])  # fmt: skip


def history(*looks, start=None, every=3600.0):
    """The record after these looks, each an hour after the one before; a look is a reading or (reading, way)."""
    record = start
    for n, look in enumerate(looks, 1):
        reading, way = look if isinstance(look, tuple) else (look, "direct")
        record = decide(record, reading, (start.last_seen if start else 0) + n * every, way=way)
    return record


def prices(record):
    return [(old, new) for field, old, new in changes(record) if field == "price"]


class TestWays:
    @pytest.mark.parametrize(("first", "second", "after", "told_now"), [
        ("direct", "direct", 1, False), ("direct", "direct", LATER - 1, False), ("direct", "direct", LATER, True),
        ("direct", "direct#confirm", 1, True), ("direct", "proxy:10.0.0.1:80", 1, True), ("direct", "direct", 0, False),
        ("direct", "browser", 0, False), ("", "", 1, True), ("direct", "", 1, True), ("", "direct", 1, True),
    ])  # fmt: skip
    def test_a_repeat_is_another_way_or_later(self, first, second, after, told_now):
        record = decide(history(told(1000)), told(500), 9000, way=first)
        assert bool(prices(decide(record, told(500), 9000 + after, way=second))) is told_now

    def test_the_first_look_counts_however_often_it_was_repeated_the_same_way(self):
        record = decide(history(told(1000)), told(500), 9000, way="direct")
        for n in range(1, int(LATER)):
            record = decide(record, told(500), 9000 + n, way="direct")
        assert prices(record) == []
        assert prices(decide(record, told(500), 9000 + LATER, way="direct")) == [("10.00", "5.00")]

    def test_a_look_that_says_otherwise_starts_anew(self):
        record = history(told(1000), told(500), told(1000), (told(500), "browser"))
        assert prices(record) == []


class TestDisputes:
    BAD = told(83, "visible", "jsonld", disputed=True)

    def test_a_new_dispute_is_not_settled_by_repeating_it(self):
        record = history(told(1000), *[(self.BAD, way) for way in ("direct", "browser", "proxy:a:1") * 5])
        assert (prices(record), record.product.offer.price) == ([], 1000)

    @pytest.mark.parametrize("first", [told(1000, "jsonld"), told(1000, "visible")])
    def test_nor_where_one_reader_told_the_published_value(self, first):
        assert prices(history(first, *[self.BAD] * 5)) == []

    def test_it_is_settled_when_readers_agree(self):
        assert prices(history(told(1000), self.BAD, told(83))) == [("10.00", "0.83")]
        assert prices(history(told(1000), self.BAD, told(950))) == [("10.00", "9.50")]

    def test_what_always_was_disputed_is_settled_by_a_repeat(self):
        usual = [told(price, "visible", disputed=True) for price in (22000, 22000, 21000, 21000)]
        record = history(*usual)
        assert (prices(record), record.product.offer.price) == ([("220.00", "210.00")], 21000)

    def test_a_dispute_in_which_another_reader_is_believed_is_a_new_one(self):
        usual = [told(22000, "visible", disputed=True)] * 2
        assert prices(history(*usual, *[told(7333, "jsonld", disputed=True)] * 5)) == []

    def test_a_dispute_that_says_the_published_value_proves_itself(self):
        disputed = [told(price, "visible", disputed=True) for price in (1000, 900, 900)]
        assert prices(history(told(1000), *disputed)) == [("10.00", "9.00")]
        assert prices(history(told(1000), disputed[0], told(1000), *disputed[1:])) == []

    def test_it_is_not_over_because_the_one_who_disagreed_fell_silent(self):
        disputed = [told(price, "visible", disputed=True) for price in (1000, 1000, 1500, 1500)]
        silent = told(1000, "visible")
        assert prices(history(*disputed[:2], silent, *disputed[2:])) == [("10.00", "15.00")]
        assert prices(history(*disputed[:2], *[silent] * 5, *disputed[2:])) == [("10.00", "15.00")]

    @pytest.mark.parametrize("end", [told(1000), told(1000, "visible", "state"), told(1000, "state")])
    def test_it_is_over_when_readers_agree_or_another_one_tells_it(self, end):
        before, after = told(1000, "visible", disputed=True), told(1500, "visible", disputed=True)
        assert prices(history(before, before, end, *[after] * 5)) == []

    @staticmethod
    def outvoted(price):
        """`jsonld` says otherwise than two readers that agree."""
        reading = told(price, "state", "visible")
        reading.evidence.disputed, reading.evidence.confidence = ["price"], 0.4
        return reading

    def test_nor_where_several_agreed_against_the_one(self):
        silent = told(1000, "state", "visible")
        looks = [self.outvoted(price) for price in (1000, 1000, 1500, 1500)]
        assert prices(history(*looks[:2], silent, *looks[2:])) == [("10.00", "15.00")]

    def test_who_agreed_in_a_dispute_is_not_outweighed_by_one_reader(self):
        agreed, emi = told(1000, "state", "visible"), told(83, "visible")
        assert prices(history(agreed, self.outvoted(1000), *[emi] * 5)) == []
        assert prices(history(agreed, self.outvoted(1000), agreed, *[emi] * 5)) == []

    def test_the_one_left_of_them_is_believed_once_it_said_the_published_value(self):
        left = [told(price, "visible") for price in (1000, 500, 500)]
        assert prices(history(*[self.outvoted(1000)] * 2, *left)) == [("10.00", "5.00")]

    def test_a_reader_alone_that_nobody_ever_disputed_has_none(self):
        alone, disputed = told(1000, "visible"), told(1500, "visible", disputed=True)
        assert prices(history(alone, alone, *[disputed] * 5)) == []

    def test_it_proves_nothing_of_other_variants(self):
        def shown(queen, disputed):
            reading = told(1000, "visible", disputed=disputed)
            reading.offers = [offer(1000, variant="King"), offer(queen, variant="Queen")]
            return reading

        proven = [shown(800, False), shown(800, True)]
        assert prices(history(*proven, *[shown(80, True)] * 5)) == []
        assert prices(history(*proven, shown(700, True), shown(700, False))) == [("8.00", "7.00")]


class TestWeight:
    def test_one_reader_does_not_outweigh_those_that_agreed_by_repeating(self):
        emi = told(83, "visible")
        record = history(told(1000), *[(emi, way) for way in ("direct", "browser") * 5])
        assert prices(record) == []

    def test_one_reader_that_said_the_published_value_is_believed(self):
        alone = [told(price, "visible") for price in (1000, 500, 500)]
        assert prices(history(told(1000), *alone)) == [("10.00", "5.00")]

    def test_a_small_move_told_by_one_reader_alone_waits_for_a_repeat(self):
        alone = told(900, "visible")
        assert prices(history(told(1000), alone)) == []
        assert history(told(1000), alone).candidates["||new|#price"].reason == "weaker"
        assert prices(history(told(1000), alone, alone)) == [("10.00", "9.00")]

    def test_either_of_two_looks_may_be_the_weighty_one(self):
        assert prices(history(told(1000), told(500), told(500, "visible"))) == [("10.00", "5.00")]
        assert prices(history(told(1000), told(500, "visible"), told(500))) == [("10.00", "5.00")]

    def test_a_tile_and_the_product_s_own_page_agree(self):
        tile, page = told(500, "state", depth="list"), told(500, "visible")
        assert prices(history(told(1000), tile, tile, tile)) == []
        assert prices(history(told(1000), tile, page)) == [("10.00", "5.00")]
        assert prices(history(told(1000), page, tile)) == [("10.00", "5.00")]

    def test_a_small_move_of_a_tile_is_told_at_once(self):
        assert prices(history(told(1000), told(900, "state", depth="list"))) == [("10.00", "9.00")]

    def test_a_tile_told_by_one_reader_is_nothing_that_a_dispute_on_the_page_must_outweigh(self):
        disputed = told(900, "visible", disputed=True)
        assert prices(history(told(1000, "state", depth="list"), disputed, disputed)) == [("10.00", "9.00")]

    def test_where_one_reader_always_told_it_a_repeat_is_enough(self):
        assert prices(history(told(1000, "visible"), *[told(500, "visible")] * 2)) == [("10.00", "5.00")]

    def test_a_sold_out_page_may_be_told_by_fewer(self):
        record = history(told(1000, stock=IN), *[told(None, "visible", stock=OUT)] * 2)
        assert changes(record) == [("availability", "in_stock", "out_of_stock")]

    def test_another_currency_told_by_one_reader_moves_nothing_that_readers_agreed_on(self):
        agreed = told(1000)
        agreed.evidence.witnesses["currency"] = ["jsonld", "visible"]
        record = history(agreed, *[told(15, "visible", currency="USD")] * 5, every=DAY)
        assert (record.product.offer.currency, record.product.offer.price) == ("INR", 1000)


class TestListPrice:
    BEFORE = told(1000, list_price=2000)

    def test_gone_and_returned_are_both_changes(self):
        record = history(self.BEFORE, told(1000), told(1000), self.BEFORE, every=DAY)
        assert changes(record) == [("list_price", "20.00", None), ("list_price", None, "20.00")]
        assert record.vanished == []

    def test_a_page_whose_price_is_not_believed_says_nothing_of_it(self):
        glitch = told(10000)
        record = history(self.BEFORE, glitch, start=None, every=DAY)
        assert set(record.candidates) == {"||new|#price"}

    def test_a_first_list_price_is_learned(self):
        assert changes(history(told(1000), self.BEFORE)) == []

    def test_it_is_not_gone_while_its_reader_does_not_see_the_price(self):
        """The page was redesigned: `visible` told the list price, and finds nothing any more."""
        record = history(self.BEFORE, *[told(1000, "jsonld")] * 5, every=DAY)
        assert (changes(record), record.product.offer.list_price) == ([], 2000)


# Laws

READERS = st.lists(st.sampled_from(ALL), min_size=1, max_size=3, unique=True)
LOOKS = st.tuples(
    st.builds(lambda price, readers, disputed, depth: told(price, *readers, disputed=disputed, depth=depth),
              st.sampled_from([83, 500, 900, 1000]), READERS, st.booleans(), st.sampled_from(["page", "list"])),
    st.sampled_from(["direct", "browser", "direct#confirm", ""]),
)  # fmt: skip


@settings(max_examples=100)
@given(READERS.filter(lambda r: len(r) > 1), st.sampled_from([83, 500]), READERS, st.booleans(),
       st.lists(st.sampled_from(["direct", "browser", "direct#confirm", "proxy:a:1", ""]), max_size=12))  # fmt: skip
def test_law_a_wrong_page_does_not_get_through_by_repeating(agreed, wrong, readers, disputed, ways):
    """Whoever tells the wrong price alone or in dispute, however often and by however many ways."""
    assume(disputed or len(readers) == 1)
    record = history(told(1000, *agreed), *[(told(wrong, *readers, disputed=disputed), way) for way in ways])
    assert (prices(record), record.product.offer.price) == ([], 1000)


@settings(max_examples=100)
@given(st.lists(LOOKS, max_size=8), READERS.filter(lambda r: len(r) > 1), st.sampled_from([500, 700, 1400]))
def test_law_what_readers_agree_on_twice_is_told(past, agreed, price):
    """No history of disputes and lone readers keeps a real change back for ever; returns may have to stand."""
    start = history(told(1000), *past)
    record = history(told(price, *agreed), (told(price, *agreed), "browser"), start=start, every=24 * 3600.0)
    assert record.product.offer.price == price


@settings(max_examples=100)
@given(st.lists(LOOKS, min_size=1, max_size=10))
def test_law_no_single_look_moves_a_price_by_more_than_a_third(looks):
    record = None
    for n, (reading, way) in enumerate(looks):
        before, at = record and record.product.offer, 100.0 * n
        record = decide(record, reading, at, way=way)
        now = record.product.offer
        if before and before.price and abs(now.price - before.price) > 0.3 * before.price:
            assert sum(r.offer.price == now.price for r, _ in looks[: n + 1]) > 1
            assert record.outbox[-1].confirmed == "repeat"
