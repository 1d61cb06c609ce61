"""The amounts of money a text shows, in the order they stand: which digits belong together, where the decimals begin,
which currency sign is whose. What is plainly no price (a percentage, a rating, a date, a size) is left out."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from crawler.core.currency import SIGN_AFTER, SIGN_BEFORE, candidates, digits, resolve


class Amount(NamedTuple):
    """`signed`: a currency sign stands beside it; `past`: the words before it speak of a former price."""

    value: Decimal
    currency: str | None
    signed: bool
    negative: bool = False
    past: bool = False


_MARKS: dict[int, str | None] = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c"))
_MARKS |= dict.fromkeys(range(0x202A, 0x202F)) | dict.fromkeys(range(0x2066, 0x206A))
_MARKS |= {ord(odd): plain for odd, plain in zip("٫٬،．，’‘´％＄￥−﹣", ".,,.,'''%$¥--", strict=True)}
_RAISED = re.compile(r"(?<=\d)[⁰¹²³⁴-⁹]{2}(?![⁰¹²³⁴-⁹])")
_WIDE_DIGIT = re.compile(r"[^\W\x00-\x7f]")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """ASCII digits and separators, single spaces, no invisible marks."""
    if not text.isascii():
        text = text.translate(_MARKS)
        text = _RAISED.sub(lambda m: "." + "".join(str(unicodedata.digit(c)) for c in m[0]), text)
        text = _WIDE_DIGIT.sub(lambda m: str(unicodedata.decimal(m[0], m[0])), text)
    return _SPACES.sub(" ", text).strip()


_NUMBER = re.compile(
    r"""(?:(?<![\w.])\.{1,2}(?=\d))?
    (?: \d{1,3}(?:\ \d{3})+(?!\d|[.,]\d{3})(?:[.,]\ ?\d{1,2}(?!\d))?
      | \d{1,3}(?:'\d{3})+(?!\d)(?:[.,]\d{1,2})?
      | \d+(?:[.,]\d+)+
      | \d+(?:[.,]\ \d{2}(?=\ ?(?:$|[^\w\s.,]|zł|TL)))?
    )""",
    re.X,
)
_EURO_CENTS = re.compile(r" ?€ ?(\d{2})(?!\d|[.,]\d| ?[€%])")
_TIMES = {"lakh": 5, "lac": 5, "crore": 7, "cr": 7, "million": 6, "mn": 6, "mio": 6, "млн": 6, "万": 4, "만": 4}
_TIMES_AFTER = re.compile(r" ?(?:(lakh|lac|crore|cr|million|mn|mio|млн)s?\b\.?|(万|만)(?!\d))", re.I)
_RANGE = re.compile(r" ?(?:-|–|—|to|bis|до|a) ?")
_PAST = re.compile(r"(?:was|instead of|statt|před slevou|rrp|uvp|m\.?r\.?p\.?|list price)[\s:(]*\S{0,4}\s?\Z", re.I)
_MINUS = re.compile(r"(?:^|[\s(])-\Z")
_PERCENT = re.compile(r" ?%")
_PRICE_WORDS = re.compile(
    r"[\W_]*(?:(?:our|your|the|now|only|just|sale|special|regular|unit|price|preis|prix|precio|preço|prezzo|prijs|pris|"
    r"cena|cijena|цена|från|from|ab|von|vanaf|da|desde|dès|starting|at|is)\b[\W_]*)*",
    re.I,
)
_NO_BARE_PRICE = re.compile(
    r" ?[%°\"″′]|'|[-/:x×]\d| ?[x×]|\.\d| ?\([\d., ]+[km+]?\)| ?(?!(?:inc|incl|inkl|excl|exkl|ex|vat|gst|ttc|ht)\b)[^\W\d_]",
    re.I,
)


def amounts(text: str, hint: str | None = None) -> list[Amount]:
    """Every amount in `plain` text. `hint` settles shared currency signs."""
    found: list[Amount] = []
    for amount, gap in _walk(text, hint):
        if amount.signed and found and not found[-1].signed and _RANGE.fullmatch(gap):
            found[-1] = found[-1]._replace(currency=amount.currency, signed=True)
        found.append(amount)
    return found


def _walk(text: str, hint: str | None) -> Iterator[tuple[Amount, str]]:
    """Each amount with the text between it and the number before."""
    end = 0
    for match in _NUMBER.finditer(text):
        if match.start() < end:
            continue
        gap, start, number = text[end : match.start()], end, match[0]
        sign, end, number = _sign(text, match.end(), gap, number, hint)
        currency = resolve(sign, hint) if sign else None
        times, end = _times(text, end)
        value = _value(number, digits(currency or hint))
        after = text[match.end() : match.end() + 24]
        if value is None or _PERCENT.match(after) or not (sign or _bare(gap, after, start)):
            continue
        yield Amount(value * times, currency, bool(sign), bool(_MINUS.search(gap)), bool(_PAST.search(gap))), gap


def _sign(text: str, end: int, gap: str, number: str, hint: str | None) -> tuple[str | None, int, str]:
    """(the sign that belongs to the number, where its text ends, the number with the cents that follow a €)."""
    cents = _EURO_CENTS.match(text, end)
    if cents and number.isdigit():
        return "€", cents.end(), f"{number}.{cents[1]}"
    times = _TIMES_AFTER.match(text, end)
    before = SIGN_BEFORE.search(gap, max(0, len(gap) - 16))
    after = SIGN_AFTER.match(text, times.end() if times else end)
    signs = [m for m in (before, after) if m and not _other_s(m is after, m, text, bool(before)) and _sure(m[1], hint)]
    best = min(signs, key=lambda m: len(candidates(m[1])), default=None)
    return (best[1] if best else None), (after.end() if after and after in signs else end), number


def _other_s(follows: bool, match: re.Match[str], text: str, before: bool) -> bool:
    """Does a sign after this number belong to the next one?"""
    if not follows:
        return False
    rest = text[match.end() : match.end() + 2]
    return rest[:1].isdigit() or (before and rest[:1] == " " and rest[1:].isdigit())


def _sure(sign: str, hint: str | None) -> bool:
    """A lone Latin letter (R) is a currency only where that currency is expected."""
    return not (len(sign) == 1 and sign.isascii() and sign.isalpha()) or hint in candidates(sign)


def _times(text: str, end: int) -> tuple[int, int]:
    match = _TIMES_AFTER.match(text, end)
    return (10 ** _TIMES[(match[1] or match[2]).lower()], match.end()) if match else (1, end)


def _bare(before: str, after: str, start: int) -> bool:
    """A number without a sign is a price only where nothing but words for a price stands around it."""
    return start == 0 and bool(_PRICE_WORDS.fullmatch(before)) and not _NO_BARE_PRICE.match(after)


def _value(number: str, places: int) -> Decimal | None:
    """The number's value, or None when its groups make no sense (a date, a version)."""
    body = number.lstrip(".")
    marks = re.findall(r"[.,' ]+", body)
    if not marks:
        return Decimal(("0." if number != body else "") + body)
    parts = re.split(r"[.,' ]+", body)
    last = marks[-1].strip() or " "
    if _is_decimal(parts, marks, last, places):
        return _grouped(parts[:-1], f".{parts[-1]}")
    return _grouped(parts, "")


def _is_decimal(parts: list[str], marks: list[str], last: str, places: int) -> bool:
    if last not in ".," or sum(mark.strip() == last for mark in marks) > 1:
        return False
    if len(marks) > 1 or len(parts[-1]) != 3:
        return True
    return len(parts[0]) > 3 or parts[0] == "0" or (places == 3 and last == ".")


def _grouped(parts: list[str], decimals: str) -> Decimal | None:
    """Thousands (1,299,990) or lakhs (12,99,990): the last group has three digits, the others two or three."""
    groups = parts[1:]
    if groups and (len(parts[0]) > 3 or len(groups[-1]) != 3 or any(len(g) not in (2, 3) for g in groups)):
        return None
    return Decimal("".join(parts) + decimals)
