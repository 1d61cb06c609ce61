"""Does an address still lead to what it promised? What a status means, and how long that is believed. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec

KIND = "link"  # of small document
HOLDS_S, BROKEN_S, UNCLEAR_S = 86_400.0, 21_600.0, 1_800.0  # how long each answer is believed
NO_HEAD = (400, 403, 405, 406, 429, 500, 501, 503)  # statuses of servers that may merely not care for HEAD

Of = Literal["page", "picture"]
Statuses = Mapping[int, bool | None]  # what a source means by a status, where that is not the usual
_USUAL: dict[int, bool | None] = {200: True, 203: True, 206: True, 304: True, 404: False, 410: False, 416: True}


class Link(msgspec.Struct, frozen=True):
    """`holds`: True, False, or None when the answer says neither. `at` in Unix seconds. `phash` of a picture that was
    looked at whole: "" when it is too plain to have one, None when it was not looked at."""

    holds: bool | None
    status: int
    at: float
    phash: str | None = None

    @property
    def lasts_s(self) -> float:
        return UNCLEAR_S if self.holds is None else HOLDS_S if self.holds else BROKEN_S


def key(url: str) -> str:
    """Of the small document that keeps what was found at an address."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=16).hexdigest()


def holds(of: Of, status: int, content_type: str, elsewhere: bool, own: Statuses) -> bool | None:
    """What an answer says. `elsewhere`: another page answered. A page that is no picture is no picture's address."""
    if status in own:
        return own[status]
    said = _USUAL.get(status)
    if said and of == "picture" and content_type:
        return content_type.startswith(("image/", "binary/", "application/octet-stream"))
    return False if said and elsewhere else said
