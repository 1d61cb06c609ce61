import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.models import Design, Evidence, License, Offer, Page, Product, Rating, Rendition, Verified
from crawler.pipelines.quality import QualityPipeline, design_score, mean, product_score


def design(**fields) -> Design:
    base = {
        "license": License("cc-by-4.0"),
        "title": "Nook",
        "author": "Ada",
        "author_url": "https://a.test",
        "tags": ["sofa"],
        "width": 3000,
        "height": 2000,
        "quality_parts": {"sharpness": 0.8, "exposure": 0.9, "contrast": 0.9},
    }
    return Design("p:1", "p", "https://p.test/1", [Rendition("https://p.test/1.jpg")], **(base | fields))


def product(**fields) -> Product:
    base = {
        "title": "Sofa",
        "brand": "B",
        "description": "d",
        "category": ["c"],
        "specs": {"w": "1"},
        "rating": Rating(4),
        "images": ["u"] * 4,
        "offers": [Offer(price=1, currency="INR", availability="in_stock")],
    }
    return Product("s:1", "s", "1", "https://s.test/1", **(base | fields))


@pytest.mark.parametrize(
    "worse",
    [
        {"width": 600, "height": 400},
        {"quality_parts": {"sharpness": 0.2, "exposure": 0.9, "contrast": 0.9}},
        {"quality_parts": {"sharpness": 0.8, "exposure": 0.2, "contrast": 0.9}},
        {"width": 6000, "height": 1200},
        {"width": 1000, "height": 4000},
        {"license": License("cc-by-nc-nd-4.0")},
        {"title": None, "author": None},
        {"verified": Verified(image=False)},
    ],
)
def test_a_worse_design_scores_less(worse):
    assert design_score(design(**worse))[0] < design_score(design())[0]


def test_the_parts_tell_why():
    score, parts = design_score(design())
    assert parts == {
        "sharpness": 0.8,
        "exposure": 0.9,
        "contrast": 0.9,
        "license": 0.9,
        "metadata": 1.0,
        "resolution": 1.0,
        "aspect": 1.0,
    }
    assert score == pytest.approx(0.8 * 0.15 + 0.9 * 0.1 + 0.9 * 0.05 + 0.9 * 0.15 + 0.2 + 0.25 + 0.1)


def test_what_nobody_saw_is_not_guessed():
    _, parts = design_score(design(width=None, height=None, quality_parts={}))
    assert parts.keys() == {"license", "metadata"}


def test_a_picture_that_is_gone_scores_nothing():
    assert design_score(design(verified=Verified(image=False)))[0] == 0


@pytest.mark.parametrize(
    "worse",
    [
        {"brand": None},
        {"images": ["u"]},
        {"verified": Verified(price=False)},
        {"evidence": Evidence(confidence=0.4)},
        {"offers": []},
    ],
)
def test_a_worse_product_scores_less(worse):
    fine = {"verified": Verified(price=True)}
    assert product_score(product(**(fine | worse))) < product_score(product(**fine)) == 1.0


@given(st.dictionaries(st.sampled_from("abc"), st.floats(0, 1), min_size=1))
def test_a_mean_lies_between_its_parts(parts):
    assert min(parts.values()) - 1e-4 <= mean(parts, {"a": 0.5, "b": 0.2, "c": 0.3}) <= max(parts.values()) + 1e-4


def test_the_stage_scores_every_item_and_twice_gives_the_same():
    page = Page("p", "u", "ok", designs=[design()], products=[product()])
    stage = QualityPipeline()
    first = stage.process_item(page).designs[0].quality, page.products[0].quality
    assert (stage.process_item(page).designs[0].quality, page.products[0].quality) == first
    assert all(0 < q <= 1 for q in first)
