"""The goods and pictures of the demo world, as pure functions of a tick: what is sold, at which price, in stock or not.
All names are invented."""

import hashlib
from dataclasses import dataclass
from random import Random

SHOPS = ("alder", "birch", "cedar")
KINDS = {
    "sofa": ("two-seater sofa", "three-seater sofa", "corner sofa", "sofa bed", "chaise sofa", "loveseat sofa"),
    "chair": ("armchair", "dining chair", "rocking chair", "accent chair"),
    "lamp": ("floor lamp", "table lamp", "pendant lamp", "arc lamp"),
    "table": ("coffee table", "side table", "dining table", "console table"),
}
SERIES = ("Havsund", "Mirelle", "Tarnby", "Okello", "Brindle", "Solvane", "Quill", "Nerida", "Fennick", "Ostara",
          "Lumbra", "Calder", "Wrenfield", "Ivoray")  # fmt: skip
FABRICS = ("oat linen", "moss velvet", "slate weave", "rust corduroy", "ivory bouclé", "ink cotton")
PER_KIND = {"sofa": 14, "chair": 6, "lamp": 6, "table": 6}


@dataclass(frozen=True)
class Good:
    shop: str
    sku: str
    kind: str
    title: str
    brand: str
    base: int  # whole rupees
    rating: float
    reviews: int


def goods(shop: str) -> list[Good]:
    return [_good(shop, kind, n) for kind, count in PER_KIND.items() for n in range(count)]


def _good(shop: str, kind: str, n: int) -> Good:
    rnd = Random(f"{shop}/{kind}/{n}")
    series = SERIES[(n + SHOPS.index(shop) * 5) % len(SERIES)]
    title = f"{series} {rnd.choice(KINDS[kind])}, {rnd.choice(FABRICS)}"
    base = rnd.randrange(24, 1200) * (100 if kind == "sofa" else 20) + rnd.choice((0, 49, 90, 99))
    sku = f"{shop[0].upper()}{kind[:2].upper()}{1000 + n}"
    return Good(shop, sku, kind, title, series, base, round(rnd.uniform(3.4, 4.9), 1), rnd.randrange(3, 900))


def _roll(*parts: object) -> int:
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=4).digest(), "big")


def price(good: Good, tick: int) -> int:
    """Whole rupees at a tick; each good moves at its own rhythm, now and then by more than a third."""
    era = tick // (1 + _roll(good.sku, "rhythm") % 5)
    roll = _roll(good.sku, era) % 20
    factor = 0.58 if roll == 0 else (1.0, 0.95, 0.9, 1.04, 0.97)[roll % 5]
    return max(1, round(good.base * factor))


def list_price(good: Good, tick: int) -> int | None:
    """The struck-through price, for goods that have one."""
    return round(good.base * 1.25) if _roll(good.sku, "list") % 3 else None


def in_stock(good: Good, tick: int) -> bool:
    return _roll(good.sku, "stock", tick // (2 + _roll(good.sku) % 3)) % 14 != 0


def search(shop: str, query: str) -> list[Good]:
    """Goods whose title or kind holds every word of the query."""
    words = query.lower().split()
    return [g for g in goods(shop) if all(w in f"{g.title} {g.kind}".lower() for w in words)]


def neighbours(good: Good, count: int = 4) -> list[Good]:
    """Other goods of the shop, for the carousels a reader must not mistake for the product."""
    others = [g for g in goods(good.shop) if g.sku != good.sku]
    return Random(good.sku).sample(others, count)


@dataclass(frozen=True)
class Picture:
    source: str
    id: str
    scene: int  # the same scene in both sources is the same picture, rendered anew
    title: str
    author: str
    license: str
    width: int
    height: int


SOURCES = ("lumen", "attic")
LICENSES = ("cc0", "by", "by-sa")
AUTHORS = ("Ada Quist", "Benoît Marl", "Chidi Vane", "Dolly Ferro", "Emre Sand")


def pictures(source: str) -> list[Picture]:
    """Twenty-two scenes each; six of them are in both sources."""
    first = 0 if source == "lumen" else 16
    return [_picture(source, scene) for scene in range(first, first + 22)]


def _picture(source: str, scene: int) -> Picture:
    rnd = Random(f"{source}/{scene}")
    width, height = rnd.choice(
        ((1600, 1067), (1200, 1600), (1500, 1500)) if scene >= 22 or scene < 16 else ((1600, 1067),)
    )
    room = Random(scene).choice(("Living room", "Reading corner", "Loft", "Studio"))
    title = f"{room} with {Random(scene + 1).choice(FABRICS)} sofa"
    return Picture(
        source, f"{source[0]}{100 + scene}", scene, title, rnd.choice(AUTHORS), rnd.choice(LICENSES), width, height
    )
