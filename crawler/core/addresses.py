"""Goods that are known by their address: a shop's page tells its article number one day and not the next, and the good
stays the one it was at first sight."""

import re

from crawler.core.models import Page, Product
from crawler.core.shop import SHOP, source_of
from crawler.core.store import Store

ANOTHER = "another_good"
_HASH = re.compile(r"[0-9a-f]{16}")


async def settle_ids(store: Store, page: Page) -> None:
    """Gives goods without a spider of their own the id under which the store knows their address. A product leaves the
    page, counted, when it tells the number of a good that is known at another address. Raises StoreError."""
    goods = [p for p in page.products if source_of(p.retailer) == SHOP]
    at = await store.by_url([p.url for p in goods if p.url]) if goods else {}
    renamed = [p for p in goods if at.get(p.url, p.id) != p.id]
    told = await store.records([p.id for p in renamed]) if renamed else {}
    for product in renamed:
        record = told.get(product.id)
        if record is not None and record.product.url == product.url:
            continue
        if record is not None and not _HASH.fullmatch(_number(at[product.url], product)):
            page.products.remove(product)
            page.dropped[ANOTHER] = page.dropped.get(ANOTHER, 0) + 1
        else:
            product.id = at[product.url]
            product.sku = _number(product.id, product)


def _number(product_id: str, product: Product) -> str:
    return product_id.removeprefix(f"{product.retailer}:")
