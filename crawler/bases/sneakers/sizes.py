"""Sizes and style codes in one spelling, so that the same shoe and size is the same on every market: "US M 9",
"US W 7.5", "US 5Y", "DD1391-100"."""

import re
from typing import Any

from crawler.bases import read

_GENDERS = {"men": "M", "man": "M", "male": "M", "unisex": "M", "women": "W", "woman": "W", "female": "W"}
_YOUNG = {"youth": "Y", "grade_school": "Y", "boys": "Y", "girls": "Y", "kids": "Y", "child": "C", "preschool": "C",
          "infant": "C", "toddler": "C"}  # fmt: skip
_STYLE = re.compile(r"(?=.*\d)([A-Z0-9]{4,8})[\s_-]+([A-Z0-9]{2,4})", re.I)


def size(system: Any, gender: Any, number: Any) -> str | None:
    """ "us", "men", 9.0 -> "US M 9"; clothes and sizes in words keep them: "US XS/S"."""
    text = f"{number:g}" if isinstance(number, float) else read.clean(str(number)) if number is not None else None
    if not text or text == "0":
        return None
    whom = str(gender or "").strip().lower()
    unit = str(system or "").rpartition("_")[2].strip().upper()
    if whom in _YOUNG and text[-1].isdigit():
        return " ".join(filter(None, (unit, text + _YOUNG[whom])))
    return " ".join(filter(None, (unit, _GENDERS.get(whom, "") if text[0].isdigit() else "", text)))


def style(code: Any) -> str | None:
    """The maker's number as a shoe's box has it, with a dash: "HQ7978 100" -> "HQ7978-100". Others as they are."""
    text = read.clean(code)
    match = _STYLE.fullmatch(text or "")
    return f"{match[1]}-{match[2]}".upper() if match else text
