"""Who tells of a product: the readers of its page beside those that always did."""

from collections.abc import Mapping

from crawler.core.drift.measure import agreed, voices
from crawler.core.drift.memory import Good
from crawler.core.drift.usual import RARELY
from crawler.core.models import GONE, Evidence, Product


def tellers(evidence: Evidence, field: str) -> list[str]:
    """The readers that told the believed value."""
    believed = evidence.fields.get(field)
    return evidence.witnesses.get(field) or ([believed] if believed else [])


def rare(readers: list[str], shares: Mapping[str, float]) -> bool:
    """Do only readers tell it that hardly ever did?"""
    return bool(readers) and all(shares.get(reader, 0.0) < RARELY for reader in readers)


def missed(product: Product, good: Good | None) -> list[str]:
    """Readers that always told something on the product's own page, and now do not."""
    if good is None or product.evidence.depth == "list":
        return []
    heard = voices(product.evidence)
    return [reader for reader in good.readers if reader not in heard]


def poorer(product: Product, good: Good | None) -> bool:
    """Is a product told by fewer readers than once, or its price by others only? Shops tell less of one that is sold
    out."""
    offer = product.offer
    if good is None or offer is None or not good.reader or product.evidence.depth == "list":
        return False
    if offer.availability in GONE:
        return False
    priced = offer.price is not None
    lone = good.agreed and not agreed(product.evidence)
    other = priced and good.reader not in tellers(product.evidence, "price")
    return other or (lone and priced) or bool(missed(product, good))


def as_ever(product: Product, good: Good | None) -> bool:
    """Do those tell of the product on its own page who always did? Then it matters little who tells of others. Of
    one that is sold out nobody is missed."""
    if product.offer and product.offer.availability in GONE:
        return True
    return good is not None and bool(good.reader) and product.evidence.depth == "page" and not poorer(product, good)
