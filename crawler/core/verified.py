"""What a check of its addresses found, written into a product's record."""

import msgspec

from crawler.core.links import Link
from crawler.core.models import Product, Verified
from crawler.core.store import Store

TRIES = 4


async def note(store: Store, product_id: str, at: float, page: Link | None, picture: Link | None) -> bool:
    """Whether it was written: a product that others keep writing is left to the next check. Raises StoreError."""
    for _ in range(TRIES):
        record = (await store.records([product_id])).get(product_id)
        if record is None:
            return False
        product = _checked(record.product, at, page, picture)
        if not await store.write([msgspec.structs.replace(record, product=product, rev=record.rev + 1)]):
            return True
    return False


def _checked(product: Product, at: float, page: Link | None, picture: Link | None) -> Product:
    found = Verified(url=page.holds if page else None, image=picture.holds if picture else None, at=at)
    looked = picture.phash if picture and picture.phash else product.phash
    return msgspec.structs.replace(product, verified=found.over(product.verified), phash=looked)
