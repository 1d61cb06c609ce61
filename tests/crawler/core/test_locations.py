"""A page that answered for another location says nothing about the one that was asked for."""

import pytest

from crawler.core.locations import answered, same_place
from crawler.core.models import Offer


@pytest.mark.parametrize(("asked", "told", "same"), [
    (None, "Pune 411001", True), ("560001", None, True), ("560001", "560001", True), ("560001", "560 001", True),
    ("560001", "Bengaluru 560001", True), ("560001", "Bengaluru", True), ("10001", "New York, NY 10001-2", True),
    ("SW1A 1AA", "London", True), ("SW1A 1AA", "Deliver to sw1a1aa", True),
    ("Bengaluru", "bengaluru, Karnataka", True),
    ("560001", "110001", False), ("560001", "Delhi 110001", False), ("10001", "Beverly Hills 90210", False),
    ("SW1A 1AA", "EC1A 1BB", False), ("Pune", "Delhi", False),
])  # fmt: skip
def test_the_location_answered_for(asked, told, same):
    assert answered(Offer(location_asked=asked, location=told)) is same


@pytest.mark.parametrize(("known", "seen", "same"), [
    ((None, None), (None, "Pune"), True), ((None, "Delhi"), (None, "Pune"), True),
    (("560001", "560001"), ("560001", None), True), (("560001", "560001"), ("560001", "Bengaluru 560001"), True),
    (("560001", "560001"), ("110001", None), False), (("560001", "560001"), (None, None), False),
    ((None, None), ("560001", "560001"), False), (("560001", "a"), ("560001", "b"), False),
])  # fmt: skip
def test_offers_of_one_location(known, seen, same):
    assert (
        same_place(Offer(location_asked=known[0], location=known[1]), Offer(location_asked=seen[0], location=seen[1]))
        is same
    )
