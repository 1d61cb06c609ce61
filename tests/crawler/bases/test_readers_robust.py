"""All readers on pages that are broken, huge or hostile: never a crash, never for long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.bases import structured, visible
from crawler.bases.document import Document
from tests.crawler.bases.pages import URL, chair, ld

SEED = (f"<title>Oslo Armchair</title>{ld(chair())}<h1>Oslo Armchair</h1><div class=price>€499.00 <s>€599.00</s></div>"
        "<div itemscope itemtype=//schema.org/Product><i itemprop=name>Oslo Armchair</i></div>"
        "<script>window.__STATE__={a:1}</script><button>Add to cart</button>").encode()  # fmt: skip


def read_all(body, headers=None):
    doc = Document(URL, body, headers=headers)
    return structured.product_facts(doc), structured.list_facts(doc), visible.product_facts(doc), doc.states, doc.data


def test_the_seed_is_read():
    found, _, seen, states, _ = read_all(SEED)
    assert [f.price for f in found] == [49900, None]
    assert (seen.price, seen.list_price, states) == (49900, 59900, {"__STATE__": {"a": 1}})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"\xff\xfe\xfa" * 300,
        b"<",
        b"<html",
        b"<!--" + SEED,
        SEED.replace(b"<", b"<\x00"),
        SEED.replace(b">", b""),
        SEED[: len(SEED) // 2],
        SEED.decode().encode("utf-16"),
        b"<h1>" * 2000 + SEED,
        b"<title>" + SEED,
        b'{"@type": "Product"}',
    ],
    ids=range(13),
)
def test_broken_pages(body):
    read_all(body)


def test_a_wrong_charset_costs_only_letters():
    found, _, seen, _, _ = read_all(SEED, {"content-type": "text/html; charset=iso-8859-1"})
    assert (found[0].price, seen.title) == (49900, "Oslo Armchair")


@pytest.mark.parametrize(
    "filling",
    [
        "<p>word word word</p>",
        "<div>",
        "<div class=price>€5</div>",
        "<b itemprop=x>1</b>",
        "<div itemscope>",
        "<div itemprop=a itemscope>",
        "<script>var x=[1,2,</script>",
        "<script>window.aaa={b:</script>",
        "<li itemscope itemtype=//schema.org/Product><i itemprop=name>n</i></li>",
        '<script type="application/ld+json">{"@type":"Product","name":"x</script>',
        "€5 ",
        "5%",
        "<button>Add to cart</button>",
        "&quot;",
    ],
)
def test_time_is_bounded_on_a_large_page(filling):
    start = time.process_time()
    read_all(SEED + (filling * (2_000_000 // len(filling))).encode())
    assert time.process_time() - start < 10


def test_ten_megabytes():
    start = time.process_time()
    read_all(SEED + b"<p class=a>some text for a long page</p>" * 250_000)
    assert time.process_time() - start < 10


@given(st.binary(max_size=300))
def test_random_bytes(body):
    read_all(body)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.binary(max_size=4)), max_size=8))
def test_damaged_pages(damage):
    body = bytearray(SEED)
    for place, bytes_ in damage:
        body[place : place + 3] = bytes_
    read_all(bytes(body))
