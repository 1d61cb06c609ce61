"""What a shopper sees of a Flipkart product page, without its class names: the heading, the price row below it, the
words of buttons and lines up to the first carousel, the pictures above the heading."""

import re
from collections.abc import Sequence

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.bases import carousels, read
from crawler.bases.ending import open_end
from crawler.bases.facts import Facts
from crawler.bases.flipkart import urls as flipkart_urls
from crawler.bases.flipkart import words as flipkart_words
from crawler.bases.leaves import Leaf, leaves
from crawler.core.models import Availability, Offer

_PINCODE = re.compile(r"\b[1-9]\d{5}\b")
_DELIVERY = re.compile(r"deliver(?:y|ing)?(?: to)?\b", re.I)
_AMOUNT = re.compile(r"(?:₹|Rs\.?|INR|[$€£])\s?(\d[\d,]*)", re.I)
_SHELF = re.compile(r"/pr/?\?(?:.*&)?sid=")
BESIDE = 3  # leaves from the word "deliver" in which the pincode stands
NEAR = 12  # leaves below the heading that a page's own rating stands within


def product(tree: LexborHTMLParser, url: str, asked: str) -> Facts | None:
    """The page's own product; None without a heading. `asked`: the pincode looked for, "" for none."""
    heading = tree.css_first("h1")
    if heading is None:
        return None
    page = list(leaves(tree.body))
    start, end = _own(page, heading)
    below = [x for x in page[start:end] if not _within(x, heading) and not flipkart_urls.good(x.link or "")]
    facts = Facts("visible", title=read.clean(heading.text(separator=" ")), currency=flipkart_words.CURRENCY)
    facts = flipkart_words.priced(facts, below)
    facts.availability = _stock(tree, page[:end])
    facts.rating = flipkart_words.rating(below[:NEAR])
    facts.category = _category(page[:start])
    facts.images = _gallery(tree, heading, url)
    facts.offers = _placed(tree, page[:end], asked)
    return facts


def broken_off(tree: LexborHTMLParser) -> bool:
    """Does the page end inside its own product: before the heading, or with no carousel, button or word on stock after
    it?"""
    root, heading = tree.css_first("#container"), tree.css_first("h1")
    if root is None or root.mem_id not in open_end(tree):
        return False
    if heading is None:
        return True
    page = list(leaves(tree.body))
    start, stop = _own(page, heading)
    said = any(flipkart_words.stock(x) is not Availability.unknown for x in page[start:stop])
    return stop == len(page) and not said


def beside(tree: LexborHTMLParser, data: Sequence[Facts], priced: bool) -> list[Facts]:
    """The page's data as far as what it shows bears it out. Where its price row can't be read (`priced`: it can),
    structured data's price, which may be another size's, counts only if that amount is shown. Goods that are coming
    soon are called in stock."""
    heading, page = tree.css_first("h1"), list(leaves(tree.body))
    start, end = _own(page, heading) if heading is not None else (0, len(page))
    amounts = set() if priced else _amounts(page[start:end])
    awaited = any(x.link is None and flipkart_words.AWAITED.fullmatch(x.text) for x in page[:end])
    return [_borne_out(facts, amounts, awaited) for facts in data]


def _borne_out(facts: Facts, amounts: set[int], awaited: bool) -> Facts:
    if facts.reader != "state" and facts.price is not None and amounts and facts.price not in amounts:
        facts = replace(facts, price=None, list_price=None, offers=[])
    if awaited and facts.availability is Availability.in_stock:
        facts = replace(facts, availability=Availability.unknown, offers=[])
    return facts


def _amounts(page: Sequence[Leaf]) -> set[int]:
    """Every amount of money shown, in paise; never a linked good's."""
    own = [leaf.text for leaf in page if not flipkart_urls.good(leaf.link or "")]
    return {int(m[1].replace(",", "")) * 100 for text in own for m in _AMOUNT.finditer(text)}


def _own(page: Sequence[Leaf], heading: LexborNode) -> tuple[int, int]:
    """From the heading to the first carousel of other goods."""
    start = next((i for i, leaf in enumerate(page) if _within(leaf, heading)), len(page))
    return start, next((i for i in range(start, len(page)) if carousels.heading(page[i])), len(page))


def _stock(tree: LexborHTMLParser, page: Sequence[Leaf]) -> Availability:
    """Sold out wins over a button. What a variant (in its link or list item) or a carousel says is not heard."""
    heading = tree.css_first("h1")
    aside = {li.mem_id for li in tree.css("li") if any(map(_leads, li.css("a[href]")))}
    aside |= carousels.foreign_blocks(tree, heading) if heading is not None else set()
    words = {flipkart_words.stock(x) for x in page if x.link is None and not aside.intersection(x.path)}
    ranked = (Availability.out_of_stock, Availability.preorder, Availability.in_stock)
    return next((word for word in ranked if word in words), Availability.unknown)


def _category(above: Sequence[Leaf]) -> list[str]:
    """The breadcrumbs: shelves after "Home", above the heading; a brand's shelf is no category."""
    home = next((i for i, leaf in enumerate(above) if leaf.text == "Home" and leaf.link is not None), len(above))
    shelves = [x for x in above[home:] if _SHELF.search(x.link or "") and "~" not in (x.link or "")]
    return [leaf.text for leaf in shelves]


def _gallery(tree: LexborHTMLParser, heading: LexborNode, url: str) -> list[str]:
    """The pictures drawn largest above the heading, outside of links to other goods."""
    above: list[LexborNode] = []
    for node in tree.body.traverse() if tree.body else ():
        if node.mem_id == heading.mem_id:
            break
        if node.tag == "img" and flipkart_words.width(node) and not _in_good(node):
            above.append(node)
    largest = max(map(flipkart_words.width, above), default=0)
    return read.images(url, [flipkart_words.src(i) for i in above if flipkart_words.width(i) == largest])


def _placed(tree: LexborHTMLParser, page: Sequence[Leaf], asked: str) -> list[Offer]:
    """The default offer's place: the pincode asked for and the one the page answers for; [] for neither."""
    boxes = tree.css("input[maxlength='6'], input[placeholder*='incode']")
    told = [x.text for i, leaf in enumerate(page) if _DELIVERY.match(leaf.text) for x in page[i : i + BESIDE]]
    texts = [i.attributes.get("value") or "" for i in boxes] + told
    found = next((m[0] for text in texts if (m := _PINCODE.search(text))), None)
    return [Offer(location=found, location_asked=asked or None)] if found or asked else []


def _within(leaf: Leaf, node: LexborNode) -> bool:
    return leaf.node.mem_id == node.mem_id or node.mem_id in leaf.path


def _in_good(node: LexborNode | None) -> bool:
    while node is not None and node.tag != "a":
        node = node.parent
    return node is not None and _leads(node)


def _leads(link: LexborNode) -> bool:
    return flipkart_urls.good(flipkart_words.href(link)) is not None
