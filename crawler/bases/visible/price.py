"""The price and the list price of a block, out of all the amounts it shows."""

from selectolax.lexbor import LexborNode

from crawler.bases.visible.amounts import Seen, seen
from crawler.bases.visible.roles import percent
from crawler.bases.visible.text import lines
from crawler.core.money import Money

ABSURD = 100  # times its price; a list price beyond that belongs to something else


def price(node: LexborNode, currency: str | None = None) -> Money | None:
    """What a shopper pays inside this block; None when it shows nothing, a range or only a "from" price. An amount
    that can't be believed is no price. `currency` settles signs that several countries share."""
    block = lines(node)
    return pick(seen(block, currency), percent(block))


def list_price(node: LexborNode, currency: str | None = None) -> Money | None:
    """The price the shop compares with (M.R.P., was, struck through); None unless it is above the price."""
    block = lines(node)
    found = seen(block, currency)
    return pick_list(found, pick(found, percent(block)), percent(block))


def pick(found: list[Seen], discount: int | None) -> Money | None:
    """The price among the amounts: the one the discount confirms, else the first; never the one it was taken from."""
    if any(s.role == "range" for s in found):
        return None
    prices = list(dict.fromkeys(s.money for s in found if s.role == "price"))
    if not prices:
        return next((s.money for s in found if s.role == "weak"), None)
    confirmed = confirmed_by(found, discount)
    if confirmed:
        return confirmed
    return None if any(_discounted(s.money, prices[0], discount) for s in found) else prices[0]


def only(found: list[Seen], discount: int | None) -> Money | None:
    """The one price; None for a range or for several that no discount explains."""
    if any(s.role == "range" for s in found):
        return None
    prices = {s.money for s in found if s.role == "price"} or {s.money for s in found if s.role == "weak"}
    return pick(found, discount) if len(prices) == 1 else confirmed_by(found, discount)


def pick_list(found: list[Seen], paid: Money | None, discount: int | None) -> Money | None:
    """The one amount the price is compared with; of several the one the discount confirms. None for what no shop would
    compare with."""
    if paid is None:
        return None
    listed = [s.money for s in found if s.role in ("list", "weak") or _explains(paid, s.money, found, discount)]
    above = {m for m in listed if paid.amount < m.amount < ABSURD * paid.amount and m.currency == paid.currency}
    if len(above) > 1:
        above = {m for m in above if _explains(paid, m, found, discount)}
    return above.pop() if len(above) == 1 else None


def confirmed_by(found: list[Seen], discount: int | None) -> Money | None:
    """The one price that, with a higher amount shown, makes up the saving shown."""
    prices = {s.money for s in found if s.role == "price"}
    paid = {p for p in prices if any(_explains(p, s.money, found, discount) for s in found)}
    return paid.pop() if len(paid) == 1 else None


def _explains(low: Money, high: Money, found: list[Seen], discount: int | None) -> bool:
    """Is the difference what the block says is saved, in per cent or as an amount?"""
    saved = Money(high.amount - low.amount, high.currency)
    return _discounted(low, high, discount) or any(s.role == "other" and s.money == saved for s in found)


def _discounted(low: Money, high: Money, discount: int | None) -> bool:
    if discount is None or low.currency != high.currency or low.amount >= high.amount:
        return False
    return abs(100 - 100 * low.amount / high.amount - discount) <= 1
