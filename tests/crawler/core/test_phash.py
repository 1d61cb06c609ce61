"""The hash survives what happens to pictures on the web; the index is exact and quick."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageEnhance

from crawler.core.pictures import inspect
from crawler.core.pictures.phash import HashIndex, distance, phash
from tests.pictures import encoded, photo

HASH = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.mark.parametrize(
    ("change", "most"),
    [
        (lambda i: encoded(i.resize((300, 200))), 20),
        (lambda i: encoded(i, quality=40), 20),
        (lambda i: encoded(i, "WEBP", quality=60), 20),
        (lambda i: encoded(ImageEnhance.Brightness(i).enhance(1.2)), 36),
        (lambda i: encoded(ImageEnhance.Contrast(i).enhance(0.8)), 36),
        (lambda i: encoded(i.crop((6, 4, 594, 396))), 64),
    ],
    ids=["resize", "q40", "webp", "bright", "contrast", "crop1%"],
)
def test_altered_copies_stay_near(change, most):
    for seed in range(8):
        assert distance(inspect(encoded(photo(seed))).phash, inspect(change(photo(seed))).phash) <= most


def test_other_pictures_are_far():
    hashes = [inspect(encoded(photo(seed))).phash for seed in range(24)]
    assert min(distance(a, b) for i, a in enumerate(hashes) for b in hashes[:i]) > 60


def test_a_hash_is_sixty_four_hex_digits_half_of_them_set():
    value = phash(np.random.default_rng(1).integers(0, 256, (120, 160), np.uint8))
    assert len(value) == 64
    assert int(value, 16).bit_count() == 128


@given(st.lists(HASH, max_size=30), HASH, st.integers(0, 256))
def test_the_index_finds_what_a_plain_search_finds(hashes, wanted, radius):
    index = HashIndex([(str(n), h) for n, h in enumerate(hashes[:10])])
    for n, h in enumerate(hashes[10:], 10):
        index.add(str(n), h)
    plain = sorted(
        (distance(h, wanted), n) for n, h in enumerate(hashes[:10] + hashes[10:]) if distance(h, wanted) <= radius
    )
    assert index.near(wanted, radius, limit=100) == [(str(n), d) for d, n in plain]


def test_the_opposite_hash_is_256_away():
    index = HashIndex([("dark", "00" * 32)])
    assert index.near("ff" * 32, 255) == []
    assert index.near("ff" * 32, 256) == [("dark", 256)]


def test_adding_again_replaces():
    index = HashIndex([("a", "00" * 32)])
    index.add("a", "ff" * 32)
    assert len(index) == 1
    assert index.near("ff" * 32, 0) == [("a", 0)]


def test_the_index_grows():
    index = HashIndex()
    for n in range(3_000):
        index.add(str(n), f"{n:064x}")
    assert index.near(f"{2_999:064x}", 0) == [("2999", 0)]


def test_a_look_up_among_100_000_is_quick():
    rows = np.random.default_rng(2).integers(0, 256, (100_000, 32), np.uint8)
    index = HashIndex([(str(n), row.tobytes().hex()) for n, row in enumerate(rows)])
    wanted, times = rows[7].tobytes().hex(), []
    for _ in range(9):
        start = time.perf_counter()
        assert index.near(wanted, 36)[0] == ("7", 0)
        times.append(time.perf_counter() - start)
    assert sorted(times)[4] < 0.05  # a scan that goes wrong (one int at a time) takes ten times as long
