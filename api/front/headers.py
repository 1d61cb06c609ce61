"""Headers that every answer carries, and those that let a page of an allowed origin read it."""

from api.front.hosts import Headers

Pairs = list[tuple[bytes, bytes]]

SAFE: Pairs = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
]
EXPOSED = b"ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, X-Cache"
METHODS = b"GET, HEAD, POST, PUT, DELETE"
TAKEN = b"Authorization, Content-Type, If-None-Match, Last-Event-ID, X-Homefeed-Client"


def with_defaults(headers: Pairs, defaults: Pairs) -> Pairs:
    """`headers`, and those of `defaults` that they don't name."""
    named = {name.lower() for name, _ in headers}
    return [*headers, *((name, value) for name, value in defaults if name not in named)]


def for_origin(origin: bytes) -> Pairs:
    return [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", EXPOSED),
            (b"vary", b"Origin")]  # fmt: skip


def preflight(headers: Headers) -> Pairs:
    found = [(b"access-control-allow-methods", METHODS), (b"access-control-allow-headers", TAKEN),
             (b"access-control-max-age", b"600")]  # fmt: skip
    if headers.get(b"access-control-request-private-network") == b"true":
        found.append((b"access-control-allow-private-network", b"true"))
    return found
