"""Microdata by the specification, in JSON-LD's shape."""

import json

import pytest

from tests.crawler.bases.pages import page

PRODUCT = '<div itemscope itemtype="https://schema.org/Product">{}</div>'


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ('<meta itemprop="x" content=" a ">', "a"),
        ('<span itemprop="x" content="">shown</span>', ""),
        ('<span itemprop="x">  Oak \n table </span>', "Oak table"),
        ('<span itemprop="x"><b>Oak</b><i>table</i></span>', "Oak table"),
        ('<a itemprop="x" href="/p/2">t</a>', "https://shop.example/p/2"),
        ('<link itemprop="x" href="http://schema.org/InStock">', "http://schema.org/InStock"),
        ('<img itemprop="x" src="//cdn.example/a.jpg">', "https://cdn.example/a.jpg"),
        ('<img itemprop="x" data-src="a.jpg">', "https://shop.example/p/a.jpg"),
        ('<time itemprop="x" datetime="2026-01-02">soon</time>', "2026-01-02"),
        ('<data itemprop="x" value="12.5">twelve</data>', "12.5"),
        ('<object itemprop="x" data="m.glb"></object>', "https://shop.example/p/m.glb"),
        ('<a itemprop="x" href="http://[bad">t</a>', "http://[bad"),
    ],
)
def test_value_of_each_kind_of_element(markup, value):
    assert page(PRODUCT.format(markup)).microdata == [{"@type": "Product", "x": value}]


def test_repeated_properties_are_a_list_and_one_element_may_have_two_names():
    doc = page(PRODUCT.format('<i itemprop="a b">1</i><i itemprop="a">2</i><i itemprop="a">3</i>'))
    assert doc.microdata == [{"@type": "Product", "a": ["1", "2", "3"], "b": "1"}]


def test_nested_items_stand_inside_their_owner_only():
    doc = page(PRODUCT.format(
        '<div><div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><p><b itemprop="price">5</b>'
        "</p></div></div>"
        '<div itemscope itemtype="//schema.org/Thing"><i itemprop="name">not the product</i></div>'
    ))  # fmt: skip
    assert doc.microdata == [
        {"@type": "Product", "offers": {"@type": "Offer", "price": "5"}},
        {"@type": "Thing", "name": "not the product"},
    ]


def test_itemref_brings_properties_from_elsewhere():
    doc = page(
        '<div itemscope itemtype="https://schema.org/Product" itemref="far more"></div>'
        '<section id="far"><div><b itemprop="name">Lamp</b><b itemprop="sku">1</b></div></section>'
        '<b id="more" itemprop="mpn">m</b><b itemprop="color">nobody\'s</b>'
    )
    assert doc.microdata == [{"@type": "Product", "name": "Lamp", "sku": "1", "mpn": "m"}]


def test_itemref_can_not_make_a_ring():
    doc = page(
        '<div id="a"><div itemprop="x" itemscope itemref="b"><i itemprop="n">1</i></div></div>'
        '<div id="b"><div itemprop="y" itemscope itemref="a"></div></div><div itemscope itemref="a b"></div>'
    )
    json.dumps(doc.microdata)


def test_types_may_be_several_and_ids_are_kept():
    doc = page('<p itemscope itemtype="https://schema.org/Product http://x.example/Chair" itemid="urn:1"></p>')
    assert doc.microdata == [{"@type": ["Product", "Chair"], "@id": "urn:1"}]


def test_a_page_without_scopes_has_none():
    assert page('<b itemprop="name">Lamp</b>').microdata == []
