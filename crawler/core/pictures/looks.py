"""What a look at its picture tells of a design: which rendition is looked at, what is kept, how long that holds."""

import msgspec

from crawler.core.models import Design, Rendition, Verified
from crawler.core.pictures import Picture

FRESH = 30 * 86_400.0  # seconds a look holds
LEAST_WIDTH = 300  # px of the rendition to look at
FIGURES = ("sharpness", "exposure", "contrast")


def smallest(design: Design) -> str:
    """The lightest address that still shows the picture well enough to hash."""
    if design.thumbnail:
        return design.thumbnail
    wide = [r for r in design.renditions if (r.width or 0) >= LEAST_WIDTH]
    return min(wide, key=lambda r: r.width or 0).url if wide else design.renditions[0].url


def pixels(design: Design) -> int:
    """Of the picture, or else of its largest rendition; 0 when no size is known."""
    own = (design.width or 0) * (design.height or 0)
    return own or max(((r.width or 0) * (r.height or 0) for r in design.renditions), default=0)


def aspect(design: Design) -> float | None:
    """Width over height, of the picture or else of any rendition that says both."""
    sizes = [(design.width, design.height), *((r.width, r.height) for r in design.renditions)]
    return next((width / height for width, height in sizes if width and height), None)


def describe(design: Design, picture: Picture, at: float) -> None:
    """Writes what was seen into the design."""
    design.phash, design.colors, design.placeholder = picture.phash, picture.colors, picture.placeholder
    design.verified = Verified(image=True, at=at)
    design.quality_parts = {f: getattr(picture, f) for f in FIGURES}
    _size(design, Rendition(smallest(design), picture.width, picture.height))


def remember(design: Design, stored: Design | None, at: float) -> bool:
    """Takes over what an earlier look at the same address found, if that is recent."""
    if stored is None or not _fresh(stored, at) or smallest(stored) != smallest(design):
        return False
    design.phash, design.colors, design.placeholder = stored.phash, stored.colors, stored.placeholder
    design.verified, design.group = stored.verified, stored.group
    design.quality_parts = {f: stored.quality_parts[f] for f in FIGURES if f in stored.quality_parts}
    for rendition in stored.renditions:
        if rendition.url == smallest(design):
            _size(design, rendition)
    return True


def _fresh(stored: Design, at: float) -> bool:
    seen = stored.verified
    return seen is not None and bool(seen.image) and seen.at is not None and at - seen.at <= FRESH


def _size(design: Design, seen: Rendition) -> None:
    """The size of the rendition looked at, where the source gave none."""
    listed = [r.url for r in design.renditions]
    design.renditions = [
        msgspec.structs.replace(r, width=seen.width, height=seen.height) if r.url == seen.url and not r.width else r
        for r in design.renditions
    ] + ([] if seen.url in listed else [seen])
