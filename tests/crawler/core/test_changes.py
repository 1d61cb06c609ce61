"""What becomes a change and what waits: the rules one by one, then laws over random histories."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.core.changes import decide, digest
from crawler.core.matching import FORGOTTEN
from crawler.core.models import Availability, Evidence, Offer, Product, Rating
from crawler.core.settle import DAY, JUMP

IN, OUT, UNKNOWN = Availability.in_stock, Availability.out_of_stock, Availability.unknown
PREORDER, GONE = Availability.preorder, Availability.discontinued


def offer(price=None, stock=UNKNOWN, list_price=None, currency="INR", **more):
    return Offer(price=price, list_price=list_price, currency=currency, availability=stock, **more)


def reading(*offers, depth="page", disputed=(), confidence=1.0, **more):
    evidence = Evidence(depth=depth, disputed=list(disputed), confidence=confidence)
    fields = {"url": "https://oak.test/1", "title": "Stool"} | more
    return Product(id="oak:1", retailer="oak", sku="1", offers=list(offers), evidence=evidence, **fields)


def history(*readings, start=None, every=1.0):
    """The record after these readings, `every` seconds apart, nothing relayed."""
    record = start
    for n, product in enumerate(readings):
        record = decide(record, product, (start.last_seen + every if start else 1.0) + n * every)
    return record


def changes(record):
    return [(c.field, c.old, c.new) for c in record.outbox if c.field != "new"]


def prices(*values):
    return [reading(offer(value)) for value in values]


class TestFirstSight:
    def test_is_new_with_its_price(self):
        record = history(reading(offer(1000, IN)))
        (change,) = record.outbox
        assert (change.field, change.old, change.new, change.currency) == ("new", None, "10.00", "INR")
        assert (record.rev, record.first_seen, record.last_seen, record.last_changed) == (1, 1.0, 1.0, 1.0)
        assert record.product == reading(offer(1000, IN))

    @pytest.mark.parametrize("first", [reading(), reading(offer(None)), reading(offer(1000), disputed=["price"])])
    def test_is_new_without_a_price_where_none_can_be_believed(self, first):
        assert [(c.field, c.new) for c in history(first).outbox] == [("new", None)]

    def test_a_disputed_price_is_not_published_until_it_repeats(self):
        doubtful = reading(offer(7333, IN), disputed=["price"])
        assert history(doubtful).product.offer == offer(None, IN)
        assert changes(history(doubtful, reading(offer(22000, IN)))) == []
        assert history(doubtful, doubtful).product.offer.price == 7333

    def test_a_later_look_is_not_new(self):
        record = history(*prices(1000, 1000, 990))
        assert [c.field for c in record.outbox] == ["new", "price"]

    def test_the_reading_is_left_as_it_was(self):
        first = reading(offer(1000), disputed=["price"])
        history(first)
        assert first == reading(offer(1000), disputed=["price"])


class TestPrice:
    @pytest.mark.parametrize(("values", "expected"), [
        ([1000, 990], [("10.00", "9.90")]),
        ([1000, 1300], [("10.00", "13.00")]),
        ([1000, 1301], []), ([1000, 699], []), ([1000, 99], []),
        ([1000, 500, 500], [("10.00", "5.00")]),
        ([1000, 500, 1000], []), ([1000, 500, 1000, 500], []),
        ([1000, 500, 400], []), ([1000, 500, 400, 400], [("10.00", "4.00")]),
        ([1000, 500, None, 500], [("10.00", "5.00")]),
        ([1000, 500, 950, 500], [("10.00", "9.50")]),
        ([1000, 800, 640, 512], [("10.00", "8.00"), ("8.00", "6.40"), ("6.40", "5.12")]),
        ([None, 1000, 990], [("10.00", "9.90")]),
        ([1000, None, 1000], []),
    ])  # fmt: skip
    def test_moves(self, values, expected):
        record = history(*prices(*values))
        assert [(old, new) for field, old, new in changes(record) if field == "price"] == expected

    def test_a_slow_slide_is_told_in_full(self):
        record = history(*prices(*range(1000, 400, -3)))
        assert len(changes(record)) == 199
        assert changes(record)[-1] == ("price", "4.06", "4.03")

    def test_how_it_was_confirmed(self):
        record = history(*prices(1000, 990, 100, 100))
        assert [c.confirmed for c in record.outbox[1:]] == ["high_confidence", "repeat"]

    def test_the_same_fetch_does_not_confirm_itself(self):
        waiting = history(*prices(1000, 500))
        assert changes(decide(waiting, *prices(500), at=waiting.last_seen)) == []

    def test_a_doubtful_reading_waits(self):
        doubtful = reading(offer(990), confidence=0.4)
        assert changes(history(*prices(1000), doubtful)) == []
        assert changes(history(*prices(1000), doubtful, doubtful)) == [("price", "10.00", "9.90")]

    def test_what_is_disputed_holds_no_other_field(self):
        record = history(reading(offer(1000, OUT)), reading(offer(990, IN), disputed=["price"]))
        assert changes(record) == [("availability", "out_of_stock", "in_stock")]

    def test_a_list_price_that_vanished_from_the_page_must_stay_away_for_a_day(self):
        before, after = reading(offer(1000, list_price=2000)), reading(offer(1000))
        assert changes(history(before, after, after)) == []
        assert changes(history(before, after, after, every=DAY)) == [("list_price", "20.00", None)]
        assert changes(history(before, after, before, after, every=DAY)) == []

    @pytest.mark.parametrize("after", [reading(offer(1000), depth="list"), reading(offer(None))])
    def test_a_list_price_that_was_only_not_shown_stays(self, after):
        record = history(reading(offer(1000, list_price=2000)), after, after, after)
        assert changes(record) == []
        assert record.product.offer.list_price == 2000


class TestStock:
    @pytest.mark.parametrize(("values", "expected"), [
        ([IN, OUT], []), ([IN, OUT, OUT], [(IN, OUT)]), ([IN, OUT, IN, OUT], []), ([IN, GONE, GONE], [(IN, GONE)]),
        ([IN, OUT, GONE], []), ([OUT, IN], [(OUT, IN)]), ([OUT, GONE], [(OUT, GONE)]),
        ([IN, PREORDER], [(IN, PREORDER)]), ([UNKNOWN, OUT], []), ([IN, UNKNOWN, UNKNOWN], []),
        ([IN, OUT, UNKNOWN, OUT], [(IN, OUT)]),
        ([IN, OUT, OUT, IN], [(IN, OUT), (OUT, IN)]),
    ])  # fmt: skip
    def test_moves(self, values, expected):
        record = history(*(reading(offer(1000, stock)) for stock in values))
        assert changes(record) == [("availability", str(old), str(new)) for old, new in expected]


class TestCurrency:
    def test_another_currency_is_no_change_and_starts_afresh_when_it_stood_for_a_day(self):
        dollars = reading(offer(15, IN, currency="USD"))
        record = history(reading(offer(1000, IN)), dollars, dollars)
        assert (changes(record), record.product.offer) == ([], offer(1000, IN))
        record = history(dollars, start=record, every=DAY)
        assert (changes(record), record.product.offer) == ([], offer(15, IN, currency="USD"))
        assert changes(history(reading(offer(14, IN, currency="USD")), start=record)) == [("price", "0.15", "0.14")]

    def test_one_look_in_another_currency_is_forgotten(self):
        dollars, rupees = reading(offer(15, currency="USD")), reading(offer(1000))
        record = history(rupees, dollars, rupees, dollars)
        assert (changes(record), record.product.offer.currency) == ([], "INR")

    def test_another_currency_without_a_price_takes_no_price_away(self):
        record = history(reading(offer(1000)), *[reading(offer(None, currency="USD"))] * 3)
        assert record.product.offer == offer(1000)

    def test_what_waited_in_the_old_currency_does_not_confirm_the_new(self):
        record = history(*prices(1000, 200), *[reading(offer(100, currency="USD"))] * 2, every=DAY)
        assert changes(history(reading(offer(200, currency="USD")), start=record)) == []

    def test_a_currency_that_is_not_said_is_the_known_one(self):
        record = history(reading(offer(1000)), reading(offer(990, currency=None)))
        assert changes(record) == [("price", "10.00", "9.90")]


class TestOffers:
    @pytest.mark.parametrize("part", ["variant", "seller", "location", "condition"])
    def test_offers_are_apart(self, part):
        asked = {"location_asked": "560001"} if part == "location" else {}
        a, b = {part: "a", **asked}, {part: "b", **asked}
        before = reading(offer(1000, IN, **a), offer(2000, IN, **b))
        record = history(before, reading(offer(1000, IN, **a), offer(1900, IN, **b)))
        (change,) = record.outbox[1:]
        assert (change.old, change.new) == ("20.00", "19.00")
        assert getattr(change, part, "b") == "b"
        assert [o.price for o in record.product.offers] == [1000, 1900]

    def test_two_offers_that_move_at_once_have_changes_of_their_own(self):
        before = reading(offer(1000, variant="a"), offer(2000, variant="b"))
        record = history(before, reading(offer(990, variant="a"), offer(1980, variant="b")))
        assert [(c.variant, c.new) for c in record.outbox[1:]] == [("a", "9.90"), ("b", "19.80")]
        assert len({c.id for c in record.outbox}) == 3

    def test_offers_that_can_not_be_told_apart_are_one(self):
        record = history(reading(offer(1000), offer(2000)), reading(offer(990), offer(1980)))
        assert record.product.offers == [offer(990)]
        assert [c.new for c in record.outbox[1:]] == ["9.90"]

    def test_sellers_behind_the_first_are_known_by_name_in_any_order(self):
        x, y, z = (offer(1000 + n, seller=name) for n, name in enumerate("xyz"))
        assert changes(history(reading(x, y, z), reading(x, z, y))) == []

    def test_the_shopper_s_price_follows_the_seller_in_front(self):
        record = history(reading(offer(1000, seller="x")), reading(offer(990, seller="y")))
        assert [(c.old, c.new, c.seller) for c in record.outbox[1:]] == [("10.00", "9.90", "y")]

    def test_sellers_that_take_turns_do_not_hide_a_jump(self):
        x, y = reading(offer(500, seller="x")), reading(offer(500, seller="y"))
        assert changes(history(reading(offer(1000, seller="x")), x, y)) == [("price", "10.00", "5.00")]

    def test_a_seller_in_front_is_not_listed_again_behind(self):
        record = history(reading(offer(1000, seller="x"), offer(1100, seller="y")), reading(offer(1050, seller="y")))
        assert record.product.offers == [offer(1050, seller="y")]

    def test_a_variant_that_its_page_no_longer_shows_is_kept_behind_and_marked(self):
        three = [offer(1000 + n, variant=str(n)) for n in range(3)]
        record = history(reading(*three), *[reading(*three[1:])] * 2)
        unseen = msgspec.structs.replace(three[0], unseen_since=2.0)
        assert (record.product.offers, changes(record)) == ([*three[1:], unseen], [])
        assert history(*[reading(*three)] * 2, start=record).product.offers == three

    def test_a_variant_not_shown_for_a_month_is_forgotten(self):
        three = [offer(1000 + n, variant=str(n)) for n in range(3)]
        record = history(reading(*three), reading(*three[1:]))
        later = decide(record, reading(*three[1:], title="New"), 2.0 + FORGOTTEN)
        assert (later.product.offers, changes(later)) == (three[1:], [])

    def test_one_offer_on_a_page_says_nothing_of_the_others(self):
        three = [offer(1000 + n, variant=str(n)) for n in range(3)]
        assert history(reading(*three), reading(three[1])).product.offers == [three[1], three[0], three[2]]

    def test_what_waits_for_an_offer_leaves_with_it(self):
        three = [offer(1000, variant=str(n)) for n in range(3)]
        record = history(reading(*three), reading(*three[:2], offer(500, variant="2")))
        assert list(record.candidates) == ["2||new|#price"]
        record = history(reading(*three[:2]), start=record)
        assert (record.candidates, record.digest) == ({}, digest(reading(*three[:2])))

    def test_a_tile_s_price_is_the_default_offer_s(self):
        page = reading(offer(1000, IN, variant="red", seller="x"), offer(2000, variant="blue"))
        record = history(page, reading(offer(990), depth="list"))
        assert changes(record) == [("price", "10.00", "9.90")]
        assert record.product.offers == [offer(990, IN, variant="red", seller="x"), offer(2000, variant="blue")]


class TestLocations:
    BLR, DEL = {"location_asked": "560001"}, {"location_asked": "110001"}

    def test_a_page_that_answered_for_another_location_says_nothing(self):
        elsewhere = reading(offer(500, OUT, location="Delhi 110001", **self.BLR))
        record = history(reading(offer(1000, IN, location="560001", **self.BLR)), *[elsewhere] * 3)
        assert (changes(record), record.product.offers) == ([], [offer(1000, IN, location="560001", **self.BLR)])
        assert history(elsewhere).product.offers == []

    @pytest.mark.parametrize("other", [{"location": "110001", **DEL}, DEL, {}])
    def test_another_question_never_touches_the_first_location_s_offer(self, other):
        here = offer(1000, IN, location="560001", **self.BLR)
        record = history(reading(here), *[reading(offer(price, OUT, **other)) for price in (1200, 500, 500)])
        assert here in record.product.offers
        assert {c.location for c in record.outbox[1:]} == {other.get("location")}

    def test_the_default_offer_is_looked_for_at_its_location(self):
        here, there = {"location": "560001", **self.BLR}, {"location": "110001", **self.DEL}
        record = history(reading(offer(1000, seller="x", **here)), reading(offer(1100, seller="x", **there)),
                         reading(offer(990, seller="y", **here)))  # fmt: skip
        assert changes(record) == [("price", "10.00", "9.90")]
        assert len(record.product.offers) == 2

    def test_a_location_told_in_other_words_is_the_same(self):
        record = history(reading(offer(1000, location="560001", **self.BLR)),
                         reading(offer(990, location="Bengaluru 560001", **self.BLR)))  # fmt: skip
        assert changes(record) == [("price", "10.00", "9.90")]
        assert len(record.product.offers) == 1


class TestMarket:
    def test_bids_and_last_sales_are_kept_and_never_events(self):
        record = history(reading(offer(1000, bid=900, last_sale=950)), reading(offer(1000, bid=800, last_sale=990)))
        assert (changes(record), record.last_changed, record.rev) == ([], 1.0, 2)
        assert record.product.offer == offer(1000, bid=800, last_sale=990)

    def test_a_bid_that_is_not_told_stays(self):
        record = history(reading(offer(1000, bid=900)), reading(offer(990)))
        assert record.product.offer == offer(990, bid=900)


class TestDescription:
    FULL = {"brand": "Oak", "category": ["Stools"], "images": ["a"], "description": "Long", "specs": {"w": "1"},
            "rating": Rating(4.0)}  # fmt: skip

    def test_the_newest_word_wins(self):
        record = history(reading(title="Old"), reading(title="New", **self.FULL))
        assert record.product == reading(title="New", **self.FULL)

    def test_what_is_not_said_stays(self):
        record = history(reading(**self.FULL), reading(title=None))
        assert record.product == reading(**self.FULL)

    def test_a_tile_never_overrules_the_page_but_fills_its_gaps(self):
        tile = reading(depth="list", title="Stoo…", brand="Elm", images=["b"], url="https://oak.test/?ad=1")
        record = history(reading(brand="Oak"), tile)
        assert record.product == reading(brand="Oak", images=["b"])

    def test_the_page_overrules_a_tile(self):
        assert history(reading(depth="list", title="Stoo…"), reading()).product == reading()

    def test_a_new_word_is_written_and_is_no_change(self):
        record = history(reading(title="Old"), reading(title="New"))
        assert (record.rev, changes(record), record.last_changed) == (2, [], 1.0)


class TestRev:
    def test_nothing_new_moves_only_last_seen(self):
        record = history(*prices(1000))
        assert history(*prices(1000), start=record) == msgspec.structs.replace(record, last_seen=2.0)

    def test_an_older_reading_says_nothing(self):
        record = history(*prices(1000, 990))
        assert decide(record, *prices(950), at=1.5) == record

    def test_a_waiting_value_leaves_no_digest(self):
        waiting = history(*prices(1000, 500))
        assert (waiting.digest, waiting.rev) == ("", 2)
        assert history(*prices(500), start=waiting).digest == digest(*prices(500))
        assert history(reading(offer(1000), disputed=["price"])).digest == ""


# Laws

VALUES = st.sampled_from([None, 100, 105, 110, 120, 400, 900])
STOCKS = st.sampled_from([UNKNOWN, IN, OUT, PREORDER])
PARTS = st.sampled_from([None, "a", "b"])
OFFERS = st.builds(
    offer, VALUES, STOCKS, VALUES, st.just("INR"), variant=PARTS, seller=PARTS, location=PARTS,
    condition=st.sampled_from(["new", "used"]),
)  # fmt: skip
DOUBTS = st.lists(st.sampled_from(["price", "list_price", "availability"]), max_size=1)


def readings(offers, most=3):
    return st.builds(
        lambda offers, depth, disputed, confidence: reading(
            *offers, depth=depth, disputed=disputed, confidence=confidence
        ),
        st.lists(offers, max_size=most), st.sampled_from(["page", "list"]), DOUBTS, st.sampled_from([1.0, 0.4]),
    )  # fmt: skip


ANY = st.lists(readings(OFFERS), min_size=1, max_size=8)
SIMPLE = st.lists(readings(st.builds(offer, VALUES, STOCKS, VALUES), most=1), min_size=1, max_size=12)


@settings(max_examples=50)
@given(ANY)
def test_the_unseen_never_changes_anything(past):
    record = history(*past)
    blank = reading(offer(None, currency=None), title=None, depth="list")
    for nothing in (blank, reading(), reading(depth="list")):
        after = history(nothing, start=record)
        assert after.outbox == record.outbox
        if record.product.offers:
            assert {o.key: o for o in after.product.offers} == {o.key: o for o in record.product.offers}


@settings(max_examples=50)
@given(ANY)
def test_new_is_said_once_and_first(past):
    assert [c.field for c in history(*past).outbox].count("new") == 1
    assert history(*past).outbox[0].field == "new"


@settings(max_examples=50)
@given(ANY)
def test_the_same_readings_replayed_say_nothing_new(past):
    record = history(*past)
    for at, product in enumerate(past, 1):
        record = decide(record, product, float(at))
    assert record.outbox == history(*past).outbox


@settings(max_examples=50)
@given(ANY, readings(OFFERS))
def test_what_was_said_twice_is_settled(past, last):
    twice = history(last, last, start=history(*past))
    thrice = history(last, start=twice)
    assert thrice == msgspec.structs.replace(twice, last_seen=thrice.last_seen)


@settings(max_examples=50)
@given(SIMPLE)
def test_changes_in_order_lead_from_the_first_to_the_last_published_value(past):
    """But for a list price that went away: when it is back, it is learned anew."""
    told = {}
    for change in history(*past).outbox[1:]:
        assert (told.get(change.field) or change.old) == change.old != change.new
        told[change.field] = change.new
    last = history(*past).product.offer
    published = {"price": last and last.price, "list_price": last and last.list_price}
    published = {k: None if v is None else f"{v / 100:.2f}" for k, v in published.items()}
    published["availability"] = last and str(last.availability)
    assert {field: published[field] for field in told if told[field]} == {k: v for k, v in told.items() if v}


@settings(max_examples=50)
@given(ANY)
def test_every_step_moves_one_rev_or_only_last_seen(past):
    record = history(past[0])
    for product in past[1:]:
        after = history(product, start=record)
        if after.rev == record.rev:
            assert after == msgspec.structs.replace(record, last_seen=after.last_seen)
        else:
            assert after.rev == record.rev + 1
            assert after.outbox[: len(record.outbox)] == record.outbox
        record = after


@settings(max_examples=50)
@given(ANY)
def test_a_record_is_in_order(past):
    record = history(*past)
    keys = [o.key for o in record.product.offers]
    assert len(set(keys)) == len(keys)
    assert len({c.id for c in record.outbox}) == len(record.outbox)
    assert {slot.rpartition("#")[0] for slot in record.candidates} <= set(keys)
    assert not (record.candidates and record.digest)


@settings(max_examples=50)
@given(ANY)
def test_only_what_repeats_may_jump_or_sell_out(past):
    for change in history(*past).outbox[1:]:
        if change.field == "availability":
            doubtful = change.new == OUT
        else:
            doubtful = change.new is None or abs(float(change.new) - float(change.old)) > JUMP * float(change.old)
        assert change.confirmed == "repeat" or not doubtful


@settings(max_examples=50)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8))
def test_one_variant_s_history_does_not_touch_the_other_s(pairs):
    both = history(*(reading(offer(a, variant="a"), offer(b, variant="b")) for a, b in pairs))
    for name, values in zip("ab", zip(*pairs, strict=True), strict=True):
        alone = history(*(reading(offer(value, variant=name)) for value in values))
        assert [(c.old, c.new) for c in both.outbox[1:] if c.variant == name] == [
            (c.old, c.new) for c in alone.outbox[1:]
        ]


def test_a_place_nobody_asked_for_tells_no_offers_apart():
    record = history(reading(offer(1000, IN, location="Pune 411001")), reading(offer(900, IN, location="Delhi 110001")))
    (change,) = record.outbox[1:]
    assert (change.field, change.old, change.new) == ("price", "10.00", "9.00")
