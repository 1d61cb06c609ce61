"""JSON out of scripts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bases.embedded import assigned, dig, states, walk
from tests.crawler.bases.pages import page


def script(body, attributes=""):
    return states(page(f"<script {attributes}>{body}</script>"))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('window.__INITIAL_STATE__ = {"a": [1]};', "__INITIAL_STATE__"),
        ('window["__X__"]={"a": [1]}', "__X__"),
        ('var a=1;self.app.state = {"a": [1]};next()', "app.state"),
        ('__PRELOADED_STATE__={"a": [1]}', "__PRELOADED_STATE__"),
        ('var pageData = {"a": [1]}, b = 2', "pageData"),
        ('window.S = window.S || {"a": [1]};', "S"),
        ('window.S = JSON.parse("{\\"a\\": [1]}");', "S"),
        ("window.S = JSON.parse('{\"a\": [1]}')", "S"),
        (r'window.S = JSON.parse("{\u0022a\x22: [1]}")', "S"),
        ('window.S = JSON.parse(decodeURIComponent("%7B%22a%22%3A%20%5B1%5D%7D"))', "S"),
        ("window.__STATE__ = {a: [1,],}; // loose", "__STATE__"),
        ("window.__STATE__ = {'a': [1]}", "__STATE__"),
    ],
)
def test_assignments(body, name):
    assert script(body) == {name: {"a": [1]}}


def test_loose_words_become_json():
    assert script("window.__STATE__={a:undefined,b:!0,c:!1,d:void 0,e:NaN,f:'undefined, !0'}") == {
        "__STATE__": {"a": None, "b": True, "c": False, "d": None, "e": None, "f": "undefined, !0"}
    }


@pytest.mark.parametrize(
    "body",
    [
        "window.a == {}",
        "f({window: 1})",
        "window.a = {};",
        "window.f = () => {return 1}",
        "if (x.y = z) {}",
        "var t = 5",
        "window.a = {b: function() {",
        'window.a = JSON.parse("',
        "window.__STATE__ = {" * 50,
        "let i={q:1}",
    ],
)
def test_what_is_no_readable_state(body):
    assert script(body) == {}


def test_surrogates_in_a_parsed_string():
    assert script(r'window.S = JSON.parse("{\"a\": \"\ud83d\ude00 \ud83d\"}")')["S"]["a"].startswith("😀")


def test_later_values_win_unless_empty():
    assert script('window.A={"v":1};window.A={"v":2};window.A={}') == {"A": {"v": 2}}


def test_data_scripts_go_by_their_id():
    doc = page(
        '<script type="application/json" id="__NEXT_DATA__">{"a":1}</script>'
        '<script type="application/json"><!--[2]--></script>'
        '<script type="application/json" id="e">{&quot;b&quot;:3}</script>'
        '<script type="application/ld+json">{"c":4}</script><script src="x.js">window.S={"d":5}</script>'
    )
    assert states(doc) == {"__NEXT_DATA__": {"a": 1}, "json1": [2], "e": {"b": 3}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('x; data = {"a": 1}; y', {"a": 1}),
        ("init({ data: {a: 1}, other: 2 })", {"a": 1}),
        ('{"data": [1, 2]}', [1, 2]),
        ('mydata = {"a": 1}', None),
        ("data == {}", None),
        ("data = 5; data = {b: 2}", {"b": 2}),
        ("", None),
    ],
)
def test_assigned(text, value):
    assert assigned(text, "data") == value


def test_dig_and_walk():
    tree = {"a": [{"b": None, "c": {"d": 0}}], "e": {"f": 1}}
    assert dig(tree, "a", 0, "c", "d") == 0
    assert (
        dig(tree, "a", 5, "c", default="-")
        == dig(tree, "a", 0, "b", default="-")
        == dig(tree, "a", "x", default="-")
        == "-"
    )
    assert list(walk(tree)) == [tree, tree["a"][0], {"d": 0}, {"f": 1}]
    deep: dict = {}
    for _ in range(50_000):
        deep = {"k": deep}
    assert sum(1 for _ in walk(deep)) == 50_001


@pytest.mark.parametrize(
    "unit",
    [
        "window.a=[",
        '__a={"',
        "__state={a:",
        "var aaa=JSON.parse('",
        "=",
        "window.aaaa.b",
        "a.b||",
        'window["a"]={"k":[1,',
        "={",
    ],
)
def test_linear_in_the_size_of_the_script(unit):
    small, large = (_seconds(unit * (size // len(unit))) for size in (50_000, 400_000))
    assert large < max(small, 0.005) * 40, "8 times the text took more than 40 times as long"


def _seconds(text):
    doc = page(f"<script>{text}</script>")
    doc.tree  # noqa: B018 parsed before the clock starts
    start = time.process_time()
    states(doc)
    return time.process_time() - start


@given(st.text(alphabet="window.__S__={}[]()\"'\\:,;|!0JSON.parse \n", max_size=200))
def test_no_script_breaks_the_reader(body):
    assert isinstance(states(page(f"<script>{body}</script>")), dict)
    assigned(body, "S")
