"""What is withheld, what is let through, and what becomes of the site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.drift import Memory, Watch, accepted
from crawler.core.drift.goods import PATIENCE_S
from crawler.core.drift.memory import ADDRESSES, GOODS, SAMPLES, WINDOW
from crawler.core.models import Page
from tests.crawler.core.drift.sites import BOTH, GONE, SEEN, UNKNOWN, grown, page, read, run, tiles

ALONE = {"fields": SEEN, "confidence": 0.8}  # structured data is gone, the page still shows


def withheld(findings):
    return [bool(finding.withheld) for finding in findings]


class TestLists:
    @pytest.mark.parametrize(
        ("odd", "says"),
        [
            (tiles(price=lambda _: None), "price told of 0 of 40"),
            (tiles(currency="USD"), "prices in USD"),
            (tiles(price=lambda sku: (1000 + sku) // 12), "the price of 40 of 40 known products"),
            (tiles(price=lambda sku: (1000 + sku) * (2 if sku % 2 else 1) // (1 if sku % 2 else 2)), "up and down"),
            (tiles(1), "1 of usually 40 items"),
            (tiles(fields=dict.fromkeys(SEEN, "carousel"), price=lambda _: 1200), "only carousel tells"),
        ],
    )  # fmt: skip
    def test_a_page_unlike_ever_is_withheld_and_alarms(self, odd, says):
        memory = grown()
        (finding,) = run(memory, odd)
        assert says in finding.withheld
        assert (finding.alarm.state, memory.state) == ("suspect", "suspect")
        assert says in " ".join(memory.reasons)

    def test_a_listing_cut_to_one_tile_is_partial(self):
        (finding,) = run(grown(), tiles(1))
        assert finding.verdict == "partial"

    def test_an_empty_listing_that_had_goods_alarms_and_one_never_seen_does_not(self):
        memory = grown()
        run(memory, tiles(0, verdict="empty", q="unheard"))
        assert memory.state == "healthy"
        run(memory, tiles(0, verdict="empty"))
        assert memory.state == "suspect"

    def test_a_narrow_search_is_no_drift(self):
        memory = grown()
        assert withheld(run(memory, tiles(1, q="walnut stool"))) == [False]
        assert memory.state == "healthy"

    def test_cheap_goods_after_dear_ones_are_no_drift(self):
        memory = grown()
        (finding,) = run(memory, tiles(q="cushion", start=500, price=lambda _: 40))
        assert (finding.withheld, finding.dropped, memory.state) == ("", {}, "healthy")

    def test_goods_not_known_one_by_one_are_judged_by_the_listing_they_stand_in(self):
        memory = grown()
        memory.goods.clear()
        (finding,) = run(memory, tiles(price=lambda sku: (1000 + sku) // 12))
        assert "median price is 12" in finding.withheld

    def test_one_odd_price_leaves_the_list_alone(self):
        memory = grown()
        (finding,) = run(memory, tiles(price=lambda sku: 60 if sku == 3 else 1000 + sku))
        assert (finding.withheld, finding.dropped, memory.state) == ("", {"oak:3": "prices"}, "healthy")

    def test_sold_out_goods_without_a_price_are_not_missed(self):
        assert withheld(run(grown(), tiles(price=lambda _: None, stock=GONE))) == [False]

    @pytest.mark.parametrize("part", [0.5, 1.0])
    def test_a_sale_is_let_through(self, part):
        memory = grown()
        (finding,) = run(memory, tiles(price=lambda sku: (1000 + sku) * (0.6 if sku < 40 * part else 1) // 1))
        assert (finding.withheld, finding.dropped) == ("", {})
        assert memory.state == ("suspect" if part == 1.0 else "healthy")
        run(memory, tiles(price=lambda sku: (1000 + sku) * (0.6 if sku < 40 * part else 1) // 1))
        assert memory.state == "healthy"

    def test_a_listing_that_stays_short_has_become_short(self):
        memory = grown()
        found = [run(memory, tiles(3))[0] for _ in range(4)]
        assert withheld(found) == [True, True, False, False]


class TestPages:
    def test_a_reader_gone_silent_with_the_same_values_is_suspect_at_most(self):
        memory = grown()
        found = run(memory, *(page(sku, 1000 + sku, **ALONE) for sku in range(12)))
        assert not any(withheld(found))
        assert memory.state == "suspect"
        assert "jsonld tells nothing any more" in " ".join(memory.reasons)

    def test_a_reader_gone_silent_with_other_values_is_held(self):
        memory = grown()
        found = run(memory, *(page(sku, 900 + sku, **ALONE) for sku in range(4)))
        assert all(withheld(found))
        assert memory.state == "held"

    def test_pages_read_one_by_one_drift_too(self):
        memory = grown()
        states = []
        for sku in range(4):
            run(memory, page(sku, 900 + sku, **ALONE))
            states.append(memory.state)
        assert states == ["suspect", "suspect", "held", "held"]

    def test_the_same_values_do_not_make_a_new_reader_usual(self):
        memory = grown()
        run(memory, *(page(sku, 1000 + sku, **ALONE) for sku in range(12)))
        assert withheld(run(memory, page(3, 900, **ALONE))) == [True]

    def test_a_changed_price_told_as_ever_passes(self):
        memory = grown()
        assert withheld(run(memory, *(page(sku, 700 + sku) for sku in range(3)))) == [False] * 3
        assert memory.state == "healthy"

    def test_an_instalment_told_by_one_reader_is_withheld_and_two_hold_the_source_in_doubt(self):
        memory = grown()
        assert withheld(run(memory, page(1, 83, **ALONE))) == [True]
        run(memory, page(2, 83, confidence=0.8))
        assert memory.state == "suspect"

    def test_a_wild_price_that_two_readers_tell_passes(self):
        assert withheld(run(grown(), page(1, 200))) == [False]

    def test_a_wild_price_that_stands_for_a_day_is_believed(self):
        memory = Memory("oak", "oak.test")
        run(memory, *(page(sku, 1000 + sku, **ALONE) for sku in range(12)))
        found = [run(memory, page(1, 200, **ALONE), at=at)[0] for at in (10.0, 3600.0, 10.0 + PATIENCE_S)]
        assert withheld(found) == [True, True, False]

    def test_a_price_like_the_published_one_passes_whatever_was_seen_since(self):
        memory = grown()
        run(memory, page(1, 9000))
        odd, back = page(1, 950, confidence=0.8), page(1, 1100, confidence=0.8)
        assert Watch(memory).wild(odd) == ["oak:1"]
        assert Watch(memory).look(odd, 0.0, {"oak:1": 9500}).withheld
        assert not Watch(memory).look(back, 0.0, {"oak:1": 1001}).dropped

    def test_another_currency_is_withheld(self):
        assert withheld(run(grown(), page(1, 1001, currency="USD"), page(900, 50, currency="USD"))) == [True, True]

    def test_sold_out_pages_pass(self):
        memory = grown()
        found = run(memory, page(1, None, stock=GONE), page(2, 1002, stock=GONE))
        assert (withheld(found), memory.state) == ([False, False], "healthy")

    def test_a_list_price_that_vanished_with_its_reader_is_withheld(self):
        memory = grown()
        run(memory, *(page(sku, 1000 + sku, was=2000) for sku in range(5)))
        assert withheld(run(memory, page(1, 1001), page(2, 1002, confidence=0.8))) == [False, True]

    def test_list_prices_gone_from_several_pages_are_suspect_and_the_end_of_a_sale_is_not(self):
        memory = grown()
        run(memory, *(page(sku, 1000 + sku, was=2000) for sku in range(12)))
        over = run(memory, *(page(sku, 1300 + sku) for sku in range(4)))
        assert (any(withheld(over)), memory.state) == (False, "healthy")
        found = run(memory, *(page(sku, 1000 + sku) for sku in range(4, 8)))
        assert (any(withheld(found)), memory.state) == (False, "suspect")
        assert memory.reasons == ["list prices are gone, prices stand"]

    def test_new_disputes_hold_when_there_are_enough(self):
        memory = grown()
        run(memory, *(page(sku, 1000 + sku, disputed=["price"], confidence=0.4) for sku in range(3)))
        assert memory.state == "held"

    def test_a_shop_whose_readers_ever_disagreed_is_not_held_for_it(self):
        memory = Memory("oak", "oak.test")
        pages = [page(sku, 1000 + sku, disputed=["price"], confidence=0.4) for sku in range(30)]
        run(memory, *pages)
        assert memory.state == "healthy"

    def test_pages_that_can_not_be_read_any_more_hold(self):
        memory = grown()
        run(memory, page(1, verdict="drifted"))
        assert memory.state == "suspect"
        run(memory, page(2, verdict="drifted"), page(3, verdict="drifted"))
        assert memory.state == "held"

    def test_cut_pages_make_suspect_and_never_hold(self):
        memory = grown()
        run(memory, *(page(sku, verdict="partial") for sku in range(12)))
        assert memory.state == "suspect"

    def test_prices_gone_from_every_page_hold(self):
        memory = grown()
        run(memory, *(page(sku, None, stock=UNKNOWN) for sku in range(3)))
        assert memory.state == "held"

    def test_goods_of_a_mixed_shop_are_missed_by_their_own_readers(self):
        """Only a third of its pages have structured data, so that no reader is usual on all of them."""
        memory = Memory("oak", "oak.test")
        pages = [page(sku, 1000 + sku, **({} if sku % 3 == 0 else ALONE)) for sku in range(30)]
        run(memory, *pages)
        (finding,) = run(memory, page(0, 1000, **ALONE))
        assert (finding.withheld, memory.state) == ("", "healthy")
        run(memory, page(3, 1003, **ALONE))
        assert memory.state == "suspect"
        assert withheld(run(memory, page(6, 900, **ALONE), page(1, 900, **ALONE))) == [True, False]

    def test_a_good_told_by_one_reader_where_two_agreed_is_missed_too(self):
        memory = Memory("oak", "oak.test")
        run(memory, *(page(sku, 1000 + sku, confidence=1.0 if sku % 3 == 0 else 0.8) for sku in range(30)))
        run(memory, page(0, 1000, confidence=0.8), page(3, 1003, confidence=0.8))
        assert memory.state == "suspect"

    def test_a_page_of_another_kind_told_by_one_reader_makes_nobody_suspect_however_often_it_is_read(self):
        memory = grown()
        for _ in range(8):
            run(memory, page(900, 1900, **ALONE), *(page(sku, 1000 + sku) for sku in range(4)))
        assert memory.state == "healthy"
        run(memory, page(900, 1900, **ALONE))
        assert memory.state == "healthy"

    def test_a_low_confidence_in_the_stock_says_nothing_of_the_price(self):
        memory = grown()
        odd = [page(sku, 1000 + sku) for sku in range(40, 50)]
        for lone in odd:
            lone.products[0].evidence.confidence = 0.8
        run(memory, *odd)
        assert (memory.state, memory.goods["oak:45"].agreed) == ("healthy", True)

    def test_pages_of_goods_that_became_empty_alarm(self):
        memory = grown()
        run(memory, page(1, verdict="empty"))
        assert memory.state == "healthy"
        run(memory, page(2, verdict="empty"))
        assert memory.state == "suspect"

    def test_a_good_that_sells_out_may_be_told_by_fewer(self):
        memory = grown()
        run(memory, *(page(sku, None, stock=GONE, **ALONE) for sku in (1, 2)))
        assert "told by fewer readers" not in " ".join(memory.reasons)

    def test_a_carousel_s_sold_out_on_every_page_is_never_believed(self):
        memory = grown()
        for day in range(3):
            odd = [page(sku, 1000 + sku, stock=GONE, **ALONE) for sku in range(12)]
            assert all(withheld(run(memory, *odd, at=day * 2 * PATIENCE_S)))
            assert memory.state == "suspect"

    def test_stock_told_anew_by_a_reader_that_never_told_it_is_withheld(self):
        memory = grown()
        run(memory, page(1, 1001, stock=GONE))
        (finding,) = run(memory, page(1, 1001, **ALONE))
        assert "only visible tells" in finding.withheld

    def test_a_list_that_tells_less_of_its_goods_than_before_is_suspect_and_one_of_other_goods_is_not(self):
        memory = grown()
        run(memory, tiles(q="bare", start=300, images=False))
        assert memory.state == "healthy"
        run(memory, tiles(images=False))
        assert (memory.state, memory.reasons) == ("suspect", ["hardly told any more: images"])

    def test_one_odd_product_never_holds_its_shop(self):
        memory = grown()
        for _ in range(8):
            run(memory, page(1, 900, **ALONE))
        assert memory.state == "suspect"


class TestLearning:
    def test_a_page_without_its_reader_never_becomes_usual(self):
        memory = grown(20)
        run(memory, *(page(sku, 1000 + sku, **ALONE) for sku in range(5)))
        assert len(memory.samples["page"]) == 20

    def test_a_reader_that_came_and_went_is_not_missed(self):
        memory = Memory("oak", "oak.test")
        run(memory, *(page(sku, 1000 + sku, **ALONE) for sku in range(12)))
        more = SEEN | {"title": "embedded"}
        run(memory, *(page(sku, 1000 + sku, fields=more, confidence=1.0) for sku in range(4)))
        found = run(memory, *(page(sku, 900 + sku, **ALONE) for sku in range(4)))
        assert (any(withheld(found)), memory.state) == (False, "healthy")

    def test_another_reader_of_the_same_price_is_in_doubt_and_never_becomes_usual(self):
        memory = Memory("oak", "oak.test")
        run(memory, *(page(sku, 1000 + sku, **ALONE) for sku in range(12)))
        other = SEEN | {"price": "embedded"}
        run(memory, *(page(sku, 1000 + sku, fields=other, confidence=0.8) for sku in range(4)))
        assert (memory.state, len(memory.samples["page"])) == ("suspect", 12)
        assert withheld(run(memory, page(5, 900, fields=other, confidence=0.8))) == [True]
        run(memory, *(page(sku, 1000 + sku, **ALONE) for sku in range(4)))
        assert memory.state == "healthy"

    def test_stock_that_a_tile_does_not_tell_is_remembered(self):
        memory = grown()
        run(memory, tiles(stock=UNKNOWN))
        assert memory.goods["oak:1"].availability == "in_stock"

    def test_a_disputed_value_is_not_remembered(self):
        memory = grown()
        run(memory, page(1, 1250, disputed=["price"], confidence=0.4))
        assert memory.goods["oak:1"].price == 1001

    def test_a_believed_value_is(self):
        memory = grown()
        run(memory, page(1, 1250))
        assert memory.goods["oak:1"].price == 1250

    def test_goods_at_two_places_are_two(self):
        memory = Memory("oak", "oak.test")
        here, there = page(1, 1000), page(1, 5000)
        here.products[0].offers[0].location_asked, here.products[0].offers[0].location = "560001", "560001"
        run(memory, here, there)
        assert {name: good.price for name, good in memory.goods.items()} == {"oak:1@560001": 1000, "oak:1": 5000}


class TestBothDepths:
    """A site of few pages: one list and one product's page are all that shows a redesign."""

    @staticmethod
    def listing(**told):
        return tiles(4, start=100, **({"fields": BOTH, "confidence": 1.0} | told))

    @staticmethod
    def known(listing):
        memory = Memory("oak", "oak.test")
        for _ in range(8):
            run(memory, page(1), page(2, None, stock=GONE), listing)
        return memory

    @pytest.fixture
    def memory(self):
        return self.known(self.listing())

    def test_a_list_and_a_page_that_miss_readers_are_suspect(self, memory):
        found = run(memory, page(1, **ALONE), page(2, None, stock=GONE, **ALONE), self.listing(**ALONE))
        assert (any(withheld(found)), memory.state) == (False, "suspect")

    def test_the_list_may_come_first(self, memory):
        run(memory, self.listing(**ALONE), page(1, **ALONE))
        assert memory.state == "suspect"

    @pytest.mark.parametrize(
        ("before", "after"),
        [({}, {"confidence": 0.8}), ({"confidence": 0.8}, ALONE)],
        ids=["no two agree", "one is silent"],
    )
    def test_the_list_misses_any_reader(self, before, after):
        memory = self.known(self.listing(**before))
        run(memory, page(1, **ALONE), self.listing(**after))
        assert memory.state == "suspect"

    @pytest.mark.parametrize("list_only", [True, False])
    def test_one_of_them_is_a_hint_only(self, memory, list_only):
        run(memory, *([page(1), self.listing(**ALONE)] if list_only else [page(1, **ALONE), self.listing()]))
        assert memory.state == "healthy"

    def test_a_hint_of_another_kind_is_none(self, memory):
        run(memory, self.listing(**ALONE), page(1, disputed=["price"]))
        assert (memory.window[-1].faults, memory.state) == (["disputed"], "healthy")

    def test_a_new_good_told_by_fewer_is_no_witness(self, memory):
        run(memory, page(900, 1900, **ALONE), self.listing(**ALONE))
        assert memory.state == "healthy"

    def test_a_page_that_was_whole_again_for_long_is_none_either(self, memory):
        run(memory, page(1, **ALONE), *[page(1)] * 6, self.listing(**ALONE))
        assert memory.state == "healthy"


class TestStates:
    def test_two_lists_at_fault_are_suspect_and_three_are_held(self):
        memory = grown()
        run(memory, tiles(currency="USD"), tiles(currency="USD", q="chair", start=100))
        assert memory.state == "suspect"
        run(memory, tiles(currency="USD", q="lamp", start=200))
        assert memory.state == "held"

    @staticmethod
    def held():
        memory = grown()
        run(memory, *(page(sku, 900 + sku, **ALONE) for sku in range(4)))
        assert memory.state == "held"
        return memory

    def test_two_clean_runs_bring_a_held_site_back(self):
        memory = self.held()
        first = run(memory, *(page(sku, 950 + sku) for sku in range(4)))
        assert (withheld(first), memory.state) == ([True] * 4, "suspect")
        second = run(memory, *(page(sku, 950 + sku) for sku in range(4)))
        assert (withheld(second), memory.state, memory.reasons) == ([False] * 4, "healthy", [])

    def test_a_clean_list_says_nothing_of_product_pages(self):
        memory = self.held()
        run(memory, tiles())
        assert memory.state == "held"

    def test_one_good_page_is_too_little(self):
        memory = self.held()
        states = [(run(memory, page(sku, 1000 + sku)), memory.state)[1] for sku in range(6)]
        assert states == ["held", "held", "suspect", "suspect", "suspect", "healthy"]

    def test_a_fault_while_suspect_starts_anew(self):
        memory = self.held()
        run(memory, *(page(sku, 1000 + sku) for sku in range(3)))
        run(memory, *(page(sku, 900 + sku, **ALONE) for sku in range(3)))
        assert memory.state == "held"

    def test_nothing_is_learned_while_held(self):
        memory = self.held()
        before = memory.goods["oak:1"], len(memory.samples["page"])
        run(memory, page(1, 5000), tiles(q="new"))
        assert (memory.goods["oak:1"], len(memory.samples["page"])) == before

    def test_the_operator_takes_the_new_shape(self):
        memory = accepted(self.held(), at=50.0)
        found = run(memory, *(page(sku, 900 + sku, **ALONE) for sku in range(12)))
        assert (any(withheld(found)), memory.state) == (False, "healthy")

    def test_an_alarm_is_raised_once_for_each_step(self):
        memory = grown()
        found = run(memory, *(page(sku, 900 + sku, **ALONE) for sku in range(12)))
        assert [f.alarm.state for f in found if f.alarm] == ["suspect", "held"]


class TestNew:
    def test_a_new_site_has_no_usual(self):
        memory = Memory("oak", "oak.test")
        found = run(memory, page(1), page(2, 50, **ALONE), page(3, None), page(4, 10, disputed=["price"]))
        assert (any(withheld(found)), memory.state) == (False, "healthy")

    def test_what_it_knows_already_it_compares(self):
        memory = Memory("oak", "oak.test")
        run(memory, page(1, 1000))
        assert withheld(run(memory, page(1, 80, **ALONE), page(1, 1000, currency="USD"))) == [True, True]


class TestLaws:
    @given(
        st.lists(
            st.tuples(st.integers(0, 40), st.sampled_from([0.75, 0.9, 1.0, 1.1, 1.25]), st.booleans()), max_size=80
        )
    )
    def test_a_shop_told_as_ever_is_never_withheld(self, told):
        memory = grown()
        pages = [page(sku, int((1000 + sku) * factor), stock=GONE if gone and sku % 7 == 0 else "in_stock")
                 for sku, factor, gone in told]  # fmt: skip
        assert not any(withheld(run(memory, *pages)))
        assert memory.state != "held"

    @given(st.lists(st.sampled_from(["good", "silent", "drifted", "partial", "list", "wild"]), max_size=60))
    def test_what_is_kept_is_bounded_and_held_stores_nothing(self, kinds):
        memory = grown()
        watch = Watch(memory)
        make = {
            "good": lambda n: page(n, 1000), "silent": lambda n: page(n, 700, **ALONE),
            "list": lambda n: tiles(q=str(n)),
            "drifted": lambda n: page(n, verdict="drifted"), "partial": lambda n: page(n, verdict="partial"),
            "wild": lambda n: page(n, 1, **ALONE),
        }  # fmt: skip
        for n, kind in enumerate(kinds):
            odd = make[kind](n)
            (finding,) = read(watch, odd)
            assert not odd.products or memory.state != "held" or finding.withheld
        assert len(memory.goods) <= GOODS
        assert len(memory.window) <= WINDOW
        assert len(memory.addresses) <= ADDRESSES
        assert all(len(samples) <= SAMPLES for samples in memory.samples.values())

    @given(st.integers(2, 6))
    def test_enough_clean_runs_always_bring_a_site_back(self, runs):
        memory = TestStates.held()
        for _ in range(runs):
            run(memory, *(page(sku, 1000 + sku) for sku in range(4)))
        assert memory.state == "healthy"


def test_pages_that_say_nothing_change_nothing():
    memory = grown()
    assert run(memory, Page("oak", "https://oak.test/", "ok"))[0].withheld == ""
    assert memory.state == "healthy"
