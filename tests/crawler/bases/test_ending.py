"""Where a page breaks off, and where it only seems to."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.bases.ending import complete, open_end


def tree(body: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<html><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ("<main><p>a</p></main>", ["main", "p"]),
        ("<main><p>a</p></main><!-- end -->", ["main", "p"]),
        ("<main><p>a</p></main><script>1</script>", []),
        ("<main><p>a</p><footer>b</footer></main>", []),
        ("<main><p>a</p></main><div id='navFooter'></div>", []),
        ("", []),
    ],
)
def test_what_a_page_ends_inside_of(body, inside):
    page = tree(body)
    assert open_end(page) >= {page.css_first(tag).mem_id for tag in inside}
    assert bool(open_end(page)) is bool(inside)


def test_a_long_list_ends_before_the_tile_it_breaks_off_in():
    page = tree("<ul><li>1</li><li>2</li><li>3</li><li>4</li></ul>")
    assert [tile.text() for tile in complete(page.css("li"), page)] == ["1", "2", "3"]
    assert len(complete(page.css("li")[:3], page)) == 3
    whole = tree("<ul><li>1</li><li>2</li><li>3</li><li>4</li></ul><script>1</script>")
    assert len(complete(whole.css("li"), whole)) == 4
