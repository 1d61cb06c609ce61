"""Interior pictures, with what their sources ask of whoever shows them."""

import msgspec

from crawler.core.models.products import Verified


class Rendition(msgspec.Struct, omit_defaults=True, gc=False):
    url: str
    width: int | None = None
    height: int | None = None


class License(msgspec.Struct, omit_defaults=True, gc=False):
    """`code` is SPDX-like and lower case: cc0-1.0, cc-by-4.0, pdm-1.0."""

    code: str
    url: str | None = None
    version: str | None = None


class Design(msgspec.Struct, omit_defaults=True, gc=False):
    """One interior picture. id is `<source>:<id>`; `phash` is 64 hex digits (256 bits)."""

    id: str
    source: str
    url: str
    renditions: list[Rendition]
    license: License
    title: str | None = None
    author: str | None = None
    author_url: str | None = None
    attribution: str = ""
    attribution_html: str = ""
    width: int | None = None
    height: int | None = None
    tags: list[str] = []
    thumbnail: str | None = None
    colors: list[str] = []
    placeholder: str | None = None
    phash: str | None = None
    group: str | None = None  # id of the design that stands for its duplicates
    verified: Verified | None = None
    quality: float | None = None
    quality_parts: dict[str, float] = {}
    fetched_at: float = 0.0
    ping: str | None = None  # address its source wants to be asked when a person uses it
