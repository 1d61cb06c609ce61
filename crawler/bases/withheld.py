"""What a reading must not state although a page showed it."""

from collections import Counter

from crawler.core.locations import answered
from crawler.core.models import Availability, Product


def withhold(product: Product, dropped: Counter[str]) -> None:
    """Price and stock of another place than the one asked for are unknown; counted as `location_mismatch`."""
    for offer in product.offers:
        if not answered(offer):
            offer.price = offer.list_price = None
            offer.availability = Availability.unknown
            dropped["location_mismatch"] += 1
