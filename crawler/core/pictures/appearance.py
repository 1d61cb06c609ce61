"""How a picture looks, in figures and a few bytes: sharpness, exposure, main colours, a blurred miniature. All work on
a picture that was already shrunk (`crawler.core.pictures`)."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PLACEHOLDER = 200  # longest placeholder in characters
NEAR = 56.0  # distance in RGB within which two colours are one
LEAST_SHARE = 0.04  # of the area, for a colour to count


def figures(luma: NDArray[np.uint8]) -> tuple[float, float, float]:
    """(sharpness, exposure, contrast) of a shrunk grey picture, each 0 to 1."""
    grey = luma.astype(np.float32)
    edges = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    variance, mean, spread = float(edges.var()), float(grey.mean()), float(grey.std())
    clipped = float(((luma < 8) | (luma > 247)).mean())
    exposure = (1 - clipped) * (1 - ((mean - 128) / 128) ** 2)
    return round(variance / (variance + 400), 3), round(exposure, 3), round(min(1.0, spread / 56), 3)


def colors(rgb: NDArray[np.uint8], most: int = 5) -> list[str]:
    """The colours a person would name, as "#rrggbb", most used first; at most `most`, each at least 4 % of the area."""
    flat = rgb[::3, ::3].reshape(-1, 3)
    cube = flat >> 5
    bins = (cube[:, 0].astype(np.intp) << 6) | (cube[:, 1].astype(np.intp) << 3) | cube[:, 2]
    counts = np.bincount(bins, minlength=512)
    top = np.argsort(-counts, kind="stable")[:24]
    top = top[counts[top] > 0]
    sums = np.stack([np.bincount(bins, flat[:, c], 512)[top] for c in range(3)], 1)
    return _merged(sums / counts[top][:, None], counts[top] / len(flat))[:most]


def _merged(means: NDArray[np.float64], shares: NDArray[np.float64]) -> list[str]:
    """Neighbouring bins are one colour: each takes in what is near it."""
    near = ((means[:, None] - means[None]) ** 2).sum(2) < NEAR**2
    found, left = [], shares.copy()
    for index in range(len(means)):
        mine = left * near[index]
        share = float(mine.sum())
        if left[index] and share >= LEAST_SHARE:
            found.append((share, "#{:02x}{:02x}{:02x}".format(*(mine @ means / share).round().astype(int))))
        if left[index]:
            left[near[index]] = 0
    return [name for _, name in sorted(found, key=lambda pair: -pair[0])]


def placeholder(image: Image.Image) -> str:
    """A blurred miniature as a data URI that any browser shows as it is, of at most 200 characters."""
    scale = 16 / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.resize(size, Image.Resampling.BOX)
    for quality in (30, 5):
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=quality, method=0)
        uri = "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()
        if len(uri) <= PLACEHOLDER:
            return uri
    return placeholder(small.resize((4, 4), Image.Resampling.BOX))
