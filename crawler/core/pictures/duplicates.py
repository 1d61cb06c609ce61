"""Which designs show the same picture, and which of them stands for the others.

A perceptual hash alone is not believed: at the distance where it finds most altered copies it would also join
thousands of strangers in a store of a million. The nearer the hashes, the less else must agree.
"""

import base64
import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crawler.core.licences import openness
from crawler.core.models import Design
from crawler.core.pictures.looks import aspect, pixels
from crawler.core.store import terms

SAME, NEAR, FAR = 12, 36, 90  # bits of 256
CHROMA = 6.0  # mean difference (of 255) between the colours of a picture and its altered copy, brightness set aside
TURN = 0.25  # or, for strong colours: how far their directions part (1 - cosine)
GREY = 3.0  # chroma below which a picture has no colour to compare
SHAPE = 0.04  # relative difference of aspect ratios
WORDS = 0.5  # share of title words in common


def alike(one: Design, other: Design, bits: int) -> bool:
    """Whether two designs `bits` apart show one picture."""
    if same_file(one, other):
        return True
    if bits > FAR:
        return False
    shape, tint = _shape(one, other), _tint(one, other)
    if bits <= SAME:
        return tint <= 1 if tint is not None else shape
    if bits <= NEAR:
        return shape and tint is not None and tint <= 1
    return shape and tint is not None and tint <= 0.5 and (_words(one, other) or _author(one, other))


def same_file(one: Design, other: Design) -> bool:
    """Two sources often point at one file."""
    return bool({r.url for r in one.renditions} & {r.url for r in other.renditions})


def canonical(designs: list[Design]) -> Design:
    """Freest licence, then most pixels, then best described, then the smaller id: the same pick in any order."""
    return min(designs, key=lambda d: (-openness(d.license.code), -pixels(d), -_described(d), d.id))


def group(designs: list[Design]) -> list[tuple[Design, str | None]]:
    """(design, the group it should have) of each: the canonical pick has none, the others its id."""
    best = canonical(designs)
    return [(d, None if d.id == best.id else best.id) for d in designs]


def _shape(one: Design, other: Design) -> bool:
    a, b = aspect(one), aspect(other)
    return a is not None and b is not None and abs(math.log(a / b)) <= SHAPE


def _tint(one: Design, other: Design) -> float | None:
    """How differently two pictures are coloured, place by place; the hash itself sees no colour. 1 is as far as altered
    copies go; None when a picture was not looked at."""
    if not (one.placeholder and other.placeholder):
        return None
    a, b = _chroma(one.placeholder), _chroma(other.placeholder)
    product, size = float((a * b).sum()), float((b * b).sum())
    gain = min(max(product / max(size, 1e-6), 0.66), 1.5)
    turn = 1 - product / max(math.sqrt(float((a * a).sum()) * size), GREY**2 * a.size)
    return min(float(np.abs(a - gain * b).mean()) / CHROMA, turn / TURN)


def _chroma(uri: str) -> NDArray[np.float32]:
    """(8, 8, 2) blue and red differences around 0."""
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])), formats=("WEBP",)) as image:
        small = image.convert("YCbCr").resize((8, 8), Image.Resampling.BOX)
    return np.asarray(small, np.float32)[..., 1:] - 128


def _words(one: Design, other: Design) -> bool:
    a, b = set(terms(one.title)), set(terms(other.title))
    return bool(a and b) and len(a & b) / len(a | b) >= WORDS


def _author(one: Design, other: Design) -> bool:
    return bool(one.author and other.author) and terms(one.author) == terms(other.author)


def _described(design: Design) -> int:
    return sum(bool(v) for v in (design.author, design.author_url, design.title, design.tags))
