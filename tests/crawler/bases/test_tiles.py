import re

from selectolax.lexbor import LexborHTMLParser

from crawler.bases.carousels import carousel_links
from crawler.bases.tiles import tiles


def key(href):
    match = re.search(r"/p/(\w+)", href)
    return match[1] if match else None


def found(html, skip_carousels=True):
    tree = LexborHTMLParser(f"<body><nav><a href='/'>Home</a></nav>{html}</body>")
    skip = carousel_links(tree, key) if skip_carousels else ()
    return {
        t.key: " ".join(t.node.text(separator=" ").split())
        for t in tiles(tree, key, lambda i: "good" in i.attributes["src"], skip)
    }


def grid(*names):
    return "".join(
        f"<div><a href='/p/{n}'><img src='good.jpg'></a><a href='/p/{n}'>{n} chair</a><img src='badge.png'>"
        f"<a href='/p/{n}'>₹1,299</a><div>{n} badge</div></div>"
        for n in names
    )


def rows(*names):
    return "".join(
        f"<div><a href='/p/{n}'><img src='good.jpg'><div>{n} chair</div><div>₹{i}9</div></a></div>"
        for i, n in enumerate(names, 1)
    )


def phone(*names):
    picture, price = "<p><img src='good.jpg'></p>", "<p>₹99</p><img src='badge.png'>"
    return "".join(f"<div>{picture}<div><a href='/p/{n}'>{n} chair</a>{price}</div></div>" for n in names)


def test_a_grid_gives_a_good_several_links():
    assert found(f"<main>{grid('a', 'b')}</main>") == {"a": "a chair ₹1,299 a badge", "b": "b chair ₹1,299 b badge"}


def test_a_row_is_one_link():
    assert found(f"<main>{rows('a', 'b')}</main>") == {"a": "a chair ₹19", "b": "b chair ₹29"}


def test_a_picture_beside_the_links_belongs_to_the_tile():
    tree = LexborHTMLParser(f"<body><main>{phone('a', 'b')}</main></body>")
    assert [len(t.node.css("img")) for t in tiles(tree, key, lambda i: "good" in i.attributes["src"])] == [2, 2]


def test_one_good_does_not_swallow_the_page():
    assert found(f"<main><p>From ₹5</p>{grid('a')}</main><footer>Prices from ₹1</footer>") == {
        "a": "a chair ₹1,299 a badge"
    }


def test_a_good_shown_again_further_down_is_not_a_second_tile():
    assert list(found(f"<main>{grid('a', 'b')}</main><div>{grid('a')}</div>")) == ["a", "b"]


def test_carousels_are_left_out_wherever_they_stand():
    above = f"<div><h2>Recently Viewed</h2><ul>{grid('x')}</ul></div>"
    below = f"<section><div>You might be interested in</div>{grid('y', 'z')}</section>"
    assert list(found(f"<main>{above}{grid('a', 'b')}{below}</main>")) == ["a", "b"]


def test_a_carousel_without_a_box_of_its_own_takes_what_follows():
    assert list(found(f"<main>{grid('a', 'b')}<h3>Similar products</h3>{grid('y')}</main>")) == ["a", "b"]


def test_a_heading_over_every_good_is_the_listings():
    assert list(found(f"<main><h2>Recommended sofas</h2>{grid('a', 'b')}</main>")) == ["a", "b"]


def test_the_order_of_a_list_is_no_heading_of_a_carousel():
    order = "<div>Sort by: <span>Recommended</span><ul><li>Recommended</li><li>Price</li></ul></div>"
    prose = f"<div>{grid('z')}</div>"
    assert list(found(f"{prose}<main>{order}{grid('a', 'b')}</main>")) == ["z", "a", "b"]
    assert list(found(f"{prose}<main><h2>Recommended</h2>{grid('a', 'b')}</main>")) == ["z"]


def test_words_in_a_name_make_no_carousel():
    assert list(found(f"<main>{grid('a')}{grid('similar')}</main>")) == ["a", "similar"]
