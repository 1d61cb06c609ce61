"""Every amount of money in a piece of rendered text and what it is, told by what is struck through and by the words
around it."""

import re
from collections.abc import Iterator

import msgspec

from crawler.bases.visible.roles import DISCOUNT, NO_PRICE_AFTER, TALK, WEAK_AFTER, Role, by_words, is_none
from crawler.bases.visible.text import MARKED, NO_MARKS, STRUCK, UNMARKED, UNSTRUCK
from crawler.core import money
from crawler.core.currency import candidates, is_timid, sign_after, sign_before
from crawler.core.errors import MoneyError
from crawler.core.money import Money

_NUMBER = re.compile(
    r"(?<![\d,])(?<![^A-Za-z]\.)"
    r"\d+(?:[.,'’]\d{2,3}|[ \u00a0\u202f]\d{3}(?!\d))*(?:[.,] ?\d{1,2}(?!\d))?(?:,-|,–|\.-)?(?![.,]?\d)"
)
_RANGE = re.compile(r"\s*(?:-|–|—|~|to|through|bis|à)\s*", re.I)
_WESTERN = {ord(a): b for a, b in zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९٬٫", "0123456789" * 3 + ",.", strict=True)}
_APART = re.compile(r"\n\W*\(\W*\Z")  # `(1952)` below a lone sign counts something
_LABELS = re.compile(
    r"\b(?:current|our|sale|now|price|offer|deal|special|final|is|only|was|m\.?r\.?p|uvp|rrp|msrp|statt|"
    r"(?:incl?|inkl)\w*|of|all|excl?|exkl|zzgl|plus|tax(?:es)?|vat|gst|mwst|btw|moms|iva|ttc|tva|versand(?:kosten)?)\b",
    re.I,
)
_SPOKEN = re.compile(  # "129 euro en 95 cent"
    r"(\d)['’]?\s(euros?|dollars?|pounds?)\s(?:(?:and|en|und|et|e|y|con)\s)?['’]?(\d\d?)['’]?\s"
    r"(?:cents?|pence|centimes?|céntimos?|centesimi)\b",
    re.I,
)
_INSIDE = re.compile(  # "129€90"; of two prices the first has its sign before it, or the second its own behind it
    r"(?<![\d.,€])(?<!€\s)(\d{1,3}(?:[.\s]?\d{3})*)\s?€(\d\d)(?!\d|[.,]\d|\s?[€%])"
)
_SIGN = 16  # characters around a number in which its currency sign stands


class Seen(msgspec.Struct, frozen=True):
    """One amount. `weak` is a "regular price", a price only where there is no other; `alone`: nothing but prices and
    a discount on its line; `marked`: inside an element the caller marked."""

    money: Money
    role: Role
    signed: bool
    alone: bool
    marked: bool


def seen(block: str, currency: str | None = None) -> list[Seen]:
    """Every amount of `lines` in order; those without a currency sign only where none has one."""
    block = block if block.isascii() else block.translate(_WESTERN)
    found = list(_amounts(_INSIDE.sub(r"\1,\2 €", _SPOKEN.sub(_written, block)), currency))
    return [s for s in found if s.signed] or found


def _written(spoken: re.Match[str]) -> str:
    return f"{spoken[1]}.{spoken[3]:0>2} {spoken[2]}"


def _amounts(block: str, currency: str | None) -> Iterator[Seen]:
    """Reads left to right; an open range makes the amounts on both its sides a range."""
    parts = list(_parts(block, currency))
    marks, end, in_range = _Marks(block), 0, False
    for i, (start, stop, worth, signed) in enumerate(parts):
        opens = i + 1 < len(parts) and _leads_to(block, stop, *parts[i + 1][:2])
        struck, marked = marks.at(start)
        role, told = _role(block, end, start, stop, signed)
        role = "list" if struck else role
        alone = _alone(block, start, stop, signed)
        if signed or alone:
            yield Seen(worth, "range" if role == "price" and (opens or in_range) else role, signed, alone, marked)
        in_range, end = opens and role != "list", told


def _role(block: str, since: int, start: int, stop: int, signed: bool) -> tuple[Role, int]:
    """What the words around the amount make it, those before it from `since` on; and where those after it end."""
    if other := NO_PRICE_AFTER.match(block, stop):
        return "other", other.end()
    if is_none(block, start, stop, signed):
        return "other", stop
    role, net = by_words(block[since:start]), WEAK_AFTER.match(block, stop)
    return ("weak" if net and role == "price" else role), net.end() if net else stop


def _leads_to(block: str, stop: int, start: int, end: int) -> bool:
    """Is what ends at `stop` the lower end of a range to the amount at `start`? "$29.90 -47%" tells a discount."""
    return bool(_RANGE.fullmatch(block[stop:start].translate(NO_MARKS))) and block[end : end + 2].lstrip()[:1] != "%"


def _parts(block: str, currency: str | None) -> Iterator[tuple[int, int, Money, bool]]:
    """(start, end, money, has a currency sign) of every number that reads as money."""
    end = 0
    for match in _NUMBER.finditer(block):
        if match.start() < end:
            continue
        start, stop = _with_signs(block, match, end, currency)
        worth = _money(block[start:stop].translate(NO_MARKS), currency)
        if worth is not None:
            yield start, stop, worth, (start, stop) != match.span()
            end = stop


def _with_signs(block: str, number: re.Match[str], end: int, currency: str | None) -> tuple[int, int]:
    """Where a number and the currency sign beside it start and stop; a sign before it comes first."""
    start, stop = number.span()
    near = max(end, start - _SIGN)
    before = sign_before(block[near:start])
    if before and _meant(before[1], currency) and not _APART.search(block[near + before.end(1) : start]):
        return near + before.start(1) + len(before[1]) - len(_bare_sign(before[1])), stop
    after = sign_after(block[stop : stop + _SIGN].partition("\n")[0], 0)
    if after and _meant(after[1], currency) and not block[stop + after.end() : stop + after.end() + 1].isdigit():
        return start, stop + after.end()
    return start, stop


def _bare_sign(sign: str) -> str:
    """Without a word that stands before a symbol and is no country's: the "From" of `From $`."""
    return sign[-1] if candidates(sign) == candidates(sign[-1]) else sign


def _meant(sign: str, currency: str | None) -> bool:
    """A sign that is also a word (TRY, ALL) counts only where its currency is asked for."""
    return not is_timid(sign) or currency in candidates(sign)


class _Marks:
    """Whether a place is inside struck or marked text; places are asked for from left to right."""

    def __init__(self, block: str):
        self.block, self.end, self.struck, self.marked = block, 0, 0, 0

    def at(self, start: int) -> tuple[bool, bool]:
        passed = self.block[self.end : start]
        self.struck += passed.count(STRUCK) - passed.count(UNSTRUCK)
        self.marked += passed.count(MARKED) - passed.count(UNMARKED)
        self.end = max(self.end, start)
        return self.struck > 0, self.marked > 0


def _alone(block: str, start: int, stop: int, signed: bool) -> bool:
    """Nothing else on the line but words for a price; beside a signed amount also other amounts and a discount."""
    left, right = block[max(0, start - TALK) : start], block[stop : stop + TALK]
    if ("\n" not in left and start > TALK) or ("\n" not in right and stop + TALK < len(block)):
        return False
    rest = (left.rpartition("\n")[2] + right.partition("\n")[0]).translate(NO_MARKS)
    if signed:
        rest = _NUMBER.sub("", DISCOUNT.sub("", rest))
    return all(candidates(word) and not is_timid(word) for word in re.findall(r"\w+", _LABELS.sub("", rest)))


def _money(text: str, currency: str | None) -> Money | None:
    try:
        return money.parse(text, currency)
    except MoneyError:
        return None
