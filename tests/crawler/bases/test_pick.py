from selectolax.lexbor import LexborHTMLParser

from crawler.bases.pick import tiles

PAGE = """<h1 class="name">Sofas</h1><ul>
<li class="x tile" id="1"><h3 class="name">One</h3><p><b class="cost now">5</b><b class="cost">9</b></p></li>
<li class="tile" id="2"><i>only</i></li></ul>"""


def found():
    parts = tiles(LexborHTMLParser(PAGE), "li.tile", name="h3.name", cost="p b.cost", note="i")
    return [{k: n.attrs.get("id") if k == "tile" else n.text() for k, n in p.items()} for p in parts]


def test_parts_go_to_their_tile_and_the_first_of_each_counts():
    assert found() == [{"tile": "1", "name": "One", "cost": "5"}, {"tile": "2", "note": "only"}]


def test_no_tiles():
    assert tiles(LexborHTMLParser("<p class='cost'>5</p>"), "li.tile", cost=".cost") == []
