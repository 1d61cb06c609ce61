"""Wikimedia Commons: what `imageinfo` and `extmetadata` say of one file."""

import re
from typing import Any

from crawler.bases.image_api import Refused
from crawler.bases.licence import first_link, plain
from crawler.core.models import Rendition

WIDTH, THUMBNAIL = 960, 330  # of the standard steps 20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840
SHOWN = re.compile(r"(image/|\.)(jpe?g|png|webp|gif)$", re.I)
NOBODY = ("unknown", "unknown author", "anonymous", "n/a")


def refuse(info: dict[str, Any], meta: dict[str, Any]) -> None:
    if info.get("mediatype", "BITMAP") != "BITMAP":
        raise Refused("not_a_picture")
    if meta.get("Restrictions"):
        raise Refused("restricted")
    if "watermark" in (meta.get("Categories") or "").lower():
        raise Refused("watermark")


def credit(meta: dict[str, Any]) -> tuple[str | None, str | None]:
    """(author, author's page); a page still to be written is no link."""
    name = plain(meta.get("Artist"))
    link = first_link(meta.get("Artist"))
    if name and name.lower() in NOBODY:
        return None, None
    return name, None if link and "redlink=1" in link else link


def renditions(info: dict[str, Any]) -> list[Rendition]:
    """The scaled picture and, where a browser can show it, the original."""
    found = [Rendition(info.get("thumburl") or "", info.get("thumbwidth"), info.get("thumbheight"))]
    if SHOWN.search(info.get("mime") or info.get("url") or ""):
        found.append(Rendition(info.get("url") or "", info.get("width"), info.get("height")))
    return list({r.url: r for r in found if r.url}.values())


def thumbnail(scaled: str | None) -> str | None:
    """The same picture one standard step smaller; originals narrower than a step have no scaled address."""
    if not scaled or f"/{WIDTH}px-" not in scaled:
        return scaled
    return scaled.replace(f"/{WIDTH}px-", f"/{THUMBNAIL}px-")
