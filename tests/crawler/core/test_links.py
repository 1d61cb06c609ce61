import pytest

from crawler.core import links
from crawler.core.links import Link
from crawler.core.models import Verified


@pytest.mark.parametrize(
    ("of", "status", "content_type", "elsewhere", "own", "said"),
    [
        ("page", 200, "text/html", False, {}, True),
        ("page", 200, "text/html", True, {}, False),
        ("page", 404, "", False, {}, False),
        ("page", 410, "", True, {}, False),
        ("page", 403, "", False, {}, None),
        ("page", 503, "", True, {}, None),
        ("page", 503, "", False, {503: False}, False),
        ("page", 200, "", True, {200: None}, None),
        ("picture", 206, "image/jpeg", False, {}, True),
        ("picture", 200, "application/octet-stream", False, {}, True),
        ("picture", 200, "", False, {}, True),
        ("picture", 200, "text/html", False, {}, False),
        ("picture", 416, "image/png", False, {}, True),
        ("picture", 403, "application/xml", False, {403: False}, False),
    ],
)
def test_what_a_status_means(of, status, content_type, elsewhere, own, said):
    assert links.holds(of, status, content_type, elsewhere, own) is said


def test_an_unclear_answer_is_asked_again_soonest_and_a_good_one_latest():
    assert Link(None, 503, 0).lasts_s < Link(False, 404, 0).lasts_s < Link(True, 200, 0).lasts_s


def test_a_key_is_short_whatever_the_address():
    assert len(links.key("https://shop.test/" + "ü" * 5000)) == len(links.key("\ud800")) == 32


def test_a_look_keeps_what_it_did_not_look_at():
    known = Verified(url=True, image=False, price=True, at=1.0)
    assert Verified(price=False, at=2.0).over(known) == Verified(url=True, image=False, price=False, at=2.0)
    assert Verified(url=False, at=2.0).over(None) == Verified(url=False, at=2.0)
