"""Goods of shops without a spider keep the id of their first sight."""

import pytest

from crawler.core.addresses import ANOTHER, settle_ids
from crawler.core.models import Availability, Evidence, Offer, Page, Product
from crawler.pipelines.store import keep

HOST, HASH = "oak.example", "00112233445566ff"
URL, OTHER = f"https://{HOST}/p/stool", f"https://{HOST}/p/table"


def good(sku: str, url: str = URL, retailer: str = HOST) -> Product:
    offer = Offer(price=1000, currency="EUR", availability=Availability.in_stock)
    return Product(f"{retailer}:{sku}", retailer, sku, url, title="Stool", offers=[offer], evidence=Evidence())


def page(*goods: Product, at: float = 1.0) -> Page:
    return Page("shop", URL, "ok", products=list(goods), fetched_at=at)


async def settled(store, known: list[Product], *seen: Product) -> Page:
    await keep(store, [page(product) for product in known])
    again = page(*seen, at=2.0)
    await settle_ids(store, again)
    return again


@pytest.mark.parametrize(("first", "then"), [("OS-1", HASH), (HASH, "OS-1"), ("OS-1", "OS-2"), ("OS-1", "OS-1")])
async def test_the_id_of_the_first_sight_stays(store, first, then):
    again = await settled(store, [good(first)], good(then))
    assert [(p.id, p.sku) for p in again.products] == [(f"{HOST}:{first}", first)]


async def test_what_is_seen_first_keeps_the_number_its_page_tells(store):
    again = await settled(store, [good("OS-1")], good("OT-1", OTHER))
    assert [p.id for p in again.products] == [f"{HOST}:OT-1"]


async def test_the_number_of_a_good_known_elsewhere_is_another_goods_page(store):
    again = await settled(store, [good("OS-1"), good("OT-1", OTHER)], good("OT-1"))
    assert (again.products, again.dropped) == ([], {ANOTHER: 1})


async def test_one_good_at_two_addresses_is_none_others_where_the_first_told_no_number(store):
    again = await settled(store, [good(HASH), good("OS-1", OTHER)], good("OS-1"))
    assert [p.id for p in again.products] == [f"{HOST}:{HASH}"]


async def test_two_goods_known_at_one_address_stay_two(store):
    again = await settled(store, [good("OS-1"), good("OS-2")], good("OS-1"), good("OS-2"))
    assert [p.id for p in again.products] == [f"{HOST}:OS-1", f"{HOST}:OS-2"]


async def test_goods_of_a_spider_are_known_by_their_number(store):
    again = await settled(store, [good("1", retailer="ikea")], good("2", retailer="ikea"))
    assert [p.id for p in again.products] == ["ikea:2"]
