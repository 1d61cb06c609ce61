"""Colours by the names people search with."""

import colorsys
import re
from typing import Literal, get_args

ColorName = Literal["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "beige", "white",
                    "grey", "black"]  # fmt: skip
NAMES: tuple[ColorName, ...] = get_args(ColorName)
HEX = re.compile(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.I)
_HUES: tuple[tuple[int, ColorName], ...] = (
    (16, "red"), (42, "orange"), (68, "yellow"), (160, "green"), (190, "teal"), (258, "blue"), (310, "purple"),
    (344, "pink"), (361, "red"),
)  # fmt: skip


def named(color: str) -> ColorName | None:
    """The name of `#rrggbb`; None for anything else."""
    match = HEX.fullmatch(color)
    if match is None:
        return None
    hue, light, strength = colorsys.rgb_to_hls(*(int(part, 16) / 255 for part in match.groups()))
    chroma = strength * (1 - abs(2 * light - 1))
    return _plain(light) if chroma < 0.08 else _coloured(hue * 360, light, chroma)


def _plain(light: float) -> ColorName:
    return "black" if light < 0.2 else "white" if light > 0.88 else "grey"


def _coloured(hue: float, light: float, chroma: float) -> ColorName:
    """Dark orange is seen as brown, pale orange and yellow as beige, pale red as pink."""
    if light < 0.1:
        return "black"
    name = next(name for end, name in _HUES if hue < end)
    if name in ("orange", "yellow") and chroma < 0.4 and light > 0.6:
        return "beige"
    if name == "red" and light > 0.7:
        return "pink"
    return "brown" if light < 0.45 and (name == "orange" or (name == "red" and hue > 8 and chroma < 0.5)) else name
