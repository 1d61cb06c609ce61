"""Pictures made for tests: coloured rooms of many scales, no two seeds alike."""

import io
import random
import struct
import zlib

import numpy as np
from PIL import Image, ImageDraw


def photo(seed: int, width: int = 600, height: int = 400) -> Image.Image:
    """Walls, furniture and texture; the same scene at any size."""
    rnd, image = random.Random(seed), Image.new("RGB", (width, height), _color(random.Random(-seed)))
    draw = ImageDraw.Draw(image)
    for n in range(60):
        x, y, w, h = (rnd.random() for _ in range(4))
        size = 0.6 / (1 + n / 8)
        box = ((x - w * size) * width, (y - h * size) * height, (x + w * size) * width, (y + h * size) * height)
        (draw.rectangle if rnd.random() < 0.6 else draw.ellipse)(box, fill=_color(rnd))
    return image


def _color(rnd: random.Random) -> tuple[int, ...]:
    return tuple(rnd.randrange(20, 236) for _ in range(3))


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"quality": 85} | options if kind in ("JPEG", "WEBP") else options))
    return buffer.getvalue()


def gradient(width: int = 400, height: int = 300) -> Image.Image:
    return Image.fromarray(np.linspace(0, 255, width)[None].repeat(height, 0).astype(np.uint8)).convert("RGB")


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"\x78\x9c\x03\x00\x00\x00\x00\x01") + chunk(b"IEND", b"")


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG whose frame header claims another size than it holds."""
    data = bytearray(encoded(photo(1, 64, 64)))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)
