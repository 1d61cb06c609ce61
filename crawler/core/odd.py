"""What can't be believed of a product or a design, told from what was merely not seen. Pure.

A fault of one value turns that value into "not seen" (None); a fault of the whole drops it. Both are counted by reason.
"""

import re
from collections import Counter

from crawler.core.models import Design, Offer, Product
from crawler.core.money import believable
from crawler.core.pictures.looks import aspect

MANY = 64  # pictures, offers or renditions of one thing
LEAST_SIDE = 200  # px: smaller pictures are icons
LONGEST_ASPECT = 5.0
_WEB = re.compile(r"https?://(?:[^/?#\s@]*@)?[^/?#\s@:]", re.I)


def web(url: str | None) -> bool:
    """Whether a url is one a frontend may link to."""
    return bool(url and len(url) < 2_048 and _WEB.match(url))


def product_fault(product: Product) -> str | None:
    """Why a product is dropped."""
    if not web(product.url):
        return "no_url"
    return None if product.title else "no_title"


def mend_product(product: Product, faults: Counter[str]) -> None:
    """Takes out every value that can't be true and counts why."""
    for offer in product.offers:
        _mend_offer(offer, faults)
    rating = product.rating
    if rating and not (0 <= rating.value <= 10 and (rating.count is None or rating.count >= 0)):
        product.rating = None
        faults["odd_rating"] += 1
    images = [u for u in product.images if web(u)]
    if len(images) < len(product.images):
        faults["odd_image_url"] += len(product.images) - len(images)
        product.images = images


def _mend_offer(offer: Offer, faults: Counter[str]) -> None:
    for field in ("price", "list_price"):
        value = getattr(offer, field)
        if value is not None and not (offer.currency and believable(value, offer.currency)):
            faults["odd_price"] += 1
            setattr(offer, field, None)
    if offer.price and offer.list_price and offer.list_price < offer.price:
        faults["list_price_below_price"] += 1
        offer.list_price = None


def design_fault(design: Design) -> str | None:
    """Why a design is dropped before its picture is looked at."""
    if not web(design.url):
        return "no_url"
    if not design.license.code:
        return "no_license"
    if not any(web(r.url) for r in design.renditions):
        return "no_picture"
    return _size_fault(design.width, design.height)


def _size_fault(width: int | None, height: int | None) -> str | None:
    if width is None or height is None:
        return None
    if min(width, height) < LEAST_SIDE:
        return "too_small"
    return "odd_aspect" if max(width, height) > LONGEST_ASPECT * min(width, height) else None


def unsized(design: Design) -> bool:
    """A feed can't place a picture whose shape nobody knows."""
    return aspect(design) is None
