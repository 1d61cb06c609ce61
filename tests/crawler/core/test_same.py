import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.models import Product
from crawler.core.same import MOST_ALIKE, alike, same

FLAT, NEAR, FAR = "0" * 64, "0" * 62 + "0f", "f" * 64


def good(shop="oak", **fields) -> Product:
    return Product(f"{shop}:1", shop, "1", f"https://{shop}.test/1", **fields)


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        ({"gtin": "0400"}, {"gtin": "400"}, "gtin"),
        ({"gtin": "400", "brand": "A", "mpn": "X-1"}, {"gtin": "401", "brand": "A", "mpn": "X-1"}, None),
        ({"brand": "Ödegård", "mpn": "X-1"}, {"brand": "odegard", "mpn": "x 1"}, "brand+mpn"),
        ({"brand": "Jordan", "mpn": "DD1391-100"}, {"brand": "Air Jordan", "mpn": "DD1391 100"}, "brand+mpn"),
        ({"brand": "Nike", "mpn": "DD1391-100"}, {"title": "Nike Dunk Low", "mpn": "DD1391-100"}, "brand+mpn"),
        ({"brand": "Nike", "mpn": "DD1391-100"}, {"brand": "Puma", "mpn": "DD1391-100"}, None),
        ({"mpn": "DD1391-100"}, {"mpn": "DD1391-100"}, None),
        ({"title": "Oak desk"}, {"title": "Oak desk"}, None),
    ],
)
def test_the_same_by_its_numbers(one, other, by):
    found = same(good(**one), good("elm", **other))
    assert (found.by if found else None) == by
    assert found is None or found.merges


def test_a_likeness_is_stated_and_never_merged():
    found = alike(good(title="Söderhamn 3-seat sofa, green"), good("elm", title="Soderhamn green sofa 3 seat"))
    assert found.by == "similarity"
    assert not found.merges
    assert found.confidence > 0.6


@pytest.mark.parametrize("more", ["", " in green velvet with wooden legs and loose seat cushions for small rooms"])
def test_another_number_in_the_title_is_another_good(more):
    three, two = good(title=f"Oslo sofa 3 seater{more}"), good("elm", title=f"Oslo sofa 2 seater{more}")
    assert alike(three, two).confidence < 0.5


def test_numbers_that_contradict_forbid_a_likeness():
    title = "Dunk Low panda"
    assert alike(good(title=title, gtin="400"), good("elm", title=title, gtin="401")) is None
    one, other = good(title=title, brand="N", mpn="A1"), good("elm", title=title, brand="N", mpn="A2")
    assert alike(one, other) is None


def test_the_same_picture_makes_it_likelier_and_another_less():
    titles = {"title": "Oslo sofa in green velvet"}, {"title": "Green velvet sofa"}
    found = [alike(good(phash=FLAT, **titles[0]), good("elm", phash=p, **titles[1])).confidence for p in (NEAR, FAR)]
    assert found[0] > found[1]
    assert found[0] > alike(good(**titles[0]), good("elm", **titles[1])).confidence


products = st.builds(
    good, st.sampled_from(["oak", "elm"]), title=st.sampled_from(["Oak desk", "Oak desk 120", "Sofa", None]),
    brand=st.sampled_from(["A", "B", None]), mpn=st.sampled_from(["X1", "X2", None]),
    gtin=st.sampled_from(["400", "0400", "401", None]), phash=st.sampled_from([FLAT, NEAR, FAR, None]),
)  # fmt: skip


@given(products, products)
def test_laws(one, other):
    assert same(one, other) == same(other, one)
    assert alike(one, other) == alike(other, one)
    found = alike(one, other)
    assert found is None or 0 <= found.confidence <= MOST_ALIKE
    if one.id != other.id and same(one, other) is None and found:
        assert not found.merges
