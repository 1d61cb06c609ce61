# ruff: noqa: E501  a case a line
"""Lists of goods of a shop nobody knows: which links lead to goods, and what is none of the list."""

from collections import Counter

import pytest

from crawler.bases.address import canonical, link_key
from crawler.bases.document import Document
from crawler.bases.goods import good_links
from crawler.bases.page_currency import page_currency, shared_sign
from crawler.bases.withheld import withhold
from crawler.core.models import Availability, Offer, Product
from crawler.spiders.retailers.shop import ShopSpider

URL = "https://www.alder.test/c/sofas"


def tile(n, price="₹1,299", href=None, inner=""):
    href = href or f"/p/good-{n}"
    return f'<li><a href="{href}"><img src="/i/{n}.jpg"></a><h3><a href="{href}">Good number {n}</a></h3><b>{price}</b>{inner}</li>'


def page(*blocks, head="", url=URL, lang="en-IN"):
    return Document(
        url,
        f'<html lang="{lang}"><head><title>Sofas</title>{head}</head><body>{"".join(blocks)}</body></html>'.encode(),
    )


def grid(*ns, **more):
    return f"<main><h1>Sofas</h1><ul>{''.join(tile(n, **more) for n in ns)}</ul></main>"


def paths(doc):
    return [key.rpartition("-")[2] for key in good_links(doc, "INR")]


def test_what_has_a_price_and_a_picture_is_a_good():
    assert paths(page(grid(1, 2, 3, 4))) == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "shown",
    [
        "<span>₹</span><span>1,299</span>",
        "<bdi><span>₹</span>1,299.00</bdi>",
        "<bdi>1.299,00&nbsp;<span>€</span></bdi>",
        "Rs. 1,299",
        "1.299,00 €",
        "$12.99",
        "EUR 12,99",
    ],
)
def test_however_the_price_is_written(shown):
    assert paths(page(grid(1, 2, 3, price=shown))) == ["1", "2", "3"]


OTHERS = {
    "the frame of the page": "<header><ul>" + "".join(tile(n) for n in (7, 8, 9)) + "</ul></header>",
    "recently viewed": "<section><h2>Recently viewed</h2><ul>" + "".join(tile(n) for n in (7, 8, 9)) + "</ul></section>",
    "facets": "<aside><a href='/c/sofas?max=500'><img src='/i.png'>Under ₹500</a></aside>",
    "adverts of other hosts": "<main><h1>Ads</h1><ul>" + "".join(tile(n, href=f"https://ads.test/p/good-{n}") for n in (7, 8)) + "</ul></main>",
    "another kind of list": "<div><div><article><a href='/blog/7'><img src='/7.jpg'>Sofas from ₹999</a></article></div></div>",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_none_of_the_list(name, first):
    blocks = [OTHERS[name], grid(1, 2, 3, 4)] if first else [grid(1, 2, 3, 4), OTHERS[name]]
    assert paths(page(*blocks)) == ["1", "2", "3", "4"]


def test_two_are_no_list():
    assert paths(page(grid(1, 2))) == []


def test_a_tile_with_a_brand_and_a_review_link_leads_to_its_good():
    extra = '<a href="/brands/oak">Oak</a><a href="/p/good-{}#reviews">12 reviews</a>'
    items = "".join(tile(n, inner=extra.format(n)) for n in (1, 2, 3))
    assert paths(page(f"<main><ul>{items}</ul></main>")) == ["1", "2", "3"]


@pytest.mark.parametrize(("href", "key"), [
    ("/p/1?x=2#y", "/p/1"), ("https://alder.test/p/1/", "/p/1"), ("https://oak.test/p/1", None), ("/", None), ("#top", None),
    ("javascript:void(0)", None), (None, None),
])  # fmt: skip
def test_which_good_a_link_leads_to(href, key):
    assert link_key(URL, href) == key


def shop(doc):
    return ShopSpider(url=URL).read(doc).page


def test_readers_of_one_address_are_one_good():
    items = ",".join(
        f'{{"@type":"ListItem","url":"https://www.alder.test/p/good-{n}","name":"Good number {n}"}}' for n in (1, 2, 3)
    )
    head = f'<script type="application/ld+json">{{"@type":"ItemList","itemListElement":[{items}]}}</script>'
    found = shop(page(grid(1, 2, 3), head=head)).products
    assert [p.offers[0].price for p in found] == [129900] * 3
    assert {p.evidence.fields["title"] for p in found} == {"jsonld"}
    assert {p.retailer for p in found} == {"alder.test"}


def test_the_same_address_has_the_same_id_whatever_tracks_it():
    plain, tracked = (shop(page(grid(1, 2, 3, price="₹9"), url=URL + q)).products for q in ("", "?utm_source=x"))
    assert [p.id for p in plain] == [p.id for p in tracked]


@pytest.mark.parametrize(("url", "short"), [
    ("https://Alder.test/p/1?utm_source=a&b=2&gclid=3#top", "https://alder.test/p/1?b=2"),
    ("https://alder.test/p/1;jsessionid=8A?ref=home", "https://alder.test/p/1"),
    ("https://alder.test/p/1?variant=7&color=red", "https://alder.test/p/1?variant=7&color=red"),
    ("https://alder.test", "https://alder.test/"),
])  # fmt: skip
def test_the_address_without_what_tracks(url, short):
    assert canonical(url) == short
    assert canonical(short) == short


CURRENCIES = [
    ('<meta property="product:price:currency" content="AUD">', "en", URL, "AUD", "AUD"),
    ('<script type="application/ld+json">{"@type":"Product","offers":{"priceCurrency":"CAD"}}</script>', "en", URL, "CAD", "CAD"),
    ('<script type="application/ld+json">[{"priceCurrency":"CAD"},{"priceCurrency":"USD"}]</script>', "en-NZ", URL, None, "NZD"),
    ("", "en-AU", URL, None, "AUD"), ("", "en", "https://alder.com.au/", None, "AUD"), ("", "en", "https://alder.se/", None, "SEK"),
    ("", "en", URL, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "lang", "url", "told", "sign"), CURRENCIES)
def test_the_currency_of_a_page(head, lang, url, told, sign):
    doc = page(grid(1), head=head, lang=lang, url=url)
    assert (page_currency(doc), shared_sign(doc)) == (told, sign)


@pytest.mark.parametrize(("asked", "answered", "kept"), [
    ("560001", "Bengaluru 560001", True), ("560001", "Delhi 110001", False), ("560001", None, True), (None, "110001", True),
])  # fmt: skip
def test_price_and_stock_of_another_place_are_unknown(asked, answered, kept):
    offer = Offer(900, 999, "INR", Availability.in_stock, location_asked=asked, location=answered)
    dropped = Counter()
    withhold(Product("oak:1", "oak", "1", "", offers=[offer]), dropped)
    assert (offer.price is not None, offer.availability is Availability.in_stock) == (kept, kept)
    assert dropped == ({} if kept else {"location_mismatch": 1})
