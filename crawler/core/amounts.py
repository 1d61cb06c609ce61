"""The amounts of money a text shows, in the order they stand: which digits belong together, where the decimals begin,
which currency sign is whose. What is plainly no price (a percentage, a rating, a date, a size) is left out."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from crawler.core.currency import candidates, digits, is_timid, resolve, sign_after, sign_before


class Amount(NamedTuple):
    """`signed`: a currency sign stands beside it. `bare`: it has none, but nothing else stands around it either.
    `past`: the words before it speak of a former price."""

    value: Decimal
    currency: str | None
    signed: bool
    bare: bool
    negative: bool
    past: bool


_NOTHING = Amount(Decimal(0), None, signed=False, bare=True, negative=False, past=False)
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
      | \d{1,3}(?:[.,]\d{3})+[.,]\ \d{2}(?=\ ?(?:$|[^\w\s.,]|zł|TL|undefined))
      | \d{1,3}(?:'\d{3})+(?!\d)(?:[.,]\d{1,2})?
      | \d+(?:[.,]\d+)+
      | \d+(?:[.,]\ \d{2}(?=\ ?(?:$|[^\w\s.,]|zł|TL|undefined)))?
    )""",
    re.X,
)
_EURO_CENTS = re.compile(r" ?€ ?(\d{2})(?!\d|[.,]\d| ?[€%])")
_DOLLAR_CENTS = re.compile(r" (\d{2})(?= ?(?:[/(*$]|$))")
_TIMES = {"lakh": 5, "lac": 5, "crore": 7, "cr": 7, "million": 6, "mn": 6, "mio": 6, "млн": 6, "万": 4, "만": 4}
_TIMES_AFTER = re.compile(r" ?(?:(lakh|lac|crore|cr|million|mn|mio|млн)s?\b\.?|(万|만)(?!\d))", re.I)
_RANGE = re.compile(r" ?(?:-|–|—|to|bis|до|a) ?")
_PAST = re.compile(r"(?:was|instead of|statt|před slevou|rrp|uvp|m\.?r\.?p\.?|list price)[\s:(]*\S{0,4}\s?\Z", re.I)
_MINUS = re.compile(r"(?:^|[\s(₹$€£¥])-(?:[^\s\w]|[A-Za-z]{2,3}\.?)?\Z")
_FREE = re.compile(r"\W*(?:free|gratis|kostenlos|gratuit)\W*", re.I)
_NO_AMOUNT = re.compile(r" ?%|\+(?! ?\d)")
_PRICE_WORDS = re.compile(
    r"[\W_]*(?:(?:our|your|the|now|only|just|sale|special|regular|unit|price|preis|prix|precio|preço|prezzo|prijs|pris|"
    r"cena|cijena|цена|från|from|ab|von|vanaf|da|desde|dès|starting|at|is)\b[\W_]*)*",
    re.I,
)
_NO_BARE_PRICE = re.compile(
    r" ?[°\"″′]|'|[-/:x×]\d| ?[x×]|\.\d| ?\([\d., ]+[km+]?\)|"
    r" ?(?!(?:inc|incl|inkl|excl|exkl|ex|vat|gst|ttc|ht|undefined)\b)[^\W\d_]",
    re.I,
)


def amounts(text: str, hint: str | None = None) -> list[Amount]:
    """Every amount in `plain` text. `hint` settles shared currency signs."""
    found = [_NOTHING] if _FREE.fullmatch(text) else []
    for amount, gap in _walk(text, hint):
        if amount.signed and found and not found[-1].signed and _RANGE.fullmatch(gap):
            found[-1] = found[-1]._replace(currency=amount.currency, signed=True)
        found.append(amount)
    return [amount for amount in found if amount.signed or amount.bare]


def _walk(text: str, hint: str | None) -> Iterator[tuple[Amount, str]]:
    """Each number that could be an amount, with the text between it and the number before."""
    end = 0
    for match in _NUMBER.finditer(text):
        if match.start() < end:
            continue
        gap, first = text[end : match.start()], end == 0
        times = _TIMES_AFTER.match(text, match.end())
        sign, end, number = _sign(text, match, times.end() if times else match.end(), gap, hint)
        currency = resolve(sign, hint) if sign else None
        value = _value(number, digits(currency or hint))
        after = text[match.end() : match.end() + 24]
        if value is None or _NO_AMOUNT.match(after):
            continue
        bare = first and bool(_PRICE_WORDS.fullmatch(gap)) and not _NO_BARE_PRICE.match(after)
        if times:
            value *= 10 ** _TIMES[(times[1] or times[2]).lower()]
        yield Amount(value, currency, bool(sign), bare, bool(_MINUS.search(gap)), bool(_PAST.search(gap))), gap


def _sign(text: str, number: re.Match[str], stop: int, gap: str, hint: str | None) -> tuple[str | None, int, str]:
    """(the sign that belongs to the number, where its text ends, the number with cents that stand apart). `stop` is
    where the number ends, with its multiplier."""
    before, after = sign_before(gap), sign_after(text, stop)
    cents = _cents(text, number, before)
    if cents:
        return before[1] if before else "€", cents.end(), f"{number[0]}.{cents[1]}"
    glued = after is not None and after.start(1) == stop and before is None
    if after and not glued and _is_next(text[after.end() : after.end() + 2], before is not None):
        after = None
    alone = len(text) <= len(number[0]) + len((before or after or number)[0])
    signs = [m for m in (before, after) if m and (not is_timid(m[1]) or _expected(m[1], hint, alone))]
    best = min(signs, key=lambda m: len(candidates(m[1])), default=None)
    return (best[1] if best else None), (after.end() if after and after in signs else stop), number[0]


def _cents(text: str, number: re.Match[str], before: re.Match[str] | None) -> re.Match[str] | None:
    """Cents set apart from their number: 35€ 99, $29 97."""
    if not number[0].replace(",", "").isdigit():
        return None
    if before is None:
        return _EURO_CENTS.match(text, number.end())
    return _DOLLAR_CENTS.match(text, number.end()) if before[1].endswith("$") else None


def _is_next(rest: str, before: bool) -> bool:
    """Does the sign after this number belong to the number that follows it?"""
    return rest[:1].isdigit() or (before and rest[:1] == " " and rest[1:].isdigit())


def _expected(sign: str, hint: str | None, alone: bool) -> bool:
    """A sign that is also a word or a unit counts where its currency is asked for, or with nothing else around."""
    return hint in candidates(sign) if hint else alone


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
