"""A licence is known or there is none; a credit never carries a stranger's markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.bases.licence import attribution, attribution_html, first_link, label, license_of, plain
from crawler.core.models import License

CC = "https://creativecommons.org/"


@pytest.mark.parametrize(
    ("clues", "code", "url", "name"),
    [
        ([f"{CC}licenses/by-sa/4.0"], "cc-by-sa-4.0", f"{CC}licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        (
            ["http://creativecommons.org/licenses/by-nc-nd/2.0/deed.en"],
            "cc-by-nc-nd-2.0",
            f"{CC}licenses/by-nc-nd/2.0/",
            "CC BY-NC-ND 2.0",
        ),
        ([f"{CC}licenses/by-sa/3.0/de/deed.en"], "cc-by-sa-3.0-de", f"{CC}licenses/by-sa/3.0/de/", "CC BY-SA 3.0 DE"),
        ([f"{CC}licenses/by/3.0/igo/"], "cc-by-3.0-igo", f"{CC}licenses/by/3.0/igo/", "CC BY 3.0 IGO"),
        ([f"{CC}publicdomain/zero/1.0/"], "cc0-1.0", f"{CC}publicdomain/zero/1.0/", "CC0 1.0"),
        ([f"{CC}publicdomain/mark/1.0/"], "pdm-1.0", f"{CC}publicdomain/mark/1.0/", "Public Domain Mark 1.0"),
        (["cc-by-sa-4.0"], "cc-by-sa-4.0", f"{CC}licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        ([None, "CC BY 2.5"], "cc-by-2.5", f"{CC}licenses/by/2.5/", "CC BY 2.5"),
        (["https://other.test/terms", "cc0"], "cc0-1.0", f"{CC}publicdomain/zero/1.0/", "CC0 1.0"),
        (["Public domain"], "pdm-1.0", f"{CC}publicdomain/mark/1.0/", "Public Domain Mark 1.0"),
    ],
)
def test_known_licences(clues, code, url, name):
    licence = license_of(*clues)
    assert (licence.code, licence.url, label(licence)) == (code, url, name)


def test_a_bare_code_takes_the_version_beside_it():
    assert license_of("by-nc", version="2.0").code == "cc-by-nc-2.0"
    assert license_of("by-nc") is None


@pytest.mark.parametrize(
    "clue",
    [
        None,
        "",
        "Fair use",
        "GFDL",
        "all rights reserved",
        "by-sa-nd-4.0",
        "by-nc-nc-4.0",
        "sampling+",
        f"{CC}licenses/sampling+/1.0/",
        f"{CC}licenses/",
        "https://other.test/by/4.0/",
    ],
)
def test_unknown_is_no_licence(clue):
    assert license_of(clue, version="1.0") is None


def test_a_sources_own_licence_has_a_name():
    assert label(License("pexels")) == "Pexels License"


def test_attribution_names_what_is_known():
    by = license_of("cc-by-4.0")
    assert attribution("Nook", "Ada", by, "Site") == "“Nook” by Ada, CC BY 4.0, via Site"
    assert attribution(None, None, by, "Site") == "Picture, CC BY 4.0, via Site"


@given(st.text(max_size=60), st.text(max_size=60), st.one_of(st.none(), st.text(max_size=60)))
def test_attribution_html_is_links_and_text_only(title, author, url):
    html = attribution_html(
        title, author, license_of("cc0"), "Site", page="https://p.test/?a=1&b=2", author_url=url, home="https://s.test"
    )
    tree = LexborHTMLParser(html)
    assert {node.tag for node in tree.body.iter(include_text=False)} <= {"a"}
    for node in tree.css("a"):
        assert node.attributes["href"].startswith(("http://", "https://"))
        assert set(node.attributes) == {"href", "rel"}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Ada", "Ada"),
        (None, None),
        ("<p></p>", None),
        ("<p>A</p><p>B</p>", "A B"),
        ("A<br>B", "A B"),
        ("<i>A</i>.", "A."),
        ("A &amp; B", "A & B"),
        ("<b>A</b><script>alert(1)</script><style>x</style>", "A"),
        ('A<span style="display: none">B</span>', "A"),
        ({"not": "text"}, None),
    ],
)
def test_plain(html, text):
    assert plain(html) == text


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<a href="//c.test/u">A</a>', "https://c.test/u"),
        ('<a href="http://c.test/u">A</a>', "http://c.test/u"),
        ("A", None),
        ('<a href="javascript:alert(1)">A</a>', None),
        ("<a>A</a>", None),
        ('<a href="/u">A</a>', None),
    ],
)
def test_first_link(html, link):
    assert first_link(html) == link
