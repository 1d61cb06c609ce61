"""Retries as Scrapy does them; where browser names rotate, each under a new one."""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware as _RetryMiddleware


class RetryMiddleware(_RetryMiddleware):
    def _retry(self, request: Request, reason: Any) -> Request | Any:
        again = super()._retry(request, reason)
        if again is not None and again.meta.get("rotates"):
            again.headers.pop("User-Agent", None)
        return again
