"""JSON-LD as broken as shops write it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bases.schema.jsonld import loads
from tests.crawler.bases.pages import chair, ld, page


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"name": "Lamp",}', "Lamp"),
        ('{"name": "Lamp", "image": ["a", "b",],}', "Lamp"),
        ('<!-- {"name": "Lamp"} -->', "Lamp"),
        ('//<![CDATA[\n{"name": "Lamp"}\n//]]>', "Lamp"),
        ('/*<![CDATA[*/ {"name": "Lamp"} /*]]>*/', "Lamp"),
        ('{"name": "Lamp"};', "Lamp"),
        ('{"name": "Lamp\nof oak"}', "Lamp\nof oak"),
        ('{"name": "Lamp\tof\x0boak"}', "Lamp\tof\x0boak"),
        ("{&quot;name&quot;: &quot;Lamp&quot;}", "Lamp"),
        (r'{"name": "Children\'s lamp"}', "Children's lamp"),
        (r'{"name": "50\% oak"}', r"50\% oak"),
        ('{"name": "Shelf 63" wide", "sku": "1"}', 'Shelf 63" wide'),
        ('{"name": "Rug 5" x 8"", "sku": "1"}', 'Rug 5" x 8"'),
        ('{"name": "Lamp", "price": NaN}', "Lamp"),
        ('\ufeff{"name": "Lamp"}', "Lamp"),
    ],
)
def test_broken_json_is_repaired(body, name):
    assert [v["name"] for v in loads(body)] == [name]


def test_objects_in_a_row_are_read_one_by_one():
    assert loads('{"name": "a"}\n{"name": "b"},[{"name": "c"}]') == [{"name": "a"}, {"name": "b"}, [{"name": "c"}]]


@pytest.mark.parametrize("body", ["", "   ", "null", "hello", "{", "[[[[" * 5000, '{"a":' * 5000])
def test_what_stays_unreadable_is_left_out(body):
    assert [v for v in loads(body) if v is not None] == []


def test_valid_json_is_never_repaired():
    tricky = {"name": 'a, } "b" \\, ] &quot; <!-- x -->', "text": "//<![CDATA["}
    assert loads(json.dumps(tricky)) == [tricky]


def test_graph_and_lists_are_flattened_in_page_order():
    doc = page("", ld({"@context": "x", "@graph": [{"@id": "a"}, [{"@id": "b"}]]}, [{"@id": "c"}, 3, None]))
    assert [t.get("@id") for t in doc.jsonld] == ["a", "b", "c"]


def test_a_graph_with_properties_of_its_own_keeps_them():
    doc = page("", ld({"@context": "x", "@type": "WebPage", "name": "P", "@graph": [{"@id": "a"}]}))
    assert [t.get("@id") or t["name"] for t in doc.jsonld] == ["a", "P"]


def test_references_are_filled_in_once_and_never_in_a_ring():
    offer = {"@id": "#o", "@type": "Offer", "price": 5, "itemOffered": {"@id": "#p"}}
    doc = page("", ld({"@graph": [chair(**{"@id": "#p", "offers": {"@id": "#o"}}), offer]}))
    product = doc.jsonld[0]
    assert product["offers"]["price"] == 5
    json.dumps(doc.jsonld)


def test_script_type_may_have_a_charset_and_any_case():
    body = '<script type="Application/LD+JSON; charset=utf-8">{"name": "Lamp"}</script>'
    assert page(body).jsonld == [{"name": "Lamp"}]


@given(st.text(alphabet='{}[]",:\\a1 \n<!->&quot;', max_size=60))
def test_no_text_breaks_the_reader(body):
    assert isinstance(loads(body), list)
