"""Rooms drawn by Pillow: a wall, a floor, a window, a sofa, a lamp, a picture on the wall. Each scene is its own."""

import io
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

PALETTE = ("#c8b8a0", "#8fa08a", "#54636f", "#b4694a", "#e9e2d4", "#2e3546", "#d9a441", "#7a4b52", "#a9bcc4", "#614a36")


@lru_cache(maxsize=256)
def room(scene: int, width: int, height: int, seed: str = "") -> bytes:
    """A JPEG of one scene; `seed` moves the encoder a little, as two sources would."""
    image = _draw(Random(scene), 960, round(960 * height / width)).resize((width, height))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=78 + len(seed) % 5)
    return out.getvalue()


def _draw(rnd: Random, w: int, h: int) -> Image.Image:
    image = Image.new("RGB", (w, h), rnd.choice(PALETTE))
    pen = ImageDraw.Draw(image)
    horizon = round(h * rnd.uniform(0.58, 0.72))
    _floor(pen, rnd, w, h, horizon)
    if rnd.random() < 0.7:
        _window(pen, rnd, w, horizon)
    for _ in range(rnd.randrange(1, 4)):
        _frame(pen, rnd, w, horizon)
    _sofa(pen, rnd, w, h, horizon)
    _lamp(pen, rnd, w, horizon)
    noise = Image.effect_noise((w, h), 18).convert("RGB")
    return Image.blend(image.filter(ImageFilter.GaussianBlur(0.6)), noise, 0.06)


def _floor(pen: ImageDraw.ImageDraw, rnd: Random, w: int, h: int, horizon: int) -> None:
    pen.rectangle((0, horizon, w, h), fill=rnd.choice(PALETTE))
    for x in range(0, w * 2, rnd.randrange(50, 140)):
        pen.line((x - w // 2, h, w // 2 + (x - w) // 3, horizon), fill=rnd.choice(PALETTE), width=2)


def _window(pen: ImageDraw.ImageDraw, rnd: Random, w: int, horizon: int) -> None:
    x, y, side = rnd.randrange(0, w - 260), rnd.randrange(20, horizon // 3), rnd.randrange(150, 260)
    pen.rectangle((x, y, x + side, y + side), fill="#dfeaf0", outline="#ffffff", width=10)
    pen.line((x + side // 2, y, x + side // 2, y + side), fill="#ffffff", width=8)


def _frame(pen: ImageDraw.ImageDraw, rnd: Random, w: int, horizon: int) -> None:
    x, y, side = rnd.randrange(0, w - 140), rnd.randrange(10, horizon // 2), rnd.randrange(50, 140)
    pen.rectangle((x, y, x + side, y + round(side * 1.3)), fill=rnd.choice(PALETTE), outline="#30302c", width=6)
    pen.ellipse((x + 15, y + 20, x + side - 15, y + side), fill=rnd.choice(PALETTE))


def _sofa(pen: ImageDraw.ImageDraw, rnd: Random, w: int, h: int, horizon: int) -> None:
    color, width = rnd.choice(PALETTE), rnd.randrange(w // 3, round(w * 0.7))
    x, y = rnd.randrange(10, w - width), horizon - rnd.randrange(10, 90)
    tall = rnd.randrange(110, 190)
    pen.rounded_rectangle((x, y, x + width, y + tall), 28, fill=color, outline="#23211f", width=4)
    seats = rnd.randrange(2, 4)
    for n in range(seats):
        left = x + 24 + n * (width - 48) // seats
        box = (left, y + tall // 2, left + (width - 60) // seats, y + tall + 40)
        pen.rounded_rectangle(box, 18, fill=color, outline="#23211f", width=4)
    for leg in (x + 30, x + width - 40):
        pen.rectangle((leg, y + tall + 40, leg + 12, min(h, y + tall + 80)), fill="#3a2c20")


def _lamp(pen: ImageDraw.ImageDraw, rnd: Random, w: int, horizon: int) -> None:
    x, top = rnd.randrange(40, w - 60), rnd.randrange(60, horizon // 2)
    pen.line((x, top, x, horizon + 60), fill="#23211f", width=7)
    pen.polygon(
        ((x - 55, top + 60), (x + 55, top + 60), (x + 28, top - 30), (x - 28, top - 30)), fill=rnd.choice(PALETTE)
    )
