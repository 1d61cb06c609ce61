"""What a picture source allows and asks for, as data that the code obeys."""

from typing import Literal

import msgspec


class Terms(msgspec.Struct, frozen=True):
    """One source's duties. `read_at` is the day the terms were read: they age.

    `hotlink`: "required" pictures are shown from the source's own URLs, never copied; "forbidden" URLs may be shown for
    a while but a used picture is copied. `cache_s`: least seconds an answer is kept before it is asked again.
    `ping`: tell the source when a person uses a picture. `credit`: how strongly it wants to be named. `automation`:
    False means only behind a person's search, never as a scheduled crawl. `max_side`: largest rendition to offer, in
    pixels. `per_minute` and `per_day`: calls allowed without (or with) our key; None where not stated.
    """

    name: str
    home: str
    url: str
    read_at: str
    hotlink: Literal["required", "allowed", "forbidden"] = "allowed"
    cache_s: int = 86_400
    ping: bool = False
    credit: Literal["required", "asked", "none"] = "required"
    automation: bool = True
    keyed: bool = False
    max_side: int | None = None
    per_minute: int | None = None
    per_day: int | None = None
