"""Which currency a text names, as an ISO 4217 code. The signs are data: `currencies.json`.

A sign that several countries share (`$`, `kr`, `Rs`) means the one asked for when that one uses it, else its usual
one, else nothing. A timid sign is also a word or a unit (`L`, `KM`, `TRY`): it counts only where it is expected.
"""

import json
import re
from pathlib import Path
from typing import Any

_TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("currencies.json").read_text("utf-8"))
_CODES = _TABLE["codes"].split()
_TIMID = frozenset(_TABLE["timid"].split())
_DIGITS = {code: int(places) for places, codes in _TABLE["digits"].items() for code in codes.split()}
_WEAK = frozenset(_TABLE["weak"].split())
LIMIT, WEAK_LIMIT = 10_000_000, 10_000_000_000


def digits(code: str | None) -> int:
    """Decimal places of the minor unit: JPY 0, INR 2, KWD 3; 2 where the currency is not known."""
    return _DIGITS.get(code or "", 2)


def limit(code: str | None) -> int:
    """The first price, in major units, that is too large to be believed."""
    return WEAK_LIMIT if code in _WEAK else LIMIT


def _loose(sign: str) -> bool:
    """May case vary? Not in short Latin signs (Ft is forint, ft is feet) nor in timid ones (TRY)."""
    return sign not in _TIMID and (len(sign) > 2 or not sign.isascii())


def _table() -> dict[str, tuple[str | None, ...]]:
    signs: dict[str, tuple[str | None, ...]] = {code: (code,) for code in _CODES}
    signs |= {sign: (code,) for code, own in _TABLE["signs"].items() for sign in own}
    signs |= {sign: tuple(codes) for sign, codes in _TABLE["shared"].items()}
    for sign in ("Rs", "kr"):
        signs |= dict.fromkeys((sign.lower(), sign.upper(), sign.title()), signs[sign])
    return {sign.casefold() if _loose(sign) else sign: codes for sign, codes in signs.items()}


_SIGNS = _table()

# a symbol with the letters of its country around it, or a word; whether it is a sign, the table says
_ANY = (
    r"(?<![^\W\d_])[A-Za-z]{1,4} ?[$£¥₵₣]|\$[Ub](?![^\W\d_])|[$£€¥﷼\u20a0-\u20c0฿៛৳؋֏ƒ¢⃁￡]"
    r"|(?<![^\W\d_万만])(?:[^\W\d_]|[\u0900-\u0dff])+(?:[.'\"ʻ‘״/][^\W\d_]*)*|\.د\.ب"
)
_SIGN = re.compile(_ANY)
_BEFORE = re.compile(rf"({_ANY})[\s:=*(–—-]*\Z")
_AFTER = re.compile(rf"[\s*.,–—-]{{0,4}}([円원]|{_ANY})")  # words of other languages touch these two


def candidates(sign: str) -> tuple[str | None, ...]:
    """The currencies a word or symbol may mean, the usual one first (None: it has no usual one); () for no sign."""
    for form in (sign, sign.rstrip("./"), sign.replace(" ", ""), sign.partition("/")[0].rstrip("."), sign[-1:]):
        found = _SIGNS.get(form) or _SIGNS.get(form.casefold())
        if found and (form != sign[-1:] or not form.isalpha() or form == sign):
            return found
    return ()


def resolve(sign: str, hint: str | None = None) -> str | None:
    """ISO code of one sign; `hint` decides between the currencies that share it."""
    meant = candidates(sign)
    return hint if hint in meant else meant[0] if meant else None


def sign_before(text: str) -> re.Match[str] | None:
    """The sign that a number following `text` would have, as group 1."""
    return _sign(_BEFORE.search(text, max(0, len(text) - 16)))


def sign_after(text: str, start: int) -> re.Match[str] | None:
    """The sign that follows a number ending at `start`, as group 1."""
    return _sign(_AFTER.match(text, start))


def _sign(match: re.Match[str] | None) -> re.Match[str] | None:
    return match if match and candidates(match[1]) else None


def is_timid(sign: str) -> bool:
    return sign.rstrip(".") in _TIMID


def detect(text: str, hint: str | None = None) -> str | None:
    """ISO code of the currency a text names, a sign of one country before one that several share."""
    words: list[str] = _SIGN.findall(text)
    found = [word for word in words if candidates(word) and (not is_timid(word) or len(words) == 1)]
    sure = next((word for word in found if len(candidates(word)) == 1), None)
    return resolve(sure or found[0], hint) if found else None
