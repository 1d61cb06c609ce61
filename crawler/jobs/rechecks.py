"""Which watched pages are read again, in which jobs, and when each shop has its turn. Pure."""

import hashlib
from collections.abc import Iterable, Iterator

AT_ONCE = 20  # pages in one job: small enough for others to come in between


def turn(source: str, now: float, every_s: float) -> float:
    """When this shop's latest turn began, in Unix seconds. Each shop has its own place in the pause, so that they
    don't all start at once."""
    place = int.from_bytes(hashlib.blake2b(source.encode(), digest_size=8).digest()) / 2**64 * every_s
    return (now - place) // every_s * every_s + place


def jobs(urls: Iterable[str]) -> Iterator[list[str]]:
    """Every page once, AT_ONCE at a time. An address with white space can't be told apart from two."""
    once = [url for url in dict.fromkeys(urls) if len(url.split()) == 1]
    for start in range(0, len(once), AT_ONCE):
        yield once[start : start + AT_ONCE]
