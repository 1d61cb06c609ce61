from selectolax.lexbor import LexborHTMLParser

from crawler.bases.leaves import leaves


def read(html):
    return list(leaves(LexborHTMLParser(f"<body>{html}</body>").body))


def test_text_in_reading_order_joined_where_a_comment_parts_it():
    found = read("<div>₹<!-- -->1,299<b>now</b></div><p> a \n b </p><style>c</style>")
    assert [leaf.text for leaf in found] == ["₹1,299", "now", "a b"]


def test_struck_and_linked_is_told_of_what_stands_inside():
    found = read(
        "<a href='/x'><s><i>old</i></s><span style='text-decoration:line-through'>was</span></a><a>x</a><u>y</u>"
    )
    assert [(leaf.text, leaf.struck, leaf.link) for leaf in found] == [
        ("old", True, "/x"), ("was", True, "/x"), ("x", False, ""), ("y", False, None),
    ]  # fmt: skip


def test_the_path_holds_the_ancestors():
    inner, outer = read("<div><p>in</p></div><div>out</div>")
    assert inner.path[:1] == outer.path[:1]
    assert len(inner.path) == len(outer.path) + 1


def test_depth_is_no_trouble():
    assert [leaf.text for leaf in read("<div>" * 5000 + "deep")] == ["deep"]
