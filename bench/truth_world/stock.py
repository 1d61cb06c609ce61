"""The goods of one retailer in the bench: its good pages, some of them once more under other article numbers, and a
sold-out page for goods whose own page can't be edited to be sold out."""

import html
import re
from collections.abc import Iterator

from bench.truth_world import edit
from bench.truth_world.cases import Case
from bench.truth_world.goods import OUT, Good, Listing, state
from bench.truth_world.reading import Answer, only, read

MOST, LISTINGS = 8, 2
ODD = 2  # goods that can't be edited in full, such as those that are sold out, are at most so many
FULL = 2


class Stock:
    """`goods` have pages of their own, `listings` show tiles; no good stands in both."""

    def __init__(self, cases: list[Case], most: int = MOST):
        listings = [
            Listing(case, read(case.retailer, case.args, case.answer).products)
            for case in cases
            if case.kind == "listing"
        ]
        self.listings = _apart([listing for listing in listings if listing.base])[:LISTINGS]
        taken = {i for listing in self.listings for i in listing.products}
        singles = _each_once([good for case in cases if case.kind == "product" for good in _good(case)], taken)
        ranked = sorted(singles, key=lambda g: (-_movable(g), g.id))
        full = [good for good in ranked if _movable(good) == FULL] or [good for good in ranked if _movable(good)]
        odd = [good for good in ranked if good not in full][:ODD]
        self.goods = full[: most - len(odd)]
        for clone in _clones(full, most):
            if len(self.goods) + len(odd) < most and clone.id not in taken | {g.id for g in [*self.goods, *odd]}:
                self.goods.append(clone)
        self.goods += odd
        self._sell_out(cases)

    def _sell_out(self, cases: list[Case]) -> None:
        """A sold-out page of the same retailer, renamed, for goods whose own page can't say it."""
        pages = [case for case in cases if case.kind == "product" and _is_out(case)]
        for good in self.goods:
            if good.base.availability is OUT or good.page(good.base.stock(OUT)):
                continue
            good._pages.clear()
            good.gone = next((gone for case in pages if (gone := _as(case, good))), None)


def _good(case: Case) -> Iterator[Good]:
    product = only(case.retailer, case.args, case.answer)
    if product and state(product.offer):
        yield Good(case, case.answer, product)


def _each_once(goods: list[Good], taken: set[str]) -> list[Good]:
    """Goods of which several pages are there, or a tile, under article numbers of their own."""
    found: dict[str, Good] = {}
    for good in goods:
        others = [good] if good.id not in taken else []
        fresh = (g for g in [*others, *_clones([good], 5)] if g.id not in found and g.id not in taken)
        urls = {g.answer.url for g in found.values()}
        chosen = next((g for g in fresh if g.answer.url not in urls), None)
        if chosen:
            found[chosen.id] = chosen
    return list(found.values())


def _movable(good: Good) -> int:
    """How much of it can be edited: its price, and that it is sold out."""
    if not good.page(good.base.scaled(1.06, good.unit)):
        return 0
    return 1 + (good.base.availability is not OUT and good.page(good.base.stock(OUT)) is not None)


def _clones(goods: list[Good], most: int) -> Iterator[Good]:
    return (clone for n in range(1, most) for good in goods for clone in _clone(good, n))


def _clone(good: Good, n: int) -> Iterator[Good]:
    """The same page as another good's, some of its price away."""
    sku = edit.sibling(good.product.sku, n)
    answer = _elsewhere(_renamed(good.answer, good.product.sku, sku), good.answer.url, n)
    if good.product.title:
        answer = _renamed(answer, good.product.title, f"{good.product.title} No. {n}")
    target = good.base.scaled(1 + 0.11 * n, good.unit)
    moves = {good.base.price: target.price} | (
        {good.base.list_price: target.list_price} if good.base.list_price else {}
    )
    answer = answer.says(edit.amounts(answer.text, moves, good.currency))
    product = only(good.case.retailer, good.case.args, answer)
    moved = answer.url != good.answer.url and product is not None and product.url != good.product.url
    if product and moved and product.sku == sku and state(product.offer) == target:
        yield Good(good.case, answer, product)


def _renamed(answer: Answer, old: str, new: str) -> Answer:
    escaped = edit.renamed(answer.text, html.escape(old), html.escape(new)) if html.escape(old) != old else answer.text
    return answer._replace(url=edit.renamed(answer.url, old, new)).says(edit.renamed(escaped, old, new))


def _elsewhere(answer: Answer, url: str, n: int) -> Answer:
    """Another address, where that does not hold the article number."""
    name = next((w for w in re.split(r"[/?&=]", url)[::-1] if re.search(r"\w{4}\d", w)), "")
    return _renamed(answer, name, edit.sibling(name, n)) if name and answer.url == url else answer


def _is_out(case: Case) -> bool:
    product = only(case.retailer, case.args, case.answer)
    return bool(product and product.offer and product.offer.availability is OUT)


def _as(case: Case, good: Good) -> Answer | None:
    """The sold-out page of `case` as if it were this good's."""
    other = only(case.retailer, case.args, case.answer)
    answer = _renamed(case.answer, other.sku, good.product.sku)
    product = only(case.retailer, good.case.args, answer)
    if product is None or product.id != good.id or product.offer.availability is not OUT:
        return None
    shown, own = product.offers[0], good.product.offers[0]
    return answer if (shown.variant, shown.condition) == (own.variant, own.condition) else None


def _apart(listings: list[Listing]) -> list[Listing]:
    """Listings that share no good, the longest first."""
    chosen: list[Listing] = []
    for listing in sorted(listings, key=lambda x: (-len(x.products), x.case.name)):
        urls = {other.answer.url for other in chosen}
        if listing.answer.url not in urls and not any(listing.products.keys() & x.products.keys() for x in chosen):
            chosen.append(listing)
    return chosen
