"""Pictures like a picture: near by perceptual hash, of like colours, or about the same."""

import asyncio
import math
import time
from weakref import WeakKeyDictionary

from api.house import House
from crawler.core.models import Design
from crawler.core.pictures.phash import BITS, HashIndex, distance
from crawler.core.store import DesignQuery, Store, terms
from crawler.core.store.colors import named

NEAR = 100  # bits of 256: strangers are 128 ± 8 apart
LOOKED_AT = 60  # per way of finding candidates
WORDS = 3  # words of title and tags that are each looked up
INDEX_S = 60.0  # how old the hashes in memory may be
HASH, COLOR, SUBJECT = 0.4, 0.3, 0.3


class Hashes:
    """The store's hashes in memory; many askers wait for one reading of them."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._index = HashIndex()
        self._read_at = float("-inf")

    async def near(self, store: Store, phash: str) -> list[str]:
        async with self._lock:
            if time.monotonic() - self._read_at > INDEX_S:
                self._index = await asyncio.to_thread(HashIndex, await store.hashes())
                self._read_at = time.monotonic()
        return [name for name, _ in self._index.near(phash, NEAR, LOOKED_AT)]


_hashes: WeakKeyDictionary[House, Hashes] = WeakKeyDictionary()


async def similar_designs(house: House, design: Design, limit: int) -> list[tuple[Design, float]]:
    """(design, likeness 0 to 1), most alike first, without copies of the same picture."""
    candidates = await _candidates(house, design)
    scored = [(other, likeness(design, other)) for other in candidates if _another(design, other)]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].id))[:limit]


def likeness(one: Design, other: Design) -> float:
    """Parts of HASH, COLOR and SUBJECT; a part that a picture does not tell counts as nothing in common."""
    bits = distance(one.phash, other.phash) if one.phash and other.phash else BITS
    score = HASH * max(0.0, 1 - 2 * bits / BITS) + COLOR * _colors(one, other) + SUBJECT * _subject(one, other)
    return round(score, 4)


async def _candidates(house: House, design: Design) -> list[Design]:
    store = await house.store()
    queries = [DesignQuery(terms=[word], limit=LOOKED_AT) for word in _longest(design)]
    queries += [DesignQuery(color=color, limit=LOOKED_AT) for color in filter(None, map(named, design.colors[:1]))]
    pages = await asyncio.gather(*map(store.find_designs, queries))
    found = {other.id: other for designs, _ in pages for other in designs}
    if design.phash:
        near = await _hashes.setdefault(house, Hashes()).near(store, design.phash)
        found |= await store.designs([name for name in near if name not in found])
    return list(found.values())


def _another(one: Design, other: Design) -> bool:
    """Not the same picture, and itself no copy."""
    same = (one.group or one.id) == (other.group or other.id)
    return not same and other.group in (None, other.id)


def _longest(design: Design) -> list[str]:
    words = [word for word in terms(design.title, *design.tags) if not word.isdigit()]
    return sorted(words, key=lambda word: (-len(word), word))[:WORDS]


def _subject(one: Design, other: Design) -> float:
    a, b = set(terms(one.title, *one.tags)), set(terms(other.title, *other.tags))
    return len(a & b) / len(a | b) if a | b else 0.0


def _colors(one: Design, other: Design) -> float:
    """How near each main colour of one has its like in the other, on average; 0 beyond a quarter of the cube."""
    a, b = _rgb(one), _rgb(other)
    if not a or not b:
        return 0.0
    return sum(max(max(0.0, 1 - _apart(x, y) / 110) for y in b) for x in a) / len(a)


def _rgb(design: Design) -> list[tuple[int, ...]]:
    return [tuple(bytes.fromhex(color[1:])) for color in design.colors if len(color) == 7 and color[0] == "#"]


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    return math.dist(one, other)
