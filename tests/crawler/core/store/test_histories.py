"""Random histories of readings and relays: the SQLite store always equals a plain dict."""

import tempfile

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.core.changes import decide, digest
from crawler.core.models import Availability, Evidence, Offer, Product
from crawler.core.store import ProductQuery, open_store
from crawler.core.store.facets import product_facets, product_terms

IDS = ["1", "2", "3"]
READING = st.builds(
    lambda sku, title, price, stock, depth: Product(
        id=f"oak:{sku}", retailer="oak", sku=sku, url="https://oak.test", title=title, evidence=Evidence(depth=depth),
        offers=[Offer(price=price, currency="INR", availability=stock)],
    ),
    st.sampled_from(IDS), st.sampled_from(["Oak stool", "Oak chair", "Stool", None]),
    st.sampled_from([None, 100, 101, 900]),
    st.sampled_from([Availability.in_stock, Availability.out_of_stock, Availability.unknown]),
    st.sampled_from(["page", "list"]),
)  # fmt: skip
TOUCH = st.tuples(st.just("touch"), st.sampled_from(IDS))
STEP = st.one_of(READING, READING, st.just("relay"), st.just("reopen"), TOUCH)


class Model:
    """What the store should hold."""

    def __init__(self):
        self.records = {}

    def write(self, record):
        known = self.records.get(record.product.id)
        last = max(known.last_seen, record.last_seen) if known else record.last_seen
        self.records[record.product.id] = msgspec.structs.replace(record, last_seen=last)

    def relay(self):
        for id_, known in self.records.items():
            if known.outbox:
                self.records[id_] = msgspec.structs.replace(known, rev=known.rev + 1, outbox=[])

    def find(self, word=None, stock=None):
        return {id_ for id_, r in self.records.items()
                if (word is None or word in product_terms(r.product))
                and (stock is None or product_facets(r).stock == stock)}  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(STEP, max_size=14))
async def test_the_store_is_a_dict_with_searches(steps):
    with tempfile.TemporaryDirectory() as folder:
        url, model = f"sqlite:///{folder}/homefeed.db", Model()
        store = open_store(url)
        await store.open()
        for at, step in enumerate(steps, 1):
            if step == "reopen":
                await store.close()
                store = open_store(url)
                await store.open()
            else:
                await take(store, model, step, float(at))
        await same(store, model)
        await store.close()


async def take(store, model, step, at):
    if step == "relay":
        await store.clear_outbox({r.product.id: [c.id for c in r.outbox] for r in await store.outbox()})
        model.relay()
    elif isinstance(step, tuple):
        await store.touch([f"oak:{step[1]}"], at)
        if f"oak:{step[1]}" in model.records:
            model.records[f"oak:{step[1]}"].last_seen = at
    else:
        await read(store, model, step, at)


async def read(store, model, reading, at):
    known = (await store.records([reading.id])).get(reading.id)
    decided = decide(known, reading, at, digest(reading))
    if known is None or decided.rev > known.rev:
        assert await store.write([decided]) == set()
        model.write(decided)


async def same(store, model):
    ids = [f"oak:{n}" for n in IDS]
    assert await store.records(ids) == model.records
    assert {i: (s.rev, s.digest) for i, s in (await store.seen(ids)).items()} == {
        i: (r.rev, r.digest) for i, r in model.records.items()
    }
    assert {r.product.id for r in await store.outbox()} == {i for i, r in model.records.items() if r.outbox}
    for word, stock in ((None, None), ("oak", None), ("stool", None), ("chair", True), (None, False)):
        found, total = await store.find_products(ProductQuery(terms=[word] if word else [], in_stock=stock))
        assert {r.product.id for r in found} == model.find(word, stock)
        assert total == len(found)
