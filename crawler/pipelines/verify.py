"""Stage 100: drops what can't be believed, and looks at each design's picture (its smallest useful rendition).

Renditions are addresses the source's API gives out to be shown, so robots.txt (written for crawlers of its pages) is
not asked; the guard, the proxies, the retries and the site's own back-off are.
"""

import asyncio
import time
from collections import Counter

from scrapy import exceptions
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.core import metrics
from crawler.core.config import config
from crawler.core.errors import PictureError
from crawler.core.models import Design, Page, Product, Verified
from crawler.core.odd import design_fault, mend_product, product_fault, too_large, unsized
from crawler.core.pictures import MAX_BYTES, Picture, inspect
from crawler.core.pictures.looks import describe, remember, smallest
from crawler.core.shared import shared
from crawler.downloads import AWAY, PICTURE_PACE, download, picture_meta

AT_ONCE = 8  # pictures under way per crawl
ACCEPT = "image/jpeg,image/webp;q=0.9,image/png;q=0.8,image/*;q=0.5"
GONE_STATUSES = (404, 410)


class VerifyPipeline:
    def __init__(self, crawler: Crawler, look: bool):
        self.crawler, self.look = crawler, look
        self._places = asyncio.Semaphore(AT_ONCE)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "VerifyPipeline":
        return cls(crawler, config().verify)

    async def open_spider(self) -> None:
        await shared(self.crawler).enter()

    async def close_spider(self) -> None:
        await shared(self.crawler).leave()

    async def process_item(self, page: Page) -> Page:
        faults = Counter(page.dropped)
        at = page.fetched_at or time.time()
        page.products = verify_products(page.products, at, faults)
        page.designs = drop(page.designs, design_fault, faults)
        if self.look and page.designs:
            page.designs = await self._look_at_all(page.designs, at, faults)
        page.designs = drop(page.designs, lambda d: "no_size" if unsized(d) else None, faults)
        page.dropped = dict(faults)
        return page

    async def _look_at_all(self, designs: list[Design], at: float, faults: Counter[str]) -> list[Design]:
        """A new design whose picture is gone or broken is dropped; a stored one is kept and says so."""
        store = await shared(self.crawler).store()
        stored = await store.designs([d.id for d in designs])
        left = [d for d in designs if not remember(d, stored.get(d.id), at)]
        async with asyncio.TaskGroup() as group:
            looks = {d.id: group.create_task(self._look_at(d, at)) for d in left}
        wrong = {i: look.result() for i, look in looks.items() if i not in stored}
        return drop(designs, lambda d: wrong.get(d.id), faults)

    async def _look_at(self, design: Design, at: float) -> str | None:
        """What is wrong with its picture. One that can't be reached now merely stays unverified."""
        try:
            async with self._places:
                picture = await self.picture(smallest(design))
        except PictureError as error:
            self._count(design, error.reason)
            design.verified = Verified(image=False, at=at)
            return error.reason
        except AWAY as error:
            self._count(design, type(error).__name__)
            return None
        self._count(design, "ok")
        describe(design, picture, at)
        return None

    def _count(self, design: Design, outcome: str) -> None:
        self.crawler.stats.inc_value(f"homefeed/pictures/{outcome}")
        metrics.picture(design.source, outcome)

    async def picture(self, url: str) -> Picture:
        """Fetched through every middleware and decoded in a thread. Raises PictureError or one of AWAY."""
        response = await self._download(url)
        if response.status in GONE_STATUSES:
            raise PictureError("gone", f"status {response.status}")
        if response.status != 200:
            raise exceptions.DownloadFailedError(f"status {response.status}")
        return await asyncio.to_thread(inspect, response.body)

    async def _download(self, url: str) -> Response:
        pace = getattr(self.crawler.spider, "picture_pace", PICTURE_PACE)
        meta = picture_meta(url, pace) | {"download_maxsize": MAX_BYTES, "max_retry_times": 1}
        try:
            return await download(self.crawler, url, meta, headers={"Accept": ACCEPT})
        except (exceptions.DownloadCancelledError, exceptions.IgnoreRequest) as error:
            if too_large(str(error)):
                raise PictureError("too_many_bytes", str(error)) from None
            raise


def verify_products(products: list[Product], at: float, faults: Counter[str]) -> list[Product]:
    """The believable ones, each saying whether its price is."""
    kept = drop(products, product_fault, faults)
    for product in kept:
        mend_product(product, faults)
        page = True if product.evidence.depth == "page" else None  # its own address has just answered
        product.verified = Verified(url=page, price=price_holds(product), at=at)
    return kept


def price_holds(product: Product) -> bool | None:
    """None when there is no price to check; False when readers disagree on it."""
    if product.offer is None or product.offer.price is None:
        return None
    return not {"price", "currency"} & set(product.evidence.disputed)


def drop(things: list, fault, faults: Counter[str]) -> list:
    """The things without a fault; the others are counted by it."""
    found = [(thing, fault(thing)) for thing in things]
    faults.update(reason for _, reason in found if reason)
    return [thing for thing, reason in found if not reason]
