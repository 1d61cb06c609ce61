"""The files of the page: read once, compressed once, each with an ETag. Their version is part of the address the page
gives them, so that a browser may keep them for good and still never shows an old one."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
PAYS = 1_000  # bytes from which compressing is worth its header
PAGE = "index.html"


@dataclass(frozen=True)
class Asset:
    """`packed` is `body` under gzip, None where that saves nothing."""

    body: bytes
    packed: bytes | None
    etag: str
    media_type: str


@dataclass(frozen=True)
class Assets:
    version: str
    files: dict[str, Asset]


@cache
def assets() -> Assets:
    """Every file of the folder by name; blocks while it reads them the first time."""
    bodies = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in TYPES}
    version = hashlib.blake2b(b"\0".join(bodies.values()), digest_size=6).hexdigest()
    bodies[PAGE] = bodies[PAGE].replace(b'"/static/', f'"/static/{version}/'.encode())
    return Assets(version, {name: _asset(name, body) for name, body in bodies.items()})


def _asset(name: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0) if len(body) >= PAYS else None
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return Asset(body, packed if packed and len(packed) < len(body) else None, etag, TYPES[Path(name).suffix])
