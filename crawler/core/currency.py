"""Which currency a text names, as an ISO 4217 code. The signs are data: `currencies.json`.

A sign that several countries share (`$`, `kr`, `Rs`) means the one asked for when that one uses it, else its usual
one, else nothing.
"""

import json
import re
from pathlib import Path
from typing import Any

_TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("currencies.json").read_text("utf-8"))
CODES = frozenset(_TABLE["codes"].split())
_DIGITS = {code: int(places) for places, codes in _TABLE["digits"].items() for code in codes.split()}
_WEAK = frozenset(_TABLE["weak"].split())
_WORDS = frozenset(_TABLE["words"].split())
LIMIT, WEAK_LIMIT = 10_000_000, 10_000_000_000


def digits(code: str | None) -> int:
    """Decimal places of the minor unit: JPY 0, INR 2, KWD 3; 2 where the currency is not known."""
    return _DIGITS.get(code or "", 2)


def limit(code: str | None) -> int:
    """The first price, in major units, that is too large to be believed."""
    return WEAK_LIMIT if code in _WEAK else LIMIT


def _loose(sign: str) -> bool:
    """May case vary? Not in short Latin signs (Ft is forint, ft is feet) nor in codes that are words (TRY)."""
    return sign not in _WORDS and (len(sign) > 2 or not sign.isascii())


def _table() -> dict[str, tuple[str | None, ...]]:
    signs: dict[str, tuple[str | None, ...]] = {code: (code,) for code in CODES}
    signs |= {sign: (code,) for code, own in _TABLE["signs"].items() for sign in own}
    signs |= {sign: tuple(codes) for sign, codes in _TABLE["shared"].items()}
    for sign in ("Rs", "kr"):
        signs |= dict.fromkeys((sign.lower(), sign.upper(), sign.title()), signs[sign])
    return {sign.casefold() if _loose(sign) else sign: codes for sign, codes in signs.items()}


_SIGNS = _table()


def _pattern(sign: str) -> str:
    """One sign as a regex: words stand alone, a dollar may stand apart from its country."""
    body = re.escape(sign[:-1]) + r"\s?\$" if sign.endswith("$") and len(sign) > 1 else re.escape(sign)
    body = f"(?i:{body})" if _loose(sign) else body
    before = r"(?<![^\W\d_])" if sign[0].isalpha() else ""
    return before + body + (r"(?![^\W\d_])\.?" if sign[-1].isalpha() else "")


_ANY = "|".join(_pattern(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_SIGN = re.compile(_ANY)
SIGN_BEFORE = re.compile(rf"({_ANY})[\s:=*(–—-]*\Z")
SIGN_AFTER = re.compile(rf"[\s*.,–—-]{{0,4}}({_ANY})")


def candidates(sign: str) -> tuple[str | None, ...]:
    """The currencies a matched sign may mean, the usual one first (None: it has no usual one)."""
    for key in (sign, sign.rstrip("."), sign.replace(" ", "")):
        found = _SIGNS.get(key) or _SIGNS.get(key.casefold())
        if found:
            return found
    return (None,)


def resolve(sign: str, hint: str | None = None) -> str | None:
    """ISO code of one sign; `hint` decides between the currencies that share it."""
    meant = candidates(sign)
    return hint if hint in meant else meant[0]


def detect(text: str, hint: str | None = None) -> str | None:
    """ISO code of the currency a text names, a sign of one country before one that several share."""
    found: list[str] = _SIGN.findall(text)
    sure = next((sign for sign in found if len(candidates(sign)) == 1), None)
    return resolve(sure or found[0], hint) if found else None
