"""The perceptual hash of a picture, and the search for near hashes.

256 bits: the 16 × 16 lowest frequencies of the picture's cosine transform, each bit telling whether a frequency is
above their median (the same hash as `imagehash.phash(hash_size=16)`, to within a few bits). Written as 64 hex digits.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BITS = 256
_SIDE = 16
_NOISE = 0.5  # grey levels: a frequency weaker than this is decided by compression, not by the picture
_TOLD = 0.15  # share of frequencies that must be above the noise for the hash to tell pictures apart


@lru_cache(maxsize=256)
def _basis(n: int) -> NDArray[np.float32]:
    """(16, n) cosines; a picture of any size gives amplitudes in grey levels."""
    wave = np.cos(np.pi * np.arange(_SIDE)[:, None] * (2 * np.arange(n) + 1) / (2 * n)) * (2 / n)
    wave[0] /= np.sqrt(2)
    return wave.astype(np.float32)


def phash(luma: NDArray[np.uint8]) -> str | None:
    """The hash of a grey picture (height, width) of at least 16 × 16 pixels, best 96 or more; None when the picture is
    too flat for its hash to mean anything (plain colours and gradients would all be each other's duplicates)."""
    waves = _basis(luma.shape[0]) @ luma.astype(np.float32) @ _basis(luma.shape[1]).T
    flat = waves.ravel()
    if (np.abs(flat[1:]) > _NOISE).mean() < _TOLD:
        return None
    low, high = np.partition(flat, (BITS // 2 - 1, BITS // 2))[BITS // 2 - 1 : BITS // 2 + 1]
    return np.packbits(flat > (low + high) / 2).tobytes().hex()


def distance(one: str, other: str) -> int:
    """Bits that differ, 0 to 256."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


class HashIndex:
    """Every known hash, in memory (32 bytes each), scanned whole: exact at any radius, and 100,000 take less than a
    millisecond. One thread may add while others scan."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()):
        self._ids = [key for key, _ in pairs]
        self._rows = {key: row for row, key in enumerate(self._ids)}
        rows = np.frombuffer(bytes.fromhex("".join(value for _, value in pairs)), np.uint64).reshape(-1, 4)
        # One row per 64 bits, so that a scan reads memory in order.
        self._words = np.concatenate([rows.T, np.zeros((4, max(1024, len(pairs) // 4)), np.uint64)], axis=1)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, key: str, value: str) -> None:
        """Adds or replaces one."""
        row = self._rows.setdefault(key, len(self._ids))
        if row == len(self._ids):
            self._ids.append(key)
            if row == self._words.shape[1]:
                self._words = np.concatenate([self._words, np.zeros_like(self._words)], axis=1)
        self._words[:, row] = _as_words(value)

    def near(self, value: str, radius: int, limit: int = 32) -> list[tuple[str, int]]:
        """(id, distance) of every hash within `radius` bits, nearest first, at most `limit`."""
        found = self._words[:, : len(self._ids)] ^ _as_words(value)[:, None]
        counts = np.bitwise_count(found).sum(axis=0, dtype=np.uint16)
        rows = np.flatnonzero(counts <= radius)
        rows = rows[np.argsort(counts[rows], kind="stable")][:limit]
        return [(self._ids[row], int(counts[row])) for row in rows]


def _as_words(value: str) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex(value), np.uint64)
