"""What every store finds, in which order, page by page."""

import pytest

from crawler.core.models import Availability, License, Verified
from crawler.core.store import DesignQuery, ProductQuery

from .conftest import BACKENDS
from .making import design, following, full_design, record

pytestmark = pytest.mark.parametrize("backend", BACKENDS)

SHELF = [
    record(1, title="Oak söfa, 3-seater", brand="Ødegård", category=["Living room", "Sofas"], price=300, list_price=400,
           currency="INR", availability=Availability.in_stock, quality=0.9, verified=Verified(url=True, price=True)),
    record(2, title="Sofa bed", category=["Bedroom"], price=100, currency="INR",
           availability=Availability.out_of_stock, quality=0.5, verified=Verified(url=True, price=False)),
    record(3, title="Lamp for a sofa", category=["Lighting"], price=200, list_price=1000, currency="EUR", at=3.0),
    record(4, retailer="elm", title="It's a \"chair\" $9.99", category=["Living room"], at=2.0, quality=0.5,
           verified=Verified(at=1.0)),
]  # fmt: skip
GALLERY = [
    design(1, title="Kitchen", tags=["oak", "Wood grain"], width=800, height=600, colors=["#AABBCC"], quality=0.2,
           fetched_at=3.0, phash="a" * 64),
    design(2, title="Kitchen corner", width=600, height=800, colors=["red"], quality=0.8, fetched_at=1.0,
           license=License("CC-BY-4.0"), author="Åsa"),
    design(3, source="pine", title="Bath", width=1000, height=990, group="pine:3", fetched_at=2.0, phash="b" * 64),
    design(4, source="pine", title="Bath", quality=0.9, group="pine:3", fetched_at=4.0),
]  # fmt: skip


@pytest.fixture
async def shelf(store):
    await store.write(SHELF)
    return store


@pytest.fixture
async def gallery(store):
    await store.write_designs(GALLERY)
    return store


async def products(store, **query):
    found, total = await store.find_products(ProductQuery(**query))
    assert total == len(found)
    return [int(r.product.sku) for r in found]


async def designs(store, **query):
    found, total = await store.find_designs(DesignQuery(**query))
    assert total == len(found)
    return [int(d.id.partition(":")[2]) for d in found]


async def test_found_records_are_whole(shelf):
    found, _ = await shelf.find_products(ProductQuery(terms=["lighting"]))
    assert found == [SHELF[2]]


@pytest.mark.parametrize(("terms", "expected"), [
    ([], [1, 4, 2, 3]), (["sofa"], [1, 2, 3]), (["SÖFA"], [1, 2, 3]), (["sofa", "bed"], [2]), (["odegard"], [1]),
    (["living", "sofa"], [1]), (["3"], [1, 3]), (["chair"], [4]), (["it's"], [4]), (["9.99"], [4]), (["lam"], []),
    (["sofa", "unheardof"], []), (['"', "lamp"], [3]), (["lamp", "OR", "chair"], []), (["$where", "*"], []),
])  # fmt: skip
async def test_all_words_must_be_there(shelf, terms, expected):
    assert await products(shelf, terms=terms) == expected


@pytest.mark.parametrize(("query", "expected"), [
    ({"retailer": "elm"}, [4]), ({"retailer": "nobody"}, []),
    ({"category": "Living room"}, [1, 4]), ({"category": "living ROOM"}, [1, 4]), ({"category": "Living"}, []),
    ({"currency": "INR"}, [1, 2]), ({"currency": "EUR"}, [3]),
    ({"currency": "INR", "min_price": 100, "max_price": 299}, [2]), ({"min_price": 101}, [1, 3]),
    ({"max_price": 200}, [2, 3]), ({"min_price": 300}, [1]), ({"max_price": 99}, []),
    ({"in_stock": True}, [1]), ({"in_stock": False}, [2]), ({"verified": True}, [1]), ({"verified": False}, [4, 2, 3]),
    ({"terms": ["sofa"], "category": "Bedroom", "in_stock": False, "retailer": "oak"}, [2]),
])  # fmt: skip
async def test_filters(shelf, query, expected):
    assert await products(shelf, **query) == expected


@pytest.mark.parametrize(("sort", "expected"), [
    ("relevance", [1, 4, 2, 3]), ("price", [2, 3, 1, 4]), ("-price", [1, 3, 2, 4]), ("-discount", [3, 1, 4, 2]),
    ("-quality", [1, 4, 2, 3]), ("-updated", [3, 4, 1, 2]),
])  # fmt: skip
async def test_sorts_put_the_unknown_last_and_equals_in_order_of_id(shelf, sort, expected):
    assert await products(shelf, sort=sort) == expected


@pytest.mark.parametrize("sort", ["relevance", "price", "-price", "-discount", "-quality", "-updated"])
async def test_pages_hold_each_product_once(store, sort):
    await store.write([record(n, price=n % 3 + 1, currency="INR", quality=n % 2 / 2) for n in range(23)])
    pages = [await store.find_products(ProductQuery(sort=sort, offset=k, limit=5)) for k in range(0, 30, 5)]
    assert {total for _, total in pages} == {23}
    assert [len(found) for found, _ in pages] == [5, 5, 5, 5, 3, 0]
    assert len({r.product.id for found, _ in pages for r in found}) == 23


async def test_a_search_follows_a_rewrite(shelf):
    known = (await shelf.records(["oak:2"]))["oak:2"]
    await shelf.write([following(known, product=record(2, title="Futon", price=500, currency="INR").product)])
    assert await products(shelf, terms=["bed"]) == []
    assert await products(shelf, terms=["futon"], min_price=500) == [2]
    assert await products(shelf, in_stock=False) == []


async def test_a_search_follows_a_rewrite_that_only_grew(shelf):
    known = (await shelf.records(["oak:2"]))["oak:2"]
    await shelf.write([following(known, product=record(2, title="Sofa bed grey").product)])
    assert await products(shelf, terms=["sofa", "grey"]) == [2]
    assert await products(shelf, terms=["sofa"]) == [1, 3, 2]


async def test_designs_come_back_whole(store):
    await store.write_designs([full_design()])
    assert await store.designs(["wood:1", "wood:2"]) == {"wood:1": full_design()}
    assert await store.find_designs(DesignQuery()) == ([full_design()], 1)


async def test_a_design_is_replaced_by_its_id(gallery):
    await gallery.write_designs([design(1, title="Hall"), design(1, title="Porch")])
    assert await designs(gallery, terms=["kitchen"]) == [2]
    assert await designs(gallery, terms=["hall"]) == []
    assert await gallery.designs(["wood:1"]) == {"wood:1": design(1, title="Porch")}
    assert [i for i, _ in await gallery.hashes()] == ["pine:3"]


@pytest.mark.parametrize(("query", "expected"), [
    ({}, [2, 1, 3]), ({"canonical": False}, [4, 2, 1, 3]), ({"terms": ["kitchen", "oak"]}, [1]),
    ({"terms": ["asa"]}, [2]), ({"terms": ["wood"]}, [1]), ({"source": "pine"}, [3]),
    ({"license": "cc-by-4.0"}, [2]), ({"license": "CC0-1.0"}, [1, 3]),
    ({"orientation": "landscape"}, [1]), ({"orientation": "portrait"}, [2]), ({"orientation": "square"}, [3]),
    ({"color": "#aabbcc"}, [1]), ({"color": "Red"}, [2]), ({"color": "blue"}, [1]), ({"color": "green"}, []),
    ({"min_quality": 0.2}, [2, 1]),
    ({"sort": "-quality"}, [2, 1, 3]), ({"sort": "-updated"}, [1, 3, 2]),
])  # fmt: skip
async def test_design_searches(gallery, query, expected):
    assert await designs(gallery, **query) == expected


async def test_design_pages_hold_each_once(store):
    await store.write_designs([design(n, quality=0.5) for n in range(12)])
    pages = [await store.find_designs(DesignQuery(offset=k, limit=5)) for k in (0, 5, 10)]
    assert [(len(found), total) for found, total in pages] == [(5, 12), (5, 12), (2, 12)]
    assert len({d.id for found, _ in pages for d in found}) == 12


async def test_hashes_of_all_that_have_one(gallery):
    assert sorted(await gallery.hashes()) == [("pine:3", "b" * 64), ("wood:1", "a" * 64)]
