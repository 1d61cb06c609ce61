"""Does the client already have this answer?"""

import hashlib

from api.front.headers import Pairs

NOT_SENT = frozenset((b"content-type", b"content-length", b"content-encoding"))


def etag_of(body: bytes) -> bytes:
    return b'"%s"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode()


def weak(etag: bytes) -> bytes:
    """For another encoding of the same thing."""
    return etag if etag.startswith(b"W/") else b"W/" + etag


def known(told: bytes, etag: bytes) -> bool:
    """Does If-None-Match name this ETag? Compared weakly, as RFC 9110 asks for."""
    if told.strip() == b"*":
        return True
    bare = etag.removeprefix(b"W/")
    return any(part.strip().removeprefix(b"W/") == bare for part in told.split(b","))


def without_body(headers: Pairs) -> Pairs:
    """What a 304 says of what the client has."""
    return [(name, value) for name, value in headers if name not in NOT_SENT]
