# ruff: noqa: E501  a case a line
"""A page's own JSON, read by what its fields are called: which object is the page's, what is paid, in which units."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bases import state
from crawler.bases.document import Document
from crawler.bases.state.amounts import prices
from crawler.core.models import Availability

URL = "https://www.alder.test/p/alder-sofa-1234567"
OWN = {"id": 1234567, "name": "Alder Sofa", "url": "/p/alder-sofa-1234567"}


def doc(data, shown="", head="", url=URL):
    script = data if isinstance(data, str) else f'<script type="application/json" id="S">{json.dumps(data)}</script>'
    body = f"<html><head><title>Alder Sofa</title>{head}</head><body><h1>Alder Sofa</h1><p>{shown}</p>{script}</body></html>"
    return Document(url, body.encode())


def facts(data, **about):
    return state.product_facts(doc(data, **about))


def price(data, **about):
    found = facts(data, **about)
    return found and found.price


PRICES = [
    ({"price": 12.5}, "12.5", None), ({"price": "12.50"}, "12.5", None), ({"price": "₹1,299"}, "1299", None),
    ({"price": {"value": 12.5, "currency": "EUR"}}, "12.5", None),
    ({"price": {"amount": 1299, "formatted": "€1,299.00"}}, "1299", None),
    ({"price": {"amount": 129900, "formatted": "€1,299.00"}}, "1299", None),
    ({"price": {"centAmount": 129900, "currencyCode": "EUR", "fractionDigits": 2}}, "1299", None),
    ({"price": {"centAmount": 1299, "currencyCode": "JPY", "fractionDigits": 0}}, "1299", None),
    ({"price": 12.5, "mrp": 20.0}, "12.5", "20"), ({"price": 20.0, "salePrice": 12.5}, "12.5", "20"),
    ({"salePrice": 12.5, "listPrice": 20.0}, "12.5", "20"), ({"regularPrice": 20.0}, "20", None),
    ({"regularPrice": 20.0, "finalPrice": 12.5}, "12.5", "20"),
    ({"prices": {"current": 12.5, "was": 20.0}}, "12.5", "20"), ({"pricing": {"now": {"value": 12.5}}}, "12.5", None),
    ({"priceInfo": {"price": {"sale": 12.5, "regular": 20.0}}}, "12.5", "20"),
    ({"salePrice": 0, "price": 20.0}, "20", None), ({"salePrice": None, "price": 20.0}, "20", None),
    ({"salePrice": 12.5, "finalPrice": 11.0}, None, None), ({"price": 10.0, "salePrice": 12.5}, None, None),
    ({"price": {"min": 10.0, "max": 20.0}}, None, None), ({"price": "10.00 - 20.00"}, None, None),
    ({"price": "from €10"}, "10", None), ({"price": "EMI €10"}, None, None), ({"price": True}, None, None),
    ({"unitPrice": 3.0, "shippingPrice": 4.0, "emiPrice": 5.0, "memberPrice": 6.0, "couponPrice": 7.0}, None, None),
    ({"price": {}}, None, None), ({"price": []}, None, None), ({"price": "Alder Sofa"}, None, None), ({"price": -5.0}, None, None),
    ({'price({"currency":"EUR"})': 12.5}, "12.5", None), ({"listPrice": 20.0}, None, None), ({"price": 12.5, "mrp": 12.5}, "12.5", None),
]  # fmt: skip


@pytest.mark.parametrize(("thing", "paid", "listed"), PRICES, ids=[json.dumps(p[0])[:60] for p in PRICES])
def test_what_is_paid(thing, paid, listed):
    found = prices(thing)
    assert (found.paid and found.paid.value) == (paid and Decimal(paid))
    assert (found.listed and found.listed.value) == (listed and Decimal(listed))


UNITS = [
    ({"price": 129900}, "", None), ({"price": 129900}, "₹1,299.00", 129900), ({"price": 129900}, "₹1,29,900", 12990000),
    ({"price": 129900}, "₹1,299 or ₹129,900", None), ({"price": 1299}, "only ₹1,299", 129900), ({"price": 1299}, "5 stars", None),
    ({"price": 1299, "mrp": 1999.0}, "", 129900), ({"price": 129900, "compare_at_price": None}, "", 129900),
    ({"price": "1299.00", "compare_at_price": None}, "", 129900), ({"priceInCents": 129900}, "", None),
]  # fmt: skip


@pytest.mark.parametrize(("thing", "shown", "paid"), UNITS)
def test_whole_numbers_need_evidence_of_their_unit(thing, shown, paid):
    found = facts(OWN | {"currency": "INR"} | thing, shown=shown)
    assert (found and found.price) == paid


def test_a_shop_may_say_what_its_whole_numbers_count():
    page = doc(OWN | {"price": 1299, "currency": "INR"})
    assert state.product_facts(page, "major").price == 129900
    assert state.product_facts(doc(OWN | {"price": 1299, "currency": "INR"}), "minor").price == 1299


def test_yen_have_one_unit():
    assert price(OWN | {"price": 1299, "currency": "JPY"}) == 1299


WHOSE = [
    [OWN | {"price": 9.5}], [{"sku": "1234567", "price": 9.5}], [{"name": "Alder Sofa", "price": 9.5}],
    [{"slug": "alder-sofa-1234567", "price": 9.5}],
    [{"id": 99, "name": "Oak Bench", "url": "/p/oak-99", "price": 1.5}, OWN | {"price": 9.5}],
    [{"id": 1234567, "name": "Three years of warranty", "price": 1.5}, OWN | {"price": 9.5}],
    [OWN | {"price": 9.5, "plans": [{"id": 1234567, "price": 1.5}]}],
    [OWN | {"price": 9.5}, {"id": 1234567, "price": 1.5}],
]  # fmt: skip


@pytest.mark.parametrize("things", WHOSE)
def test_whose_object_it_is(things):
    assert price({"a": things}) == 950


NOBODYS = [
    [{"id": 1234567, "name": "Three years of warranty", "price": 1.5}],
    [{"id": 99, "name": "Oak Bench", "url": "/p/oak-99", "price": 1.5}],
    [OWN | {"price": 9.5}, OWN | {"price": 8.5}],
    [{"id": "p", "name": "", "price": 9.5}], [{"name": "Sofa", "price": 9.5}],
]  # fmt: skip


@pytest.mark.parametrize("things", NOBODYS)
def test_nothing_is_said_where_it_can_not_be_told(things):
    assert price({"a": things}) is None


VARIANTS = {"variants": [{"id": 5550001, "title": "2 seats", "price": 900.5, "available": True},
                         {"id": 5550002, "title": "3 seats", "price": 1200.5, "available": False}]}  # fmt: skip


def test_variants_with_two_prices_have_no_one_price():
    found = facts(OWN | VARIANTS | {"price": 900.5})
    assert (found.price, found.availability) == (None, Availability.in_stock)
    assert [(o.variant, o.price, o.availability) for o in found.offers[1:]] == [
        ("2 seats", 90050, Availability.in_stock), ("3 seats", 120050, Availability.out_of_stock)]  # fmt: skip


def test_the_variant_in_the_address_is_the_one():
    found = facts(OWN | VARIANTS | {"price": 900.5}, url=f"{URL}?variant=5550002")
    assert (found.price, found.variant, found.availability) == (120050, "3 seats", Availability.out_of_stock)
    assert [o.variant for o in found.offers] == ["3 seats", "2 seats"]


STOCK = [
    ({"inStock": True}, "in_stock"), ({"inStock": False}, "out_of_stock"), ({"isSoldOut": True}, "out_of_stock"),
    ({"availability": "IN_STOCK"}, "in_stock"), ({"stockStatus": "OUT_OF_STOCK"}, "out_of_stock"),
    ({"availability": {"status": "x", "inStock": True}}, "in_stock"), ({"inStock": True, "isSoldOut": True}, "unknown"),
    ({"availability": "PREORDER"}, "preorder"), ({"stock": 5}, "unknown"), ({}, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "stock"), STOCK)
def test_stock(said, stock):
    assert facts(OWN | {"price": 9.5} | said).availability == stock


def test_an_empty_shell_is_not_sold_out():
    found = facts(OWN | {"inStock": False, "price": None})
    assert found is None or found.availability is Availability.unknown


PRODUCT = json.dumps(OWN | {"price": 9.5})


def _flight(rows):
    return "".join(f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>" for part in (rows[:30], rows[30:]))


FRAMEWORKS = {
    "next": f'<script id="__NEXT_DATA__" type="application/json">{{"props":{{"pageProps":{{"product":{PRODUCT}}}}}}}</script>',
    "flight": _flight("".join(['7:{"p":', PRODUCT, "}\n"])),
    "nuxt 3": '<script type="application/json" id="__NUXT_DATA__">[["Reactive",1],{"p":2},{"id":3,"name":4,"price":5,"self":2},1234567,"Alder Sofa",9.5]</script>',
    "nuxt 2": '<script>window.__NUXT__=(function(a,b){return {data:[{product:{id:a,name:"Alder Sofa",price:b,"q":"x:a,"}}]}}(1234567,9.5));</script>',
    "initial state": f"<script>window.__INITIAL_STATE__ = {{product: {PRODUCT}}};</script>",
    "apollo": '<script>window.__APOLLO_STATE__={"ROOT_QUERY":{"product":{"__ref":"Product:1"}},"Product:1":{"id":1234567,"name":"Alder Sofa","price":{"__ref":"Price:1"}},"Price:1":{"value":9.5,"currencyCode":"EUR"}}</script>',
    "data layer": '<script>dataLayer.push({event:"view_item",ecommerce:{items:[{item_id:"1234567",item_name:"Alder Sofa",price:9.5}]}})</script>',
    "gtag": '<script>gtag("event","view_item",{"items":[{"item_id":"1234567","price":"9.50"}]})</script>',
    "attribute": f"<div data-product='{PRODUCT}'></div>",
    "escaped attribute": f'<div data-product="{PRODUCT.replace(chr(34), "&quot;")}"></div>',
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_wherever_it_stands(name):
    assert price(FRAMEWORKS[name]) == 950


def test_variations_of_woocommerce_are_the_page_s_own():
    rows = [{"attributes": {"attribute_seats": s}, "display_price": p, "display_regular_price": 20, "is_in_stock": True, "variation_id": i}
            for i, (s, p) in enumerate([("2", 10), ("3", 12)])]  # fmt: skip
    found = facts(f"<form data-product_variations='{json.dumps(rows)}'></form>")
    assert [(o.variant, o.price, o.list_price) for o in found.offers[1:]] == [("2", 1000, 2000), ("3", 1200, 2000)]
    assert found.price is None


def test_swatches_of_magento():
    config = {"x": {"jsonConfig": {"optionPrices": {"7": {"finalPrice": {"amount": 10}, "oldPrice": {"amount": 20}}, "8": {"finalPrice": {"amount": 10}}},
              "attributes": {"93": {"options": [{"label": "Red", "products": ["7"]}, {"label": "Blue", "products": ["8"]}]}}}}}  # fmt: skip
    found = facts(f'<script type="text/x-magento-init">{json.dumps(config)}</script>')
    assert (found.price, [o.variant for o in found.offers[1:]]) == (1000, ["Red", "Blue"])


def good(n, **more):
    return {"id": n, "title": f"Good number {n}", "url": f"/p/good-{n}", "price": n + 0.5} | more


def tiles(data):
    return state.list_facts(doc(data, url="https://www.alder.test/c/sofas"))


def test_the_goods_of_a_list():
    found = tiles(
        {"menu": [{"title": "Sofas", "url": "/c/1"}] * 9, "result": {"items": [good(n, mrp=90.5) for n in range(1, 6)]}}
    )
    assert [(f.sku, f.price, f.list_price, f.url) for f in found][:1] == [
        ("1", 150, 9050, "https://www.alder.test/p/good-1")
    ]
    assert len(found) == 5


@pytest.mark.parametrize("wrap", ["node", "product"])
def test_goods_may_be_wrapped(wrap):
    assert len(tiles({"edges": [{wrap: good(n)} for n in range(4)]})) == 4


def test_too_few_are_no_list():
    assert tiles({"items": [good(1), good(2)]}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["price", "name", "id", "url", "variants", "salePrice", "amount", "currency", "available", "x"]), inner, max_size=6),
    max_leaves=30,
)  # fmt: skip


@given(JSON)
def test_whatever_is_there_nothing_fails(data):
    page = doc({"a": data, "b": [OWN, data]})
    state.product_facts(page)
    state.list_facts(page)
