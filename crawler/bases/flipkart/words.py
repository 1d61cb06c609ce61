"""The words and amounts that Flipkart shows beside a good, on tiles and product pages alike."""

import re
from collections.abc import Sequence
from itertools import pairwise

from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.leaves import Leaf
from crawler.bases.price_row import price_row
from crawler.core.errors import MoneyError
from crawler.core.models import Availability, Rating

CURRENCY = "INR"
_SOLD_OUT = re.compile(
    r"(?:(?:this|the) (?:item|product) is )?(?:currently |temporarily )?(?:sold out|out of stock|unavailable)"
    r"(?: (?:in|at|for|to) .{1,40})?[.!]?|(?:currently )?not deliverable\b.{0,40}|"
    r"item (?:can't|cannot) be delivered.{0,40}|"
    r"(?:this |the )?(?:item|product) (?:is not available|(?:is|has been) discontinued).{0,40}",
    re.I,
)
AWAITED = re.compile(r"coming soon|notify me", re.I)
_PREORDER = re.compile(r"pre-?\s?(?:order|book)(?: now)?", re.I)
_BUYABLE = re.compile(
    r"add to (?:cart|basket)|go to cart|buy now|buy at ₹\s?[\d,]+|(?:hurry,? )?only (?:a )?(?:\d+|few) left!?", re.I
)
SCORE = re.compile(r"[0-5](?:\.\d)?(?:\s?★)?")
COUNT = re.compile(r"\(\s?[\d,]+\s?\)|\|\s?[\d,]+|[\d,]+\s+ratings?\b.*", re.I)
PICTURE = re.compile(r"/image/(\d+)/\d+/")


def stock(leaf: Leaf) -> Availability:
    """What one button, badge or line says of stock; a plan to deliver nowhere near is no stock there."""
    if _SOLD_OUT.fullmatch(leaf.text):
        return Availability.out_of_stock
    if _PREORDER.fullmatch(leaf.text):
        return Availability.preorder
    return Availability.in_stock if _BUYABLE.fullmatch(leaf.text) else Availability.unknown


def rating(seen: Sequence[Leaf]) -> Rating | None:
    """A score with the number of ratings right after it."""
    for leaf, after in pairwise(seen):
        if SCORE.fullmatch(leaf.text) and COUNT.fullmatch(after.text):
            return read.rating(leaf.text.rstrip("★ "), after.text)
    return None


def priced(facts: Facts, seen: Sequence[Leaf]) -> Facts:
    """`facts` with the first price row of `seen`; an unbelievable amount becomes a problem."""
    try:
        row = price_row(seen, CURRENCY)
    except MoneyError as error:
        facts.problems.append(error.reason)
        return facts
    if row:
        facts.price, facts.list_price = row.price.amount, row.list_price.amount if row.list_price else None
    return facts


def width(image: LexborNode) -> int:
    """Pixels a good's own picture is drawn wide, by its address; 0 for badges and banners, which lie elsewhere."""
    match = PICTURE.search(src(image))
    return int(match[1]) if match else 0


def src(node: LexborNode) -> str:
    return node.attributes.get("src") or ""


def href(node: LexborNode) -> str:
    return node.attributes.get("href") or ""
