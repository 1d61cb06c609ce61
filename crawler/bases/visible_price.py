"""The price and the list price inside one block of a page, told apart by mark-up and by the words around them."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec
from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.visible_text import STRUCK, UNSTRUCK, lines
from crawler.core import money
from crawler.core.errors import MoneyError
from crawler.core.money import Money

Role = Literal["price", "weak", "list", "range", "other"]

_SIGN = r"(?:[A-Z]{1,3}\s?)?[$€£¥₹₨₩₪₫₱₺₽₴₦฿₡₲₵₸﷼]|\bRs\.?|\b[A-Z]{3}\b|\bkr\.?|\bzł|\bKč|\bFt|\blei|\bр\.|\bруб\.?|ر\.س|د\.إ"
_DIGITS = r"\d+(?:[.,'’\u00a0\u202f ]\d{2,3})*(?:[.,]\s?\d{1,2}(?!\d))?(?:,-|,–|\.-)?"
_AMOUNT = re.compile(
    rf"(?:{_SIGN})[\s.:\u00a0]{{0,2}}{_DIGITS}(?!\d)|(?<![\w.,]){_DIGITS}\s?(?:{_SIGN})(?!\s?\d)|(?<![\w.,%#]){_DIGITS}(?!\w)"
)
_DISCOUNT = re.compile(r"(?:\b(?:save|you save|flat)\b\s*:?\s*)?[-–−(]*\s*(\d{1,2})(?:\.\d+)?\s?%\s*(?:off\b|discount\b|rabatt\b)?\)?", re.I)
_LIST = re.compile(
    r"\bm\.?\s?r\.?\s?p\b\.?|\brrp\b|\bmsrp\b|\blist(?:\s?-?price)?\b|\bwas\b|\bbefore\b|\bold price\b|\boriginal(?:ly)?\b|\breg\.|"
    r"\bcompare(?:d)? (?:at|to)\b|\btypical price\b|\bprevious(?:ly)?\b|\bprice reduced from\b|\bretail price\b|\bmarket price\b|"
    r"\bsuggested\b|\buvp\b|\bstatt\b|\bbisher\b|\bvorher\b|\bau lieu de\b|\bprix conseillé\b|\bantes\b|\badviesprijs\b|\bestimated value\b",
    re.I,
)
_WEAK = re.compile(r"\bregular(?:\s+price)?\s*:?\s*$", re.I)
_FROM = re.compile(r"(?:\bfrom|\bstarting(?: at| from)?|\bstarts (?:at|from)|\bas low as|\bab|\bà partir de|\bdesde|\bvanaf|\bfrån|\bmulai(?: dari)?)\s*:?\s*$", re.I)
_RANGE = re.compile(r"^\s*(?:-|–|—|to|bis)\s*$", re.I)
_OTHER_AFTER = re.compile(
    r"\s*(?:\(?\s*(?:/|per\b|p/|a\s+(?:month|piece|unit))\s*\(?\s*[\w²³]|each\b|ea\b\.?|x\s?\d|p\.?m\.?\b|off\b|%|cash\s?back|coupon|saved?\b|"
    r"discount|emi\b|down\b|with\s+(?:coupon|exchange|code|card|prime|membership|emi)|reward|points?\b|stars?\b|reviews?\b|ratings?\b|"
    r"für mitglieder|gespart|rabatt|delivery\b|shipping\b|deposit\b|gift\s?card|inches\b|cm\b|mm\b|\"|″|x\b)",
    re.I,
)
_NOT_BEFORE = re.compile(r"(?:\bsize|\bqty|\bquantity|\bpack of|\bset of|\bmodel|\bsku|\bitem|\bno\.?|#|×|\bx)\s*:?\s*$", re.I)


class Seen(msgspec.Struct, frozen=True):
    """One amount and what it is: `weak` is a "regular price", a price only where there is no other."""

    money: Money
    role: Role
    signed: bool


def price(node: LexborNode, currency: str | None = None) -> Money | None:
    """What a shopper pays inside this block; None when the block shows none, a range, a "from" price, or several that
    it does not tell apart. An amount that can't be believed is none."""
    return pick(seen(node, currency), _percent(node))


def list_price(node: LexborNode, currency: str | None = None) -> Money | None:
    """The higher price the shop compares with (M.R.P., was, struck through); None unless it is above the price."""
    found = seen(node, currency)
    paid = pick(found, _percent(node))
    if not paid:
        return None
    marked = [s.money for s in found if s.role in ("list", "weak")]
    marked += _by_discount(found, paid, _percent(node))
    return next((m for m in marked if m.amount > paid.amount and m.currency == paid.currency), None)


def seen(node: LexborNode, currency: str | None = None) -> list[Seen]:
    """Every amount of the block in order with its role; unsigned numbers only where no amount has a currency sign."""
    found = list(_amounts(lines(node), currency))
    signed = [s for s in found if s.signed]
    return signed or found


def pick(found: list[Seen], percent: int | None) -> Money | None:
    if any(s.role == "range" for s in found):
        return None
    prices = list(dict.fromkeys(s.money for s in found if s.role == "price"))
    if not prices:
        return next((s.money for s in found if s.role == "weak"), None)
    if len(prices) == 1:
        return prices[0]
    low, high = sorted(prices[:2], key=lambda m: m.amount)
    return low if _explains(low, high, percent) else prices[0]


def _by_discount(found: list[Seen], paid: Money, percent: int | None) -> list[Money]:
    return [s.money for s in found if s.role == "price" and _explains(paid, s.money, percent)]


def _explains(low: Money, high: Money, percent: int | None) -> bool:
    return percent is not None and low.amount < high.amount and abs(100 - 100 * low.amount / high.amount - percent) <= 1.0


def _percent(node: LexborNode) -> int | None:
    found = _DISCOUNT.search(lines(node))
    return int(found[1]) if found else None


def _amounts(block: str, currency: str | None) -> Iterator[Seen]:
    end, label = 0, ""
    matches = [m for m in _AMOUNT.finditer(block)]
    previous_open_range = False
    for i, match in enumerate(matches):
        before = block[end : match.start()]
        stop = matches[i + 1].start() if i + 1 < len(matches) else len(block)
        after = block[match.end() : stop].partition("\n")[0]
        end = match.end()
        value = _money(match[0], currency)
        if value is None:
            continue
        signed = not match[0].strip()[0].isdigit() or not match[0].strip(" ,.-–'").isdigit() and bool(re.search(_SIGN, match[0]))
        if not signed and not _alone(block, match):
            continue
        opens_range = i + 1 < len(matches) and bool(_RANGE.match(block[match.end() : stop]))
        role = _role(block, match.start(), before, after)
        if role == "price" and (opens_range or previous_open_range):
            role = "range"
        previous_open_range = opens_range
        yield Seen(value, role, signed)


def _role(block: str, start: int, before: str, after: str) -> Role:
    if block.rfind(STRUCK, 0, start) > block.rfind(UNSTRUCK, 0, start):
        return "list"
    context = _DISCOUNT.sub(" ", before.replace(UNSTRUCK, " ").replace(STRUCK, " "))[-60:]
    lead = context.rpartition("\n")[2] if context.rpartition("\n")[2].strip() else context.strip()
    if _OTHER_AFTER.match(after):
        return "other"
    if _WEAK.search(lead):
        return "weak"
    if _LIST.search(lead):
        return "list"
    if _FROM.search(lead) or _NOT_BEFORE.search(lead) or read.is_not_a_price(lead):
        return "other"
    return "price"


def _alone(block: str, match: re.Match[str]) -> bool:
    """A number without a sign is an amount only as the whole of its line, labels like "price" aside."""
    start, stop = block.rfind("\n", 0, match.start()) + 1, block.find("\n", match.end())
    line = block[start : stop if stop >= 0 else len(block)].replace(match[0], "", 1)
    return not re.sub(rf"[\s:{STRUCK}{UNSTRUCK}]|(?i:current|our|sale|now|price|offer|deal|special)", "", line)


def _money(text: str, currency: str | None) -> Money | None:
    try:
        return money.parse(text, currency)
    except MoneyError:
        return None
