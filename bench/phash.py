"""Picture decode and hash per core, beside imagehash; and how many altered copies each finds.

    python bench/phash.py [--photos DIR] [--rounds 5]

Speed: one thread, JPEG bytes in memory to 256-bit hash, contenders in turn within each round; `inspect` is all that the
verify stage does with a picture (hash, colours, placeholder, figures); `decode` alone is what time can't go below.
Recall: at the widest distance with fewer than 1e-4 false pairs between different pictures, over nine kinds of altered
copy. Pictures: the photographs in DIR (whole and cut into cells, which never count as different from each other), else
drawn ones. imagehash is left out, with a line that says so, when it is not installed.
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from bench.common import emit, header, log, ratios, spread
from crawler.core.pictures import decode, fingerprint, inspect
from tests.pictures import encoded, photo

FALSE_PAIRS = 1e-4
Hash = Callable[[bytes], np.ndarray]


def ours(data: bytes) -> np.ndarray:
    return np.unpackbits(np.frombuffer(bytes.fromhex(fingerprint(data) or "00" * 32), np.uint8))


def contenders() -> dict[str, Hash]:
    found: dict[str, Hash] = {"homefeed": ours}
    try:
        import imagehash
    except ImportError:
        log("imagehash is not installed (pip install imagehash): its rows are left out")
        return found
    return found | {
        "imagehash phash 256": lambda b: imagehash.phash(Image.open(io.BytesIO(b)), hash_size=16).hash.ravel(),
        "imagehash phash 64": lambda b: imagehash.phash(Image.open(io.BytesIO(b))).hash.ravel(),
    }


def pictures(folder: Path | None) -> list[tuple[int, Image.Image]]:
    """(source, picture); parts of one photograph share a source."""
    if folder is None:
        return [(seed, photo(seed, 1800, 1200)) for seed in range(60)]
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    whole = [(n, Image.open(p).convert("RGB")) for n, p in enumerate(files)]
    whole = [(n, image) for n, image in whole if min(image.size) >= 300]
    return whole + [(n, cell) for n, image in whole for cell in cells(image)]


def cells(image: Image.Image, side: int = 400) -> Iterator[Image.Image]:
    columns, rows = image.width // side, image.height // side
    for x in range(columns if columns * rows > 1 else 0):
        for y in range(rows):
            cell = image.crop((x * side, y * side, (x + 1) * side, (y + 1) * side))
            if np.asarray(cell.convert("L")).std() > 12:
                yield cell


def fit(image: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(image.size)
    size = round(image.width * scale), round(image.height * scale)
    return image.resize(size, Image.Resampling.LANCZOS)


def inset(image: Image.Image, part: float) -> Image.Image:
    w, h = image.size
    return image.crop((round(w * part), round(h * part), round(w * (1 - part)), round(h * (1 - part))))


def marked(image: Image.Image) -> Image.Image:
    copy = image.copy()
    draw = ImageDraw.Draw(copy)
    draw.text(
        (copy.width * 0.1, copy.height * 0.7), "EXAMPLE.TEST", fill="white", stroke_width=1, font_size=copy.width // 9
    )
    return copy


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "resize 300": lambda i: encoded(fit(i, 300)),
    "resize 800": lambda i: encoded(fit(i, 800)),
    "quality 40": lambda i: encoded(i, quality=40),
    "webp 70": lambda i: encoded(i, "WEBP", quality=70),
    "crop 2 %": lambda i: encoded(inset(i, 0.02)),
    "watermark": lambda i: encoded(marked(i)),
    "brighter": lambda i: encoded(ImageEnhance.Brightness(i).enhance(1.2)),
    "darker": lambda i: encoded(ImageEnhance.Brightness(i).enhance(0.8)),
    "contrast": lambda i: encoded(ImageEnhance.Contrast(i).enhance(1.2)),
}


def speed(jobs: dict[str, Callable[[bytes], Any]], data: list[bytes], size: int, rounds: int) -> None:
    rates: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            start = time.process_time()
            for item in data:
                job(item)
            if turn:
                rates[name].append(len(data) / (time.process_time() - start))
    rival = rates.get("imagehash phash 256")
    for name, values in rates.items():
        emit({"part": "speed", "px": size, "contender": name, "pictures_per_s_per_core": spread(values),
              "ratio_to_imagehash": ratios(values, rival) if rival else None})  # fmt: skip


def recall(name: str, job: Hash, found: list[tuple[int, Image.Image]]) -> None:
    small = [fit(image, 400) for _, image in found]
    own = np.array([job(encoded(image)) for image in small], np.float32)
    other = np.array([s for s, _ in found])[:, None] != np.array([s for s, _ in found])[None]
    apart = {kind: distances(np.array([job(make(i)) for i in small], np.float32), own) for kind, make in COPIES.items()}
    strangers = np.concatenate([d[other] for d in apart.values()])
    rate = np.bincount(strangers, minlength=own.shape[1] + 1).cumsum() / len(strangers)
    widest = int(np.searchsorted(rate, FALSE_PAIRS)) - 1
    each = {kind: round(float((np.diag(d) <= widest).mean()), 3) for kind, d in apart.items()}
    emit({"part": "recall", "contender": name, "pictures": len(found), "pairs": len(strangers), "distance": widest,
          "recall": round(float(np.mean(list(each.values()))), 3), "by_copy": each})  # fmt: skip


def distances(copies: np.ndarray, own: np.ndarray) -> np.ndarray:
    return np.rint(copies.sum(1)[:, None] + own.sum(1)[None] - 2 * copies @ own.T).astype(int)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    found, hashes = pictures(args.photos), contenders()
    header("phash", pictures=len(found), kind="photographs" if args.photos else "drawn")
    for size in (400, 1600):
        data = [encoded(fit(image, size)) for _, image in found if max(image.size) >= size]
        if data:
            others = {"homefeed inspect": inspect, "homefeed decode": lambda b: decode(b, grey=True)}
            speed(hashes | others, data, size, args.rounds)
    for name, job in hashes.items():
        recall(name, job, found)


if __name__ == "__main__":
    main()
