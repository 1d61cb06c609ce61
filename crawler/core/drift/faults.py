"""The faults of one page, by kind, each with a reason a person understands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp
from typing import Literal

import msgspec

from crawler.core.drift.goods import Move, Strange
from crawler.core.drift.memory import Address, Sample
from crawler.core.drift.usual import HALF, Usual

Kind = Literal[
    "unread", "empty", "items", "coverage", "currency", "reader", "prices", "no_price", "disputed",
    "sold_out", "cut", "silent", "alone", "poorer", "thin", "unlisted", "moved", "stock",
]  # fmt: skip
WRONG: frozenset[Kind] = frozenset({"items", "coverage", "currency", "reader", "prices"})
WITHHELD: frozenset[Kind] = WRONG | {"sold_out"}
HARD: frozenset[Kind] = WRONG | {"unread", "empty", "no_price", "disputed"}  # enough of them hold a site
MANY = 8  # products from which shares of one list say something
KNOWN = 5  # known products from which their moves together say something
MOST = 0.6  # of the known products: a sale on half of a shop is none of this
MIXED = 0.2  # of the jumps, in the rarer direction
FEW = 0.25  # of the tiles an address usually has
OFTEN = 0.9  # what is true of so many products is usual
SELDOM = 0.1
FACTOR = 3.0  # by which the median price of one address never moves in a sale
REPEATS = 3  # pages in a row after which an address is taken to have become short

Faults = dict[Kind, str]


class Compared(msgspec.Struct):
    """The products of a page against what is remembered of them. `known` could be compared; `poorer` is one told by
    fewer readers than once; `as_ever`: all are told by those who always told of them; `unlisted`: one lost its list
    price only."""

    strange: Mapping[str, Strange]
    moves: Mapping[Move, int]
    currencies: Mapping[str, int]
    poorer: bool = False
    as_ever: bool = False
    unlisted: bool = False

    @property
    def known(self) -> int:
        return sum(self.moves.values())


def list_faults(
    sample: Sample, usual: Usual | None, compared: Compared, address: Address | None, level: float | None = None
) -> Faults:
    """`level`: logarithm of the page's median price, where it has one currency."""
    found = _against(address, sample, level) if address else {}
    if usual and sample.items >= MANY:
        found |= _coverage(sample, usual, address.fields if address else [])
    counts = Counter(compared.strange.values())
    items = sample.items
    for kind, of in (("currency", items), ("reader", items), ("sold_out", items), ("prices", compared.known)):
        if counts[kind] >= KNOWN and counts[kind] > HALF * of:  # type: ignore[index]
            found[kind] = _strange(kind, counts[kind], of, compared, sample)  # type: ignore[index, arg-type]
    return found | _moves(compared) | _voices(sample, usual)


def page_faults(sample: Sample, usual: Usual | None, compared: Compared) -> Faults:
    found: Faults = {kind: _strange(kind, 1, 1, compared, sample) for kind in compared.strange.values()}
    if usual and usual.coverage.get("price", (0.0, 0.0))[0] >= OFTEN and sample.priceable > sample.told.get("price", 0):
        found["no_price"] = "no price, which nearly every page has"
    if usual and usual.disputed < SELDOM and sample.disputed:
        found["disputed"] = "readers disagree, who always agreed"
    if compared.poorer:
        found["poorer"] = "products are told by fewer readers than once, or by others"
    if compared.unlisted:
        found["unlisted"] = "list prices are gone, prices stand"
    return found if compared.as_ever else found | _voices(sample, usual)


def short(items: int, address: Address) -> bool:
    """Far fewer tiles than this address has, and not for so long that it must be true."""
    return address.items >= MANY and items < FEW * address.items and address.odd + 1 < REPEATS


def _against(address: Address, sample: Sample, level: float | None) -> Faults:
    """The same address before."""
    if short(sample.items, address):
        return {"items": f"{sample.items} of usually {address.items} items"}
    if level is None or address.level is None or min(sample.items, address.items) < MANY:
        return {}
    factor = exp(abs(level - address.level))
    if factor < FACTOR:
        return {}
    return {"prices": f"the median price is {factor:.1f} times {'higher' if level > address.level else 'lower'}"}


def empty(address: Address) -> bool:
    """Should a page of this address have had something?"""
    return (address.items == 1 or address.items >= MANY) and address.odd + 1 < REPEATS


def _coverage(sample: Sample, usual: Usual, fields: Sequence[str]) -> Faults:
    """`fields`: those that this address told before; what else is thin, other words may have found other goods."""
    found: Faults = {}
    if usual.fell("price", sample):
        found["coverage"] = f"price told of {sample.told.get('price', 0)} of {sample.priceable} products"
    thin = [f for f in fields if f != "price" and usual.fell(f, sample)]
    if thin:
        found["thin"] = f"hardly told any more: {', '.join(sorted(thin))}"
    if usual.disputed < SELDOM and sample.disputed > HALF * sample.items:
        found["disputed"] = f"readers disagree on {sample.disputed} of {sample.items} products"
    return found


def _strange(kind: Strange, count: int, of: int, compared: Compared, sample: Sample) -> str:
    if kind == "currency":
        return f"prices in {', '.join(sorted(compared.currencies)) or 'another currency'}, unlike ever"
    if kind == "reader":
        return (
            f"values changed that only {', '.join(sorted(sample.price_readers)) or 'another reader'} tells, unlike ever"
        )
    if kind == "sold_out":
        return "sold out, as hardly any page ever says it"
    return f"the price of {count} of {of} known products is another by far"


def _moves(compared: Compared) -> Faults:
    """Known products that moved together: one way is a sale or its end, several ways are not."""
    up, down, known = compared.moves.get("up", 0), compared.moves.get("down", 0), compared.known
    if known < KNOWN:
        return {}
    if compared.moves.get("gone", 0) >= MOST * known:
        return {"stock": f"{compared.moves['gone']} of {known} known products are sold out at once"}
    if up + down < MOST * known:
        return {}
    if min(up, down) > MIXED * (up + down):
        return {"prices": f"{up + down} of {known} known prices jumped, up and down"}
    return {
        "moved": f"{up + down} of {known} known prices went {'up' if up > down else 'down'} by a third or more: a sale?"
    }


def _voices(sample: Sample, usual: Usual | None) -> Faults:
    """Readers that are missed; where the values are the same, that alone withholds nothing."""
    if usual is None or not sample.items:
        return {}
    found: Faults = {}
    silent = [reader for reader in usual.always() if reader not in sample.readers]
    if silent:
        found["silent"] = f"{', '.join(silent)} tells nothing any more"
    if usual.agreed >= OFTEN and sample.agreed < HALF * sample.told.get("price", 0):
        found["alone"] = "prices are told by one reader, not by two as ever"
    return found
