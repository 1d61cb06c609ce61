"""Retries of what may pass (time-outs, faults of connections, 429 and 5xx as RETRY_HTTP_CODES lists them), each after a
longer wait, or after the one the site asks for.

The wait is here, where the request holds no place at the site. It ends with the crawl, and is not begun when the answer
would come too late: what was seen so far is then the answer.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware as _RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.core.retries import back_off
from crawler.middlewares.patience import left, patient
from crawler.middlewares.retry_after import retry_after


class RetryMiddleware(_RetryMiddleware):
    sleep: Callable[[float], Awaitable[None]] = staticmethod(asyncio.sleep)
    between: Callable[[float, float], float] = staticmethod(random.uniform)

    async def process_response(self, request: Request, response: Response) -> Any:
        """The response, or the request to make again."""
        again = super().process_response(request, response)
        return again if again is response else await self._wait(request, again, retry_after(response)) or response

    async def process_exception(self, request: Request, exception: Exception) -> Any:
        again = super().process_exception(request, exception)
        return again and await self._wait(request, again, None)

    async def _wait(self, request: Request, again: Request, asked: float | None) -> Request | None:
        """The request once its time has come; None when that would be too late."""
        seconds = asked if asked is not None else self._back_off(again)
        if seconds >= left(self.crawler, request):
            self.crawler.stats.inc_value("retry/too_late")
            return None
        try:
            await patient(self.crawler, self.sleep(seconds))
        except IgnoreRequest:  # the crawl ends
            return None
        return again

    def _back_off(self, again: Request) -> float:
        return back_off(again.meta["retry_times"], self.crawler.settings.getfloat("RETRY_BACKOFF"), self.between)

    def _retry(self, request: Request, reason: Any) -> Request | Any:
        if urlsplit(request.url).path == "/robots.txt":  # a whole crawl waits for it
            request.meta["max_retry_times"] = min(1, self.max_retry_times)
        return super()._retry(request, reason)
