"""Copies are joined, look-alikes are not, and the pick is the same in whatever order they are seen."""

from itertools import permutations

import pytest
from PIL import Image, ImageEnhance

from crawler.core.models import Design, License, Rendition
from crawler.core.pictures import inspect
from crawler.core.pictures.duplicates import FAR, NEAR, SAME, alike, canonical, group
from crawler.core.pictures.looks import describe
from crawler.core.pictures.phash import distance
from tests.pictures import encoded, photo


def design(name: str, image=None, code="cc-by-4.0", width=1200, height=800, **fields) -> Design:
    made = Design(
        name,
        name.partition(":")[0],
        f"https://p.test/{name}",
        [Rendition(f"https://p.test/{name}.jpg")],
        License(code),
        width=width,
        height=height,
        **fields,
    )
    if image is not None:
        describe(made, inspect(encoded(image)), at=1.0)
    return made


def bits(one: Design, other: Design) -> int:
    return distance(one.phash, other.phash)


@pytest.mark.parametrize("seed", range(6))
def test_a_resized_brightened_copy_is_the_same_picture(seed):
    image = photo(seed)
    copy = ImageEnhance.Brightness(image.resize((330, 220))).enhance(1.15)
    one, other = design("a:1", image), design("b:2", copy, width=3000, height=2000)
    assert alike(one, other, bits(one, other))


def test_strangers_are_not_joined():
    designs = [design(f"a:{n}", photo(n)) for n in range(16)]
    assert not [1 for a in designs for b in designs if a is not b and alike(a, b, bits(a, b))]


def test_the_same_drawing_in_other_colors_is_another_picture():
    image = photo(3)
    red, green, blue = image.split()
    one, other = design("a:1", image), design("a:2", Image.merge("RGB", (blue, green, red)))
    assert not alike(one, other, NEAR)


def test_a_far_match_needs_words_or_author_too():
    one, other = design("a:1", photo(1), title="Blue velvet sofa"), design("b:1", photo(1))
    assert not alike(one, other, FAR)
    other.title = "Sofa, blue velvet"
    assert alike(one, other, FAR)
    other.title, one.author, other.author = "Untitled", "Åsa Berg", "asa berg"
    assert alike(one, other, FAR)


def test_another_shape_is_another_picture_unless_hashes_nearly_agree():
    one, other = design("a:1", photo(1)), design("b:1", photo(1), width=800, height=800)
    assert not alike(one, other, NEAR)
    assert alike(one, other, SAME)


def test_without_a_look_only_the_hash_and_the_shape_can_tell():
    one, other = design("a:1", photo(1)), design("b:1")
    assert alike(one, other, SAME)
    assert not alike(one, other, NEAR)


def test_one_file_is_one_picture_whatever_the_hash():
    one, other = design("a:1"), design("b:2")
    other.renditions = [*other.renditions, *one.renditions]
    assert alike(one, other, 256)


def test_freest_then_largest_then_best_described_stands_for_the_others():
    free = design("c:9", code="cc0-1.0", width=400, height=300)
    large = design("b:1", width=4000, height=3000)
    told = design("a:2", title="Sofa", author="A")
    plain = design("a:1")
    for order in permutations([free, large, told, plain]):
        assert canonical(list(order)) is free
        assert canonical([d for d in order if d is not free]) is large
        assert canonical([d for d in order if d in (told, plain)]) is told


def test_a_group_is_named_after_its_pick():
    one, other = design("a:1"), design("b:1", code="cc0-1.0")
    assert {d.id: name for d, name in group([one, other])} == {"a:1": "b:1", "b:1": None}
    assert group([one]) == [(one, None)]
