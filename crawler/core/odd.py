"""What can't be believed of a product or a design, told from what was merely not seen. Pure.

A fault of one value turns that value into "not seen" (None); a fault of the whole drops it. Both are counted by reason.
"""

import re
from collections import Counter

from crawler.core.models import Design, Offer, Product
from crawler.core.money import believable
from crawler.core.pictures.looks import aspect

LEAST_SIDE = 200  # px: smaller pictures are icons
LONGEST_ASPECT = 5.0
GARBLED = "\ufffd"  # stands where bytes were no text
_TOO_LARGE = re.compile(r"max[ _]?size", re.I)
_WEB = re.compile(r"https?://(?:[^/?#\s@]*@)?[^/?#\s@:]", re.I)


def web(url: str | None) -> bool:
    """Whether a url is one a frontend may link to."""
    return bool(url and len(url) < 2_048 and _WEB.match(url))


def too_large(message: str) -> bool:
    """Whether a download was given up for its size: Scrapy says so in words only."""
    return bool(_TOO_LARGE.search(message))


def product_fault(product: Product) -> str | None:
    """Why a product is dropped."""
    if not web(product.url):
        return "no_url"
    if not product.title:
        return "no_title"
    return "garbled" if GARBLED in product.title else None


def mend_product(product: Product, faults: Counter[str]) -> None:
    """Takes out every value that can't be true and counts why."""
    for offer in product.offers:
        _mend_offer(offer, faults)
    _mend_text(product, faults)
    rating = product.rating
    if rating and not (0 <= rating.value <= 10 and (rating.count is None or rating.count >= 0)):
        product.rating = None
        faults["odd_rating"] += 1
    images = [u for u in product.images if web(u)]
    if len(images) < len(product.images):
        faults["odd_image_url"] += len(product.images) - len(images)
        product.images = images


def _mend_text(product: Product, faults: Counter[str]) -> None:
    for field in ("brand", "description"):
        if GARBLED in (getattr(product, field) or ""):
            faults["garbled"] += 1
            setattr(product, field, None)
    if any(GARBLED in name for name in product.category):
        faults["garbled"] += 1
        product.category = []
    garbled = [name for name, value in product.specs.items() if GARBLED in name or GARBLED in value]
    if garbled:
        faults["garbled"] += len(garbled)
        product.specs = {name: value for name, value in product.specs.items() if name not in garbled}


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
