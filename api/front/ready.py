"""A whole answer, ready to be sent: encoded, compressed and with its headers laid out."""

from collections.abc import Mapping

import msgspec
import orjson

from api.front.compress import compressed, pays
from api.front.etags import etag_of, known, weak, without_body
from api.front.headers import SAFE, Pairs, with_defaults

CODINGS = ("br", "gzip")


class Variant(msgspec.Struct):
    """One encoding: its headers and those of a 304, as pairs and as they go over the wire, and its body."""

    headers: Pairs
    unchanged: Pairs
    head: bytes
    unchanged_head: bytes
    body: bytes


class Ready:
    """`kept` answers were marked by their route as the same for everybody; only they have variants."""

    __slots__ = ("body", "etag", "headers", "kept", "status", "variants")

    def __init__(self, status: int, headers: Pairs, bodies: Mapping[str, bytes], *, kept: bool):
        self.status, self.headers, self.body, self.kept = status, headers, bodies["identity"], kept
        self.etag = dict(headers).get(b"etag") or etag_of(self.body)
        self.variants = {coding: self._variant(coding, body) for coding, body in bodies.items()} if kept else {}

    def has(self, told: bytes) -> bool:
        """Is this what the client's If-None-Match names?"""
        return told == self.etag or known(told, self.etag)

    def _variant(self, coding: str, body: bytes) -> Variant:
        etag = self.etag if coding == "identity" else weak(self.etag)
        own = [(name, value) for name, value in self.headers if name not in (b"etag", b"content-length", b"vary")]
        own += [(b"content-length", b"%d" % len(body)), (b"etag", etag), (b"vary", b"Accept-Encoding")]
        if coding != "identity":
            own.append((b"content-encoding", coding.encode()))
        headers = with_defaults(own, SAFE)
        unchanged = without_body(headers)
        return Variant(headers, unchanged, _head(headers), _head(unchanged), body)


def _head(headers: Pairs) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


def pack(status: int, headers: Pairs, body: bytes, *, kept: bool) -> bytes:
    """A line of JSON, then the body in each encoding. Compresses what is kept: call it in a thread."""
    bodies = {"identity": body}
    if kept and pays(dict(headers).get(b"content-type", b""), len(body)):
        bodies |= {coding: compressed(body, coding) for coding in CODINGS}
    named = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    sizes = {coding: len(found) for coding, found in bodies.items()}
    head = orjson.dumps({"status": status, "headers": named, "kept": kept, "sizes": sizes})
    return b"\n".join((head, b"".join(bodies.values())))


def unpack(data: bytes) -> Ready:
    head, _, rest = data.partition(b"\n")
    said, bodies, at = orjson.loads(head), {}, 0
    for coding, size in said["sizes"].items():
        bodies[coding], at = rest[at : at + size], at + size
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said["headers"]]
    return Ready(said["status"], headers, bodies, kept=said["kept"])
