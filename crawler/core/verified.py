"""What a check of its addresses found, written into a product's record."""

import msgspec

from crawler.core.models import Verified
from crawler.core.store import Store

TRIES = 4


async def note(store: Store, product_id: str, at: float, *, url: bool | None, image: bool | None) -> bool:
    """Writes what was found into the product's record; whether there was one. Raises StoreError."""
    for _ in range(TRIES):
        record = (await store.records([product_id])).get(product_id)
        if record is None:
            return False
        verified = Verified(url=url, image=image, at=at).over(record.product.verified)
        product = msgspec.structs.replace(record.product, verified=verified)
        if not await store.write([msgspec.structs.replace(record, product=product, rev=record.rev + 1)]):
            return True
    return False
