"""What a request may hold at most, before anybody reads it."""

import asyncio
from urllib.parse import parse_qsl

from starlette.types import Message, Receive, Scope

from api.errors import Problem, wrong
from api.front.hosts import Headers

URL = 8 << 10
BODY = 1 << 20
BODY_S = 20.0
# where a second one could tell two readers two things
SINGLE = frozenset((b"host", b"origin", b"authorization", b"content-length", b"x-homefeed-client", b"sec-fetch-site"))


def headers_of(scope: Scope) -> Headers:
    """By lower-case name. Raises Problem 422 when one that may come once came twice."""
    found: Headers = dict(scope["headers"])
    if len(found) != len(scope["headers"]):
        names = [name for name, _ in scope["headers"]]
        for name in SINGLE:
            if names.count(name) > 1:
                raise wrong(name.decode(), "may be given once", 422)
    return found


def check_url(scope: Scope) -> None:
    """Raises Problem 414, or 422 naming what holds a NUL."""
    path, query = scope["raw_path"], scope["query_string"]
    if len(path) + len(query) > URL:
        raise too_long()
    if b"%00" in query or b"%00" in path:
        raise wrong(_field_with_nul(query), "may not hold a NUL")


def too_long() -> Problem:
    return Problem(414, "too-large", f"the address is longer than {URL:,} bytes")


def _field_with_nul(query: bytes) -> str:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return next((name for name, value in pairs if "\0" in value and "\0" not in name), "query" if pairs else "path")


async def whole_body(headers: Headers, receive: Receive) -> Receive | None:
    """The body read to its end, as a new `receive`; None when the client left before. Raises Problem 413 or 422, and
    TimeoutError."""
    told = headers.get(b"content-length", b"0")
    if len(told) > 12 or not told.isdigit() or int(told) > BODY:
        raise _too_large()
    parts, size, more = list[bytes](), 0, True
    async with asyncio.timeout(BODY_S):
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > BODY:
                raise _too_large()
            more = message.get("more_body", False)
    return _again(b"".join(parts), receive)


def _again(body: bytes, receive: Receive) -> Receive:
    if b"\0" in body or b"\\u0000" in body:
        raise wrong("body", "may not hold a NUL")
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def once_more() -> Message:
        return messages.pop() if messages else await receive()

    return once_more


def _too_large() -> Problem:
    return Problem(413, "too-large", f"the body is larger than {BODY:,} bytes")
