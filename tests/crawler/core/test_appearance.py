import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from crawler.core.pictures import inspect
from crawler.core.pictures.appearance import PLACEHOLDER, colors, figures, placeholder
from tests.pictures import encoded, photo


def test_colors_are_the_ones_a_person_would_name():
    image = np.zeros((120, 120, 3), np.uint8)
    image[:, :60], image[:, 60:100], image[:, 100:] = (200, 30, 30), (240, 240, 235), (20, 40, 120)
    assert colors(image) == ["#c81e1e", "#f0f0eb", "#142878"]


def test_a_speck_is_no_color():
    image = np.full((100, 100, 3), 250, np.uint8)
    image[:10, :10] = (200, 0, 0)
    assert colors(image) == ["#fafafa"]


@pytest.mark.parametrize(
    "image", [photo(1), photo(2, 2000, 300), photo(3, 200, 900), Image.effect_noise((300, 200), 90).convert("RGB")]
)
def test_a_placeholder_is_a_small_picture_of_the_same_shape(image):
    uri = placeholder(image)
    small = Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/webp;base64,"))))
    assert len(uri) <= PLACEHOLDER
    assert max(small.size) <= 16


def test_blur_lowers_sharpness():
    scores = [inspect(encoded(photo(4).filter(ImageFilter.GaussianBlur(r)))).sharpness for r in (0, 4, 12)]
    assert scores[0] > scores[1] > scores[2]


def test_dark_bright_and_dull_pictures_are_told():
    fine, dark, burnt = (
        np.asarray(photo(5).convert("L")),
        np.full((100, 100), 4, np.uint8),
        np.full((100, 100), 254, np.uint8),
    )
    assert figures(fine)[1] > 0.7 > 0.1 > max(figures(dark)[1], figures(burnt)[1])
    assert figures(fine)[2] > 0.5 > figures(np.full((100, 100), 128, np.uint8))[2]
