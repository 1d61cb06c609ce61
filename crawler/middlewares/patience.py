"""Waiting that ends with the crawl: Scrapy closes a crawl only once its last request is back."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.core.tasks import cancelled

STEP_S = 0.5  # between two looks whether the crawl still goes on

T = TypeVar("T")


def closing(crawler: Crawler) -> bool:
    """Scrapy tells nobody that a crawl begins to close; only its engine knows."""
    engine: Any = crawler.engine
    slot = getattr(engine, "_slot", None)
    return not getattr(engine, "running", True) or (slot is not None and slot.closing is not None)


async def patient(crawler: Crawler, work: Awaitable[T], check: Callable[[], None] = lambda: None) -> T:
    """The result of `work`. Raises IgnoreRequest when the crawl closes meanwhile, and what `check` raises."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait([task], timeout=STEP_S))[0]:
            check()
            if closing(crawler):
                raise IgnoreRequest("the crawl ends")
        return task.result()
    finally:
        await cancelled(task)


def left(crawler: Crawler, request: Request | None = None) -> float:
    """Seconds until the answer is of no use, by the request's `deadline` (of time.monotonic) or the crawl's."""
    deadline = (request and request.meta.get("deadline")) or crawler.settings.getfloat("DEADLINE")
    return float(deadline) - time.monotonic() if deadline else float("inf")
