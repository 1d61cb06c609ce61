"""Cookies as Scrapy keeps them, but a visitor who comes by another proxy is another visitor: one that was turned away
leaves its cookies behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware as _CookiesMiddleware
from scrapy.http import Response

from crawler.core.ways import proxy_of

JAR = "cookiejar"


class CookiesMiddleware(_CookiesMiddleware):
    def process_request(self, request: Request) -> Any:
        with _own_jar(request):
            return super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Any:
        with _own_jar(request):
            return super().process_response(request, response)


@contextmanager
def _own_jar(request: Request) -> Iterator[None]:
    """Within, the request's cookie jar is that of its session behind its proxy."""
    proxy = proxy_of(request.meta.get("way", ""))
    if proxy is None:
        yield
        return
    given = {JAR: request.meta[JAR]} if JAR in request.meta else {}
    request.meta[JAR] = (given.get(JAR), proxy)
    try:
        yield
    finally:
        del request.meta[JAR]
        request.meta.update(given)
