"""Bodies in the encodings clients ask for."""

import gzip
from functools import lru_cache

import brotli

SMALL = 1_000  # bytes below which it doesn't pay
TEXTS = (b"application/json", b"application/problem+json", b"text/")
STREAM = b"text/event-stream"


@lru_cache(256)
def preferred(accepted: bytes) -> str:
    """`br`, `gzip` or `identity`, by the Accept-Encoding header: of what the client likes best, what is smallest."""
    weights = _weights(accepted)
    known = {coding: weights.get(coding, weights.get("*", 0.0)) for coding in ("br", "gzip")}
    best = max(known, key=lambda coding: known[coding])
    return best if known[best] > 0 and known[best] >= weights.get("identity", 0.0) else "identity"


def takes_gzip(accepted: bytes) -> bool:
    weights = _weights(accepted)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def pays(content_type: bytes, size: int) -> bool:
    return size >= SMALL and content_type.startswith(TEXTS) and not content_type.startswith(STREAM)


def compressed(body: bytes, coding: str) -> bytes:
    """Takes about a millisecond for a list of 50: in a thread, please."""
    return brotli.compress(body, quality=5) if coding == "br" else gzip.compress(body, 6, mtime=0)


def _weights(accepted: bytes) -> dict[str, float]:
    weights = dict[str, float]()
    for part in accepted.decode("latin-1").lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = _weight(weight)
    return weights


def _weight(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    try:
        weight = float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
