"""What a shopper sees of Flipkart's tiles, without its class names: they change by the week, over three generations of
markup. A tile is known by its links to /p/itm…?pid=…; grids give a good several links, rows one that holds it all."""

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.bases import carousels, read
from crawler.bases.facts import Facts
from crawler.bases.flipkart import urls as flipkart_urls
from crawler.bases.flipkart import words as flipkart_words
from crawler.bases.leaves import Leaf, leaves
from crawler.bases.tiles import Tile, tiles
from crawler.core.models import Availability

_BADGE = re.compile(
    r"ad|sponsored|add to compare|best\s?seller|new|new arrival|trending|assured|plus|flipkart'?s choice|top rated|"
    r"top discount.*|hot deal|popular|premium|coming soon|notify me|limited.*|\W*|\+?\d+",
    re.I,
)
_MONEY = re.compile(r"[₹$€£]\s?\d|₹|price: not available", re.I)
_DISCOUNT = re.compile(r"[-↓]?\d{1,2}% ?(?:off)?", re.I)


def listing(tree: LexborHTMLParser, url: str) -> list[Facts]:
    """One per tile of the page's own list, in page order; carousels are left out."""
    outside = carousels.carousel_links(tree, flipkart_urls.good)
    found = tiles(tree, flipkart_urls.good, lambda image: flipkart_words.width(image) > 0, outside)
    return [_tile(tile, url) for tile in found]


def shortened(title: str | None) -> bool:
    return bool(title) and str(title).endswith(("...", "…"))


def _tile(tile: Tile, url: str) -> Facts:
    seen = list(leaves(tile.node))
    facts = Facts("visible", sku=tile.key, url=flipkart_words.href(tile.links[0]), currency=flipkart_words.CURRENCY)
    facts = flipkart_words.priced(facts, seen)
    facts.brand, facts.title = _name(tile, seen)
    facts.rating = flipkart_words.rating(seen)
    words = (flipkart_words.stock(leaf) for leaf in seen)
    facts.availability = next((word for word in words if word is not Availability.unknown), Availability.unknown)
    pictures = [flipkart_words.src(i) for i in tile.node.css("img") if flipkart_words.width(i)]
    facts.images = read.images(url, pictures[:1])
    return facts


def _name(tile: Tile, seen: Sequence[Leaf]) -> tuple[str | None, str | None]:
    """(brand, title): the brand where it has a line of its own, the title whole where a link has it whole."""
    links = {a.mem_id for a in tile.links}
    named = next((t for a in tile.links if (t := read.clean(a.attributes.get("title")))), None)
    texts = [leaf for leaf in seen if links & {*leaf.path, leaf.node.mem_id} and _is_text(leaf)]
    if len(tile.links) == 1:
        texts = _first_line(tile.node, texts)
    if not texts:
        return None, named
    name = named or texts[-1].text
    brand = texts[0].text if len(texts) > 1 else _line_above(seen, texts[0])
    return (brand, f"{brand} {name}") if brand and not name.lower().startswith(brand.lower()) else (brand, name)


def _first_line(tile: LexborNode, texts: list[Leaf]) -> list[Leaf]:
    """Where one link holds the whole tile: the line its picture is named after, else its longest outside of lists."""
    alts = {read.clean(i.attributes.get("alt")) for i in tile.css("img[alt]")}
    titled = [leaf for leaf in texts if leaf.text in alts]
    return (titled or sorted(texts, key=lambda leaf: (leaf.node.tag == "li", -len(leaf.text))))[:1]


def _line_above(seen: Sequence[Leaf], title: Leaf) -> str | None:
    """The leaf just before the title, where it shares the box of the title or of its link and is no badge."""
    place = next(i for i, leaf in enumerate(seen) if leaf.node.mem_id == title.node.mem_id)
    above = seen[place - 1] if place else None
    beside = above is not None and above.link is None and above.path[-1:] == title.path[-1:]
    return above.text if above and beside and _is_text(above) else None


def _is_text(leaf: Leaf) -> bool:
    if leaf.struck or _MONEY.search(leaf.text) or flipkart_words.stock(leaf) is not Availability.unknown:
        return False
    return not any(p.fullmatch(leaf.text) for p in (_DISCOUNT, _BADGE, flipkart_words.SCORE, flipkart_words.COUNT))
