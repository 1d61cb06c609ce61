"""The pictures of the README, made when HOMEFEED_SCREENSHOTS=1: how the page looks is then looked at by a person."""

import io
import os

import pytest
from PIL import Image

from tests.demo_world import ROOT

from .world import holds

FOLDER = ROOT / "docs" / "screenshots"
MOST = 250_000  # bytes
VIEWS = {
    "page-products": ("/?q=sofa", {"viewport": {"width": 1280, "height": 800}}),
    "page-designs": ("/?q=sofa&view=designs", {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}),
    "page-phone": ("/?q=sofa", {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}),
}
NEAR = """[...document.querySelectorAll('#results img')]
  .filter(image => image.getBoundingClientRect().top < innerHeight).every(image => image.complete)"""


@pytest.mark.skipif(
    os.environ.get("HOMEFEED_SCREENSHOTS") != "1", reason="set HOMEFEED_SCREENSHOTS=1 to make them anew"
)
@pytest.mark.parametrize("name", VIEWS)
def test_screenshot(browse, world, name):
    path, options = VIEWS[name]
    page = browse(path, **options)
    if name == "page-products":
        world.tick(world.now + 2)
        world.search("sofa")
        page.wait_for_selector(".changed:not([hidden])")
        page.wait_for_selector("#news .news")
    holds(page, NEAR)
    FOLDER.mkdir(parents=True, exist_ok=True)
    shot = Image.open(io.BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(256, kmeans=4, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    assert 10_000 < (FOLDER / f"{name}.png").stat().st_size < MOST
