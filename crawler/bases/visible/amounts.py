"""Every amount of money in a piece of rendered text and what it is, told by what is struck through and by the words
around it."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from crawler.bases import read
from crawler.bases.visible.text import MARKED, NO_MARKS, STRUCK, UNMARKED, UNSTRUCK
from crawler.core import money
from crawler.core.currency import candidates, is_timid, sign_after, sign_before
from crawler.core.errors import MoneyError
from crawler.core.money import Money

Role = Literal["price", "weak", "list", "range", "other"]

_NUMBER = re.compile(
    r"(?<![\d,])(?<![^A-Za-z]\.)"
    r"\d+(?:[.,'’]\d{2,3}|[ \u00a0\u202f]\d{3}(?!\d))*(?:[.,] ?\d{1,2}(?!\d))?(?:,-|,–|\.-)?(?![.,]?\d)"
)
_DISCOUNT = re.compile(
    r"(?:\b(?:save|you save|flat)\b\s?:?\s?)?[-–−(]{0,3}\s?(?<!\d)(\d{1,2})(?:\.\d{1,2})?\s?%"
    r"\s?(?:off\b|discount\b|rabatt\b)?\)?",
    re.I,
)
_LIST = re.compile(
    r"\b(?:m\.?\s?r\.?\s?p|rrp|msrp|list(?:\s?-?price)?|was|before|old price|original(?:ly)?|reg\.|compared? (?:at|to)|"
    r"typical price|previous(?:ly)?|price reduced from|retail price|market price|suggested|estimated value|"
    r"uvp|statt|bisher|vorher|au lieu de|prix conseillé|antes|adviesprijs)(?!\w)",
    re.I,
)
_DASHES = ("-", "−")
_MINUS = re.compile(r"(?:^|[\n(])[^\S\n]*[-−]\Z")
_WEAK = re.compile(r"\bregular(?:\s+price)?\s*:?\s*$", re.I)
_FROM = re.compile(
    r"\b(?:from|starting(?: at| from)?|starts (?:at|from)|as low as|ab|à partir de|desde|vanaf|från|mulai(?: dari)?)"
    r"(?: only| just)?\s*:?\s*$",
    re.I,
)
_NO_PRICE_BEFORE = re.compile(
    r"(?:\b(?:size|qty|quantity|pack of|set of|model|sku|item|no\.?|x|payments? of|pay in \d)|[#×])\s*:?\s*$", re.I
)
_RANGE = re.compile(r"\s*(?:-|–|—|~|to|through|bis|à)\s*", re.I)
_NO_PRICE_AFTER = re.compile(
    r"\+(?=\s*(?:\n|$)|[$€£₹])|\s*[(/]{0,3}\s*(?:per\b|p/|/)\s*\(?\s*[\w²³]|"
    r"[^\S\n]*(?:a\s+(?:month|piece|unit)|each\b|ea\b\.?|x\s?\d|p\.?m\.?\b|off\b|%|cash\s?back|saved\b|gespart|rabatt|down\b|"
    r"points?\b|stars?\b|reviews?\b|ratings?\b|inch(?:es)?\b|cm\b|mm\b|\"|″|x\b)|"
    r"[^\S\n]*(?:coupon|discount|emi\b|reward|delivery\b|shipping\b|deposit\b|gift\s?card|"
    r"with\s+(?:coupon|exchange|code|card|prime|membership|emi))(?=[^\n\d]*(?:\n|$))|"  # may also begin the next offer
    r"[^\S\n]*with\s+(?:coupon|(?:promo )?code)\b(?![^\n]*(?:[₹$€£]|\bRs\b|\bINR\b))",
    re.I,
)
_WESTERN = {ord(a): b for a, b in zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९٬٫", "0123456789" * 3 + ",.", strict=True)}
_APART = re.compile(r"\n\W*\(\W*\Z")  # `(1952)` below a lone sign counts something
_LABELS = re.compile(r"(?i:current|our|sale|now|price|offer|deal|special|final|is|only)|[\s:.,()–-]")
_WORD = re.compile(r"[^\W\d_]")
_SIGN = 16  # characters around a number in which its currency sign stands
_TALK = 60  # characters before an amount that can speak of it


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
    found = list(_amounts(block if block.isascii() else block.translate(_WESTERN), currency))
    return [s for s in found if s.signed] or found


def percent(block: str) -> int | None:
    """The first discount the block shows."""
    found = next((m for m in _DISCOUNT.finditer(block) if not m[0].strip()[0].isdigit() or "off" in m[0].lower()), None)
    return int(found[1]) if found else None


def _amounts(block: str, currency: str | None) -> Iterator[Seen]:
    """Reads left to right; an open range makes the amounts on both its sides a range."""
    parts = list(_parts(block, currency))
    marks, end, in_range = _Marks(block), 0, False
    for i, (start, stop, worth, signed) in enumerate(parts):
        opens = i + 1 < len(parts) and bool(_RANGE.fullmatch(block[stop : parts[i + 1][0]].translate(NO_MARKS)))
        struck, marked = marks.at(start)
        other = _NO_PRICE_AFTER.match(block, stop)
        role = "list" if struck else "other" if other or _no_price(block, start, signed) else _role(block[end:start])
        alone = _alone(block, start, stop, signed)
        if signed or alone:
            yield Seen(worth, "range" if role == "price" and (opens or in_range) else role, signed, alone, marked)
        in_range, end = opens and role != "list", other.end() if other else stop


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
    if before and _meant(before[1], currency) and not _APART.search(block[near:start]):
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


def _role(before: str) -> Role:
    """What the words before an amount make it: those on its line, or the line above where there are none."""
    talk = _DISCOUNT.sub(" ", before[-_TALK * 2 :].rpartition(UNSTRUCK)[2].translate(NO_MARKS))
    above, _, own = talk.rpartition("\n")
    talk = (own if _WORD.search(own) else above.rpartition("\n")[2] if "\n" in above else "")[-_TALK:].rstrip()
    if _WEAK.search(talk):
        return "weak"
    if _LIST.search(talk):
        return "list"
    if _FROM.search(talk) or _NO_PRICE_BEFORE.search(talk) or read.is_not_a_price(talk):
        return "other"
    return "price"


def _no_price(block: str, start: int, signed: bool) -> bool:
    """A minus that opens the line: what is saved, or nonsense; "4,999 -5,999" is a range. A bare number in brackets
    counts something."""
    talk = block[max(0, start - _TALK) : start].translate(NO_MARKS)
    if not signed and talk.endswith("("):
        return True
    return talk.endswith(_DASHES) and bool(_MINUS.search(talk))


def _alone(block: str, start: int, stop: int, signed: bool) -> bool:
    """Nothing else on the line but words for a price; beside a signed amount also other amounts and a discount."""
    left, right = block[max(0, start - _TALK) : start], block[stop : stop + _TALK]
    if ("\n" not in left and start > _TALK) or ("\n" not in right and stop + _TALK < len(block)):
        return False
    rest = (left.rpartition("\n")[2] + right.partition("\n")[0]).translate(NO_MARKS)
    if signed:
        rest = _NUMBER.sub("", _DISCOUNT.sub("", rest))
    return not re.search(r"\w", _LABELS.sub("", rest))


def _money(text: str, currency: str | None) -> Money | None:
    try:
        return money.parse(text, currency)
    except MoneyError:
        return None
