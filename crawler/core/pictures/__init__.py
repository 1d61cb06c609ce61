"""Bytes of a picture in, what homefeed keeps of it out. Synchronous and CPU-bound: call it in a thread.

One decode path for everything: bounded in bytes and in pixels (the header is read first), shrunk while decoding,
turned as its EXIF says, laid on white. Raises PictureError.
"""

import io
import struct
import threading
from contextlib import nullcontext
from typing import NamedTuple

import msgspec
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from crawler.core.errors import PictureError
from crawler.core.pictures.appearance import colors, figures, placeholder
from crawler.core.pictures.phash import phash

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
LARGE = 8_000_000  # pixels of a picture that is decoded whole, from which on they are decoded one at a time
MIN_SIDE = 16  # smaller ones are spacers and tracking pixels
_SIDE = 96  # the shorter side is shrunk to no less than this
_FORMATS = ("PNG", "WEBP", "GIF", "AVIF", "JPEG")
_ORIENTATION = 0x0112
_one_large = threading.Lock()
# Blocks of this size are mapped memory; smaller ones stay with each thread that ever decoded a large picture.
Image.core.set_block_size(64 * 1024 * 1024)  # type: ignore[attr-defined]
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error, OverflowError)


class Picture(msgspec.Struct, frozen=True):
    """`width` and `height` in pixels as shown. `phash` is None when the picture is too flat to be told from others.
    `colors` are "#rrggbb", most used first. `placeholder` is a data URI of at most 200 characters. `sharpness`,
    `exposure` and `contrast` run from 0 (bad) to 1."""

    width: int
    height: int
    format: str
    phash: str | None
    colors: list[str]
    placeholder: str
    sharpness: float
    exposure: float
    contrast: float


class Pixels(NamedTuple):
    """`rgb` is (height, width, 3), or (height, width) when grey was asked for, shrunk; `width` and `height` are the
    original's."""

    rgb: NDArray[np.uint8]
    width: int
    height: int
    format: str


def inspect(data: bytes) -> Picture:
    """Everything homefeed wants to know of a picture."""
    pixels = decode(data)
    image = Image.fromarray(pixels.rgb)
    luma = np.asarray(image.convert("L"))
    sharpness, exposure, contrast = figures(luma)
    return Picture(
        pixels.width, pixels.height, pixels.format, phash(luma), colors(pixels.rgb), placeholder(image),
        sharpness, exposure, contrast,
    )  # fmt: skip


def fingerprint(data: bytes) -> str | None:
    """The hash alone, at two thirds of the cost: colours are never decoded. Within 4 bits of what `inspect` says."""
    return phash(decode(data, grey=True).rgb)


def decode(data: bytes, grey: bool = False) -> Pixels:
    """A picture shrunk to a shorter side of 96 to 191 pixels (smaller ones stay as they are)."""
    if not data:
        raise PictureError("empty")
    if len(data) > MAX_BYTES:
        raise PictureError("too_many_bytes", f"{len(data)} bytes")
    pixels = _jpeg(data, grey) if data[:3] == b"\xff\xd8\xff" else None
    return pixels or _other(data, grey)


def _jpeg(data: bytes, grey: bool) -> Pixels | None:
    """None for the few JPEGs (CMYK, or with harmless damage) that only Pillow reads."""
    try:
        height, width, space, _ = simplejpeg.decode_jpeg_header(data)
        _bound(width, height)
        if space in ("CMYK", "YCCK"):
            return None
        # Powers of two only: the other fractions of the scaled inverse transform are slower and less true.
        part = next((n for n in (8, 4, 2) if min(width, height) // n >= _SIDE), 1)
        rgb = simplejpeg.decode_jpeg(
            data, "GRAY" if grey else "RGB", fastdct=True, fastupsample=True, min_height=-(-height // part),
            min_width=-(-width // part), min_factor=1,
        )  # fmt: skip
    except ValueError:
        return None
    rgb = rgb[:, :, 0] if grey else rgb
    if min(rgb.shape[:2]) >= 2 * _SIDE:
        rgb = np.asarray(_shrunk(Image.fromarray(rgb)))
    return _turned(Pixels(rgb, width, height, "jpeg"), orientation(data))


def _other(data: bytes, grey: bool) -> Pixels:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _bound(image.width, image.height)
            name = (image.format or "").lower()
            width, height = image.size
            with _one_large if width * height > LARGE else nullcontext():
                turn = int(image.getexif().get(_ORIENTATION, 1))
                small = _shrunk(_on_white(image))
                image.close()
            rgb = np.asarray(small.convert("L") if grey else small)
    except Image.DecompressionBombError:
        raise PictureError("too_many_pixels") from None
    except UnidentifiedImageError:
        raise PictureError("not_a_picture") from None
    except _UNREADABLE as error:
        raise PictureError("broken", str(error)) from None
    return _turned(Pixels(rgb, width, height, name), turn)


def _bound(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise PictureError("too_many_pixels", f"{width} x {height}")
    if min(width, height) < MIN_SIDE:
        raise PictureError("too_small", f"{width} x {height}")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel: Pillow would clip, not scale
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    alpha = image.convert("RGBA")
    white = Image.new("RGBA", alpha.size, "white")
    return Image.alpha_composite(white, alpha).convert("RGB")


def _shrunk(image: Image.Image) -> Image.Image:
    part = min(image.size) // _SIDE
    size = (max(1, round(image.width / part)), max(1, round(image.height / part))) if part > 1 else image.size
    return image.resize(size, Image.Resampling.BOX)


def orientation(jpeg: bytes) -> int:
    """The EXIF orientation of a JPEG, 1 to 8; 1 when it says nothing readable."""
    start = jpeg.find(b"Exif\0\0", 0, 4096) + 6
    if start < 6:
        return 1
    order = "<" if jpeg[start : start + 2] == b"II" else ">"
    try:
        at = start + struct.unpack_from(order + "I", jpeg, start + 4)[0]
        for entry in range(at + 2, at + 2 + 12 * struct.unpack_from(order + "H", jpeg, at)[0], 12):
            tag, _, _, value = struct.unpack_from(order + "HHIH", jpeg, entry)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _turned(pixels: Pixels, turn: int) -> Pixels:
    rgb, width, height, name = pixels
    if turn >= 5:
        rgb, width, height = rgb.swapaxes(0, 1), height, width
    if turn in (3, 4, 7, 8):
        rgb = rgb[::-1]
    if turn in (2, 3, 6, 7):
        rgb = rgb[:, ::-1]
    return Pixels(np.ascontiguousarray(rgb), width, height, name)
