"""Answers as bytes: encoded once, with an ETag, and marked for the cache where they are the same for every client."""

import hashlib
import math
from collections.abc import Iterable
from typing import Any

import orjson
from fastapi import Request, Response

CACHE = "homefeed.cache"  # key in the ASGI scope under which a route leaves its mark


def answer(
    request: Request, content: Any, *, status: int = 200, headers: dict[str, str] | None = None,
    tags: Iterable[str] | None = None, lasts_s: float = math.inf,
) -> Response:  # fmt: skip
    """JSON of `content`, which only the caller's own cache may keep. With `tags` the whole answer is cached under the
    request's path and query (`api/front`) and dropped when one of them is invalidated (`crawler.core.cache.tags`);
    after `lasts_s` seconds nobody is given it any more, not even as stale. Only below `front.visit.KEPT`. Never give
    tags where the answer depends on who asks."""
    body = orjson.dumps(content)
    found = dict(headers or {})
    found["ETag"] = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    found.setdefault("Cache-Control", "private, no-cache" if tags is None else "no-cache")
    if tags is not None:
        request.scope[CACHE] = (tuple(tags), lasts_s)
    return Response(body, status, found, media_type="application/json")
