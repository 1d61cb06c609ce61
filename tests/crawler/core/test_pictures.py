"""Decoding is bounded, turned right and the same whatever the format."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from crawler.core.errors import PictureError
from crawler.core.pictures import MAX_BYTES, decode, fingerprint, inspect, orientation
from crawler.core.pictures.phash import distance
from tests.pictures import encoded, gradient, jpeg_header, photo, png_header

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def reason(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        inspect(data)
    return caught.value.reason


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_hash(kind):
    picture, jpeg = inspect(encoded(photo(1), kind)), inspect(encoded(photo(1)))
    assert (picture.width, picture.height, picture.format) == (600, 400, kind.lower())
    assert distance(picture.phash, jpeg.phash) <= 12


@pytest.mark.parametrize("claim", [png_header(50_000, 50_000), png_header(12_000, 12_000), jpeg_header(50_000, 50_000)])
def test_a_bomb_is_refused_by_its_header(claim):
    assert reason(claim) == "too_many_pixels"


def test_bytes_are_bounded():
    assert reason(b"\xff\xd8\xff" + bytes(MAX_BYTES)) == "too_many_bytes"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"<html>busy</html>", "not_a_picture"),
        (b"\xff\xd8\xff\xe0 no more", "broken"),
        (encoded(Image.new("RGB", (1, 1)), "GIF"), "too_small"),
        (b"GIF89a", "not_a_picture"),
    ],
)
def test_what_is_no_picture_says_so(data, expected):
    assert reason(data) == expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_no_picture(kind):
    data = encoded(photo(2), kind)
    assert reason(data[: len(data) // 2]) in ("broken", "not_a_picture")


@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=40))
def test_damage_never_escapes(at, junk):
    whole = encoded(photo(3, 96, 96))
    at %= len(whole)
    try:
        found = inspect(whole[:at] + junk + whole[at + len(junk) :]).format
    except PictureError as error:
        found = error.reason
    assert found in ("jpeg", "broken", "not_a_picture", "too_small", "too_many_pixels")


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_orientation_is_obeyed(turn, kind):
    upright = photo(4)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that stores the picture so
    stored = upright.transpose(undo[turn]) if turn > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    picture = inspect(encoded(stored, kind, exif=exif))
    assert (picture.width, picture.height) == (600, 400)
    assert distance(picture.phash, inspect(encoded(upright)).phash) <= 12


def test_orientation_of_an_odd_exif_is_upright():
    good = encoded(photo(4), exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")
    assert orientation(good) == 1
    assert orientation(b"") == 1


def test_transparency_is_white():
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    assert decode(encoded(clear, "PNG")).rgb.min() == 255
    palette = Image.new("P", (300, 200), 0)
    assert decode(encoded(palette, "PNG", transparency=0)).rgb.min() == 255


def test_sixteen_bits_are_scaled():
    deep = Image.fromarray(np.full((200, 300), 32_768, np.uint16))
    assert decode(encoded(deep, "PNG")).rgb.mean() == 128


def test_cmyk_is_read():
    picture = inspect(encoded(photo(5).convert("CMYK")))
    assert distance(picture.phash, inspect(encoded(photo(5))).phash) <= 24


def test_an_animation_gives_its_first_frame():
    frames = [photo(6), photo(7)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    assert distance(inspect(buffer.getvalue()).phash, inspect(encoded(photo(6))).phash) <= 12


@pytest.mark.parametrize("size", [(3000, 2000), (150, 100), (97, 193)])
def test_shrinking_while_decoding_keeps_the_short_side(size):
    rgb = decode(encoded(photo(8, *size))).rgb
    assert min(rgb.shape[:2]) >= min(96, min(size))
    assert min(rgb.shape[:2]) < 192


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("size", [(600, 400), (1800, 1200), (300, 90)])
def test_the_quick_hash_is_the_hash(kind, size):
    for seed in range(4):
        data = encoded(photo(seed, *size), kind)
        assert distance(fingerprint(data), inspect(data).phash) <= 4


def test_the_quick_hash_is_turned_too():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(photo(4).transpose(Image.Transpose.ROTATE_90), exif=exif)
    assert distance(fingerprint(data), fingerprint(encoded(photo(4)))) <= 12


def test_harmless_damage_is_forgiven():
    whole = encoded(photo(5))
    assert inspect(whole[:-2] + b"\0\0\0" + whole[-2:]).width == 600


def test_a_flat_picture_has_no_hash():
    assert inspect(encoded(gradient(), quality=40)).phash is None
    assert inspect(encoded(Image.new("RGB", (400, 300), "teal"))).phash is None
    assert inspect(encoded(photo(9))).phash is not None
