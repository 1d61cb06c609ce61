"""What a shop truly sells, and the pages that show it: a page is edited to say a state and read back; one that does
not read as that state is no page of the bench."""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from bench.truth_world import edit
from bench.truth_world.cases import Case
from bench.truth_world.reading import Answer, only, read
from crawler.core.models import Availability, Offer, Product

TILES = 4  # of a listing that may move
IN, OUT = Availability.in_stock, Availability.out_of_stock


class State(msgspec.Struct, frozen=True):
    """Prices in minor units. `list_price` is None where none is shown."""

    price: int
    list_price: int | None
    availability: Availability

    def scaled(self, factor: float, unit: int) -> "State":
        """Another price with the same cents; the list price goes along where it would fall below."""
        price = _moved(self.price, factor, unit)
        above = self.list_price is None or self.list_price > price
        return State(price, self.list_price if above else _moved(self.list_price, factor, unit), self.availability)

    def listed(self, factor: float, unit: int) -> "State":
        return State(self.price, self.list_price and _moved(self.list_price, factor, unit), self.availability)

    def stock(self, availability: Availability) -> "State":
        return State(self.price, self.list_price, availability)


def _moved(amount: int, factor: float, unit: int) -> int:
    whole, cents = divmod(amount, unit)
    moved = max(1, round(whole * factor))
    return (moved if moved != whole else whole + 1) * unit + cents


def state(offer: Offer | None) -> State | None:
    """What an offer says, where it says enough to be compared."""
    if offer is None or offer.price is None or not offer.currency:
        return None
    return State(offer.price, offer.list_price, offer.availability)


class Good:
    """One product with a page of its own. `base` is what the page says unedited."""

    def __init__(self, case: Case, answer: Answer, product: Product, gone: Answer | None = None):
        self.case, self.answer, self.product = case, answer, product
        self.id, self.base = product.id, state(product.offer)
        self.currency = product.offers[0].currency
        self.gone = gone  # the page while it is sold out, where it can't be had by editing
        self._pages: dict[State, Answer | None] = {}

    def page(self, wanted: State) -> Answer | None:
        """The page that says `wanted` and nothing else new; None when it can't be had."""
        if wanted not in self._pages:
            self._pages[wanted] = self._checked(wanted)
        return self._pages[wanted]

    def _checked(self, wanted: State) -> Answer | None:
        if wanted == self.base:
            return self.answer
        for answer in self._edited(wanted):
            if self._reads(answer, wanted):
                return answer
        return None

    def _edited(self, wanted: State) -> Iterator[Answer]:
        out = wanted.availability is OUT and self.base.availability is not OUT
        source = self.gone if out and self.gone else self.answer
        shown = state(only(self.case.retailer, self.case.args, source).offer) or self.base
        text = edit.amounts(source.text, _moves(shown, wanted), self.currency)
        yield source.says(edit.sold_out(text) if out and not self.gone else text)

    def _reads(self, answer: Answer, wanted: State) -> bool:
        product = only(self.case.retailer, self.case.args, answer)
        if product is None or product.id != self.id or not product.offers:
            return False
        if not self.gone and _at_odds(product, self.product):  # a shop's own sold-out page may be built as it likes
            return False
        offer, sold = product.offers[0], wanted.availability is OUT
        if offer.availability != wanted.availability or (offer.currency or self.currency) != self.currency:
            return False
        unsaid = sold and offer.price is None
        return unsaid or (
            offer.price == wanted.price and offer.list_price in (wanted.list_price, None if sold else wanted.list_price)
        )

    def others(self, wanted: State) -> list[Offer]:
        """What the page with this state says of every offer but the first."""
        answer = self.page(wanted)
        product = only(self.case.retailer, self.case.args, answer) if answer else None
        return product.offers[1:] if product else []

    @cached_property
    def unit(self) -> int:
        return 10 ** edit.digits(self.currency)


def _at_odds(product: Product, base: Product) -> bool:
    """Was the value not replaced in all places, so that readers disagree, or fall silent, who did not?"""
    if not set(product.evidence.disputed) <= set(base.evidence.disputed):
        return True
    return any(told(base, field) - told(product, field) for field in ("price", "availability"))


def told(product: Product, field: str) -> set[str]:
    """Which readers told a field."""
    evidence = product.evidence
    return {*evidence.witnesses.get(field, []), *([evidence.fields[field]] if field in evidence.fields else [])}


def _moves(shown: State, wanted: State) -> dict[int, int]:
    pairs = ((shown.list_price, wanted.list_price), (shown.price, wanted.price))
    return {old: new for old, new in pairs if old and new and old != new}


class Listing:
    """One result page; its tiles' states by id. Only tiles that can be edited alone ever move."""

    def __init__(self, case: Case, products: list[Product]):
        self.case, self.answer = case, case.answer
        self.base = {p.id: s for p in products if (s := state(p.offer))}
        self.products = {p.id: p for p in products}
        self._pages: dict[tuple[tuple[str, State], ...], Answer | None] = {}
        self._movable: list[str] | None = None

    def movable(self) -> list[str]:
        """Tiles whose price can be edited without touching another's; the first of them."""
        if self._movable is None:
            self._movable = []
            for product_id, base in self.base.items():
                if len(self._movable) < TILES and self.page(self.base | {product_id: base.scaled(1.06, 100)}):
                    self._movable.append(product_id)
        return self._movable

    def page(self, states: dict[str, State]) -> Answer | None:
        """The listing with these states; None when it can't be had."""
        moved = tuple(sorted(((i, s) for i, s in states.items() if s != self.base[i]), key=lambda pair: pair[0]))
        if moved not in self._pages:
            self._pages[moved] = self._checked(dict(moved))
        return self._pages[moved]

    def _checked(self, moved: dict[str, State]) -> Answer | None:
        text = self.answer.text
        for product_id, wanted in moved.items():
            currency = self.products[product_id].offers[0].currency
            text = edit.amounts(text, _moves(self.base[product_id], wanted), currency)
        answer = self.answer.says(text) if moved else self.answer
        page = read(self.case.retailer, self.case.args, answer)
        found = {p.id: s for p in page.products if (s := state(p.offer))}
        if any(_at_odds(p, self.products[p.id]) for p in page.products if p.id in self.products):
            return None
        return answer if page.verdict == "ok" and found == self.base | moved else None
