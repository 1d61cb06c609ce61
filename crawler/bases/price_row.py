"""The row in which Indian shops show what a shopper pays: "₹1,299 ₹2,499 48% off", in any order, under any class
names, the M.R.P. struck through by tag, by style or only by a stylesheet that a saved page does not carry."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from crawler.bases.leaves import Leaf
from crawler.core.money import Money, parse

_AMOUNT = r"\d[\d,]*(?:\.\d{1,2})?(?:/-)?"
_PRICE = re.compile(rf"(?:₹|Rs\.?|INR)\s?{_AMOUNT}", re.I)
_MRP = re.compile(r"M\.?\s?R\.?\s?P\.?\s?:?", re.I)
_STRUCK = re.compile(rf"(?:{_MRP.pattern}\s?)?(?:(?:₹|Rs\.?|INR)\s?)?{_AMOUNT}", re.I)
_LISTED = re.compile(rf"{_MRP.pattern}\s?(?:₹|Rs\.?|INR)\s?{_AMOUNT}", re.I)
_PERCENT = re.compile(r"\(?[-↓]?\s?(\d{1,2})\s?%(?:\s?off)?\)?", re.I)
_PER_UNIT = (
    rf"\(?(?:₹|Rs\.?)\s?{_AMOUNT}\s?(?:/|per)\s?[\d.]*\s?(?:kg|g|gm|l|ltr|ml|pc|pcs|piece|unit|count|m|sq\.? ?ft)\)?"
)
_FILLER = re.compile(rf"[|•·↓\-]|off|{_MRP.pattern}|{_PER_UNIT}", re.I)
_BEFORE = re.compile(
    r"(?:get )?(?:up ?to|flat|extra|save)|(?:emi )?(?:from|starting(?: at| from)?)|buy at|get (?:it )?(?:at|for)|"
    r".*\bemi|(?:buy )?with(?:out)? exchange|exchange(?: offer)?|pay|.*\btotal.*|.*\bfee|coupons?(?: for you)?|"
    r"bank offers?|worth|deposit|(?:delivery|shipping)(?: charges?)?|price \(\d+ items?\)|with offers?",
    re.I,
)
_AFTER = re.compile(r"(?:with|off|cash\s?back|lowest price for you|x \d|\+.*coins?\b|\/|per|more|for \d).*", re.I)
LEVELS = 3  # how far up a row may spread from its first amount


class Row(NamedTuple):
    price: Money
    list_price: Money | None


def price_row(leaves: Sequence[Leaf], currency: str = "INR") -> Row | None:
    """The first row of amounts that nothing beside it calls an offer, an EMI or an exchange; None when there is none
    or when it can't be told which of its amounts is paid. Raises MoneyError for an unbelievable amount."""
    for index, leaf in enumerate(leaves):
        if not _PRICE.fullmatch(leaf.text) or _listed(leaves, index):
            continue
        row = _row(leaves, index)
        if row and not _spoken_for(leaves, row):
            plain = [leaves[i] for i in row if _PRICE.fullmatch(leaves[i].text) and not _listed(leaves, i)]
            return _settled(
                plain, [leaves[i] for i in row if _listed(leaves, i)], [leaves[i].text for i in row], currency
            )
    return None


def _row(leaves: Sequence[Leaf], index: int) -> range | None:
    """Indexes of the leaves around `index` that share its parent, or a parent a little higher, and are all amounts
    and percentages; None when its own parent says something else too."""
    path, found = leaves[index].path, None
    for level in range(min(LEVELS, len(path))):
        depth = len(path) - level
        near = _sharing(leaves, index, path[:depth])
        if not all(_of_row(leaves[i]) for i in near):
            break
        found = near
    return found


def _sharing(leaves: Sequence[Leaf], index: int, path: tuple[int, ...]) -> range:
    start = end = index
    while start and leaves[start - 1].path[: len(path)] == path:
        start -= 1
    while end + 1 < len(leaves) and leaves[end + 1].path[: len(path)] == path:
        end += 1
    return range(start, end + 1)


def _of_row(leaf: Leaf) -> bool:
    return any(p.fullmatch(leaf.text) for p in ((_STRUCK,) if leaf.struck else (_PRICE, _LISTED, _PERCENT, _FILLER)))


def _listed(leaves: Sequence[Leaf], index: int) -> bool:
    """Is this amount the M.R.P.: struck through, or called so in its own text or just before it?"""
    leaf, before = leaves[index], leaves[index - 1].text if index else ""
    if _LISTED.fullmatch(leaf.text):
        return True
    return bool(_STRUCK.fullmatch(leaf.text)) and (leaf.struck or bool(_MRP.fullmatch(before)))


def _spoken_for(leaves: Sequence[Leaf], row: range) -> bool:
    before = leaves[row.start - 1].text if row.start else ""
    after = leaves[row.stop].text if row.stop < len(leaves) else ""
    return bool(_BEFORE.fullmatch(before.rstrip(": ")) or _AFTER.fullmatch(after))


def _settled(paid: list[Leaf], listed: list[Leaf], texts: list[str], currency: str) -> Row | None:
    plain, struck = _amounts(paid, currency), _amounts(listed, currency)
    percent = next((int(m[1]) for text in texts if (m := _PERCENT.fullmatch(text))), None)
    if len(plain) == 1:
        higher = max((m for m in struck if m.amount > plain[0].amount), default=None)
        return Row(plain[0], higher) if struck or percent is None else None
    return _pair(plain, percent) if len(plain) == 2 and not struck else None


def _pair(plain: list[Money], percent: int | None) -> Row | None:
    """Two amounts, neither marked: the discount tells which is which; without one the first must be the lower."""
    low, high = sorted(plain)
    if percent is not None:
        fits = abs((high.amount - low.amount) * 100 / high.amount - percent) <= 1.01
        return Row(low, high) if fits else None
    return Row(low, high) if low is plain[0] and low != high else None


def _amounts(row: list[Leaf], currency: str) -> list[Money]:
    return [money for leaf in row if (money := parse(leaf.text, currency))]
