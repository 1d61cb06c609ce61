"""The data of a page that Next.js streams in pieces: `self.__next_f.push([1,"…"])`. The pieces joined are rows
`<hex id>:<JSON>`; `T` rows are plain text of a stated length, other letters are code and hints."""

import re
from collections.abc import Iterable
from typing import Any

import orjson

MOST = 20_000_000  # characters of all pieces
_PUSH = re.compile(r"""self\.__next_f\.push\(\s*(?=\[\s*1\s*,)""")
_ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]+),)?")


def flight(scripts: Iterable[str]) -> list[Any]:
    """The objects and lists of all rows, in order; [] for a page that has none."""
    pieces = [piece for text in scripts if "__next_f" in text for piece in _pieces(text)]
    data = "".join(pieces)[:MOST].encode()
    found, at = list[Any](), 0
    while at < len(data):
        match = _ROW.match(data, at)
        if match and match[2]:
            at = match.end() + int(match[2], 16)
            continue
        end = (data.find(b"\n", at) + 1 or len(data) + 1) - 1
        value = _value(data[match.end() : end]) if match else None
        if isinstance(value, dict | list):
            found.append(value)
        at = end + 1
    return found


def _pieces(text: str) -> list[str]:
    pieces = []
    for match in _PUSH.finditer(text):
        end = text.rfind("])", match.end())
        pushed = _value(text[match.end() : end + 1].encode())
        if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str):
            pieces.append(pushed[1])
    return pieces


def _value(text: bytes) -> Any:
    if text[:1] not in b"[{":
        return None
    try:
        return orjson.loads(text)
    except ValueError:
        return None
