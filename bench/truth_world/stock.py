"""The goods of one retailer in the bench: its good pages, some of them once more under other article numbers, and a
sold-out page for goods whose own page can't be edited to be sold out."""

from collections.abc import Iterator

from bench.truth_world import edit
from bench.truth_world.cases import Case
from bench.truth_world.goods import OUT, Good, Listing, state
from bench.truth_world.reading import Answer, only, read

MOST, LISTINGS = 8, 2
ALONE = 3  # so many product pages must be left when a listing shows the same goods


class Stock:
    """`goods` have pages of their own, `listings` show tiles; no good stands in both."""

    def __init__(self, cases: list[Case], most: int = MOST):
        self.goods: list[Good] = []
        singles = [good for case in cases if case.kind == "product" for good in _good(case)]
        listings = [Listing(case, read(case.retailer, case.args, case.answer).products) for case in cases if case.kind == "listing"]
        self.listings = _apart([listing for listing in listings if listing.base])[:LISTINGS]
        tiles = {i for listing in self.listings for i in listing.products}
        unique = {good.id: good for good in singles if good.id not in tiles}
        movable = sorted(unique.values(), key=lambda g: (-_movable(g), g.id))
        self.goods = movable[:most]
        for n in range(1, most):
            for good in movable:
                if len(self.goods) < most and _movable(good):
                    self.goods += [g for g in _clone(good, n) if g.id not in tiles | {x.id for x in self.goods}]
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


def _movable(good: Good) -> int:
    """How much of it can be edited: its price, and that it is sold out."""
    if not good.page(good.base.scaled(1.06, good.unit)):
        return 0
    return 1 + (good.base.availability is not OUT and good.page(good.base.stock(OUT)) is not None)


def _clone(good: Good, n: int) -> Iterator[Good]:
    """The same page as another good's, some of its price away."""
    sku = edit.sibling(good.product.sku, n)
    answer = _renamed(good.answer, good.product.sku, sku)
    target = good.base.scaled(1 + 0.11 * n, good.unit)
    moves = {good.base.price: target.price} | ({good.base.list_price: target.list_price} if good.base.list_price else {})
    answer = answer.says(edit.amounts(answer.text, moves, good.currency))
    product = only(good.case.retailer, good.case.args, answer)
    if product and product.sku == sku and state(product.offer) == target:
        yield Good(good.case, answer, product)


def _renamed(answer: Answer, old: str, new: str) -> Answer:
    return answer._replace(url=edit.renamed(answer.url, old, new)).says(edit.renamed(answer.text, old, new))


def _is_out(case: Case) -> bool:
    product = only(case.retailer, case.args, case.answer)
    return bool(product and product.offer and product.offer.availability is OUT)


def _as(case: Case, good: Good) -> Answer | None:
    """The sold-out page of `case` as if it were this good's."""
    other = only(case.retailer, case.args, case.answer)
    answer = _renamed(case.answer, other.sku, good.product.sku)
    product = only(case.retailer, good.case.args, answer)
    same = product and product.id == good.id and product.offer.availability is OUT
    return answer if same else None


def _apart(listings: list[Listing]) -> list[Listing]:
    """Listings that share no good, the longest first."""
    chosen: list[Listing] = []
    for listing in sorted(listings, key=lambda x: (-len(x.products), x.case.name)):
        if not any(listing.products.keys() & other.products.keys() for other in chosen):
            chosen.append(listing)
    return chosen
