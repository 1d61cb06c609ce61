"""What is remembered of one site of a source between runs: how its good pages looked, and how it does now."""

import re
from typing import Literal
from urllib.parse import urlsplit

import msgspec

KIND = "drift"  # of the small documents; their key is `Memory.key`
STANDING = "standing"  # of small documents under the same keys, only while a site is not healthy
HOME = "drift_home"  # of small documents: by the site of a page, the site of the goods it tells of
SAMPLES = 40  # good pages remembered of each depth
WINDOW = 12  # newest pages, good or not
GOODS = 500  # products whose last values are remembered
ADDRESSES = 500  # pages whose size is remembered

State = Literal["healthy", "suspect", "held"]
LEVELS: tuple[State, ...] = ("healthy", "suspect", "held")


class Sample(msgspec.Struct, omit_defaults=True):
    """Counts over the products of one page, or of many. `priceable` have a price or are not told to be sold out; `told`
    counts them by field, `readers` by reader that told anything, `price_readers` by the one believed on the price."""

    items: int = 0
    priceable: int = 0
    agreed: int = 0
    disputed: int = 0
    told: dict[str, int] = {}
    readers: dict[str, int] = {}
    price_readers: dict[str, int] = {}
    stock_readers: dict[str, int] = {}
    currencies: dict[str, int] = {}


class Good(msgspec.Struct, array_like=True, gc=False):
    """The last values of a product's default offer. On its own page `reader` told the price, `readers` told anything,
    and where `agreed` a second one said the same.
    `waits` is a price, or a stock word, too odd to be believed, seen first at `since`."""

    price: int | None
    list_price: int | None
    currency: str | None
    availability: str
    reader: str
    readers: list[str]
    agreed: bool
    waits: int | str | None = None
    since: float = 0.0


class Address(msgspec.Struct, array_like=True, gc=False):
    """How many products one address usually has, and the natural logarithm of their median price where all are in one
    currency; `odd` pages in a row had far fewer. `fields` are told of half of them at least."""

    items: int
    level: float | None = None
    odd: int = 0
    fields: list[str] = []


class Sighting(msgspec.Struct, omit_defaults=True):
    """One page, with its faults by kind."""

    depth: str
    url: str
    faults: list[str] = []


class Alarm(msgspec.Struct, omit_defaults=True):
    """A site went from one state to another."""

    source: str
    site: str
    state: State
    was: State
    reasons: list[str]
    at: float


class Memory(msgspec.Struct, omit_defaults=True):
    """`since` is when `state` began, `reasons` why; `faulty` are the depths of page at fault, `clean` the good pages
    since. `rev` counts writes; `accepted_at` is when the operator last took the site as it is."""

    source: str
    site: str
    state: State = "healthy"
    reasons: list[str] = []
    since: float = 0.0
    faulty: list[str] = []
    clean: int = 0
    rev: int = 0
    accepted_at: float = 0.0
    samples: dict[str, list[Sample]] = {}
    window: list[Sighting] = []
    cuts: int = 0
    pages: int = 0
    goods: dict[str, Good] = {}
    addresses: dict[str, Address] = {}

    @property
    def key(self) -> str:
        return key(self.source, self.site)


def key(source: str, site: str = "") -> str:
    """Of the document of a site; without one the prefix of all sites of the source."""
    return f"{source}@{site}"


_LOCALE = re.compile(r"/[a-z]{2}[/_-][a-z]{2}(?=/)")


def site(url: str) -> str:
    """Host and country path of an address: one source may sell in several countries or shops."""
    parts = urlsplit(url)
    locale = _LOCALE.match(parts.path)
    return parts.netloc.rpartition("@")[2].removeprefix("www.") + (locale[0] if locale else "")


def accepted(memory: Memory, at: float) -> Memory:
    """The operator takes the site as it is: what is usual starts anew."""
    return Memory(memory.source, memory.site, since=at, rev=memory.rev + 1, accepted_at=at)
