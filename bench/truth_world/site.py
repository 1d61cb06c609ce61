"""The shop as it answers: each good's page in its true state, spoiled by the fault of the sequence where that is on."""

import re
from functools import cached_property

import scrapy

from bench.truth_world import edit
from bench.truth_world.faults import Fault, Scene
from bench.truth_world.goods import Good, Listing, State, state
from bench.truth_world.reading import Answer, only, read
from bench.truth_world.stock import Stock
from bench.truth_world.walls import HTML, WRITTEN
from crawler.bases.document import way
from crawler.core.models import Availability, Page

Thing = Good | Listing
_SHOP = re.compile(r"https?://[^/]+(?:/[a-z]{2}[/_-][a-z]{2}(?=/))?")


class Site:
    """`states`, `run` and `fault` are set from outside as time goes on."""

    def __init__(self, retailer: str, stock: Stock):
        self.retailer, self.stock = retailer, stock
        self.things: list[Thing] = [*stock.goods, *stock.listings]
        self.states: dict[str, State] = {}
        self.run, self.fault = 0, None
        self.spoiled = self.unspoiled = 0
        self._details: dict[str, Answer | None] = {}

    @property
    def urls(self) -> list[str]:
        return [thing.answer.url for thing in self.things]

    @cached_property
    def _at(self) -> dict[str, Thing]:
        found: dict[str, Thing] = {}
        for thing in self.things:
            found[thing.answer.url] = thing
            if isinstance(thing, Good):
                found.setdefault(thing.product.url, thing)
        return found

    def fetch(self, request: scrapy.Request, second: bool, at: float) -> Page:
        """The page of readings of one request."""
        thing = self._at.get(request.url) or self._shown_at(request.url)
        answer = self.answer(thing, second) if thing else self._detail(request.url)
        if answer is None:
            return Page(self.retailer, request.url, "error", "no answer", fetched_at=at, way=way(request.meta))
        args = thing.case.args if thing else self.stock.goods[0].case.args
        answer = answer._replace(asked=request.url) if answer.asked == "" else answer
        return read(self.retailer, args, answer, at, way(request.meta))

    def _shown_at(self, url: str) -> Good | None:
        """A good whose page gives this address for its own: one that is sold out may show another's page, renamed."""
        for good in self.stock.goods:
            page = good.page(self.states[good.id])
            product = page and only(self.retailer, good.case.args, page)
            if product and product.url == url:
                return good
        return None

    def truth(self, thing: Thing) -> Answer:
        """The page as it should be. Every state was checked to have one."""
        if isinstance(thing, Listing):
            page = thing.page({i: self.states[i] for i in thing.base})
        elif self.states[thing.id].availability is Availability.discontinued:
            page = Answer(thing.answer.url, WRITTEN["404"][1].encode(), 404, HTML)
        else:
            page = thing.page(self.states[thing.id])
        assert page is not None
        return page

    def answer(self, thing: Thing, second: bool = False) -> Answer:
        good, place = self.truth(thing), self.things.index(thing)
        if self.fault is None or not self.fault.when(self.run, place, second):
            return good
        return self.spoil(thing, self.fault) or good

    def spoil(self, thing: Thing, fault: Fault) -> Answer | None:
        """The page with the fault; None where it can't have it."""
        spoiled = fault.spoil(self.truth(thing), self._scene(thing))
        self.spoiled += spoiled is not None
        self.unspoiled += spoiled is None
        return spoiled

    def _scene(self, thing: Thing) -> Scene:
        if isinstance(thing, Listing):
            skus = tuple(p.sku for p in thing.products.values())
            currency = next((p.offers[0].currency for p in thing.products.values() if p.offers), None)
            return Scene("listing", 100_00, currency or "INR", skus, None)
        others = [g for g in self.stock.goods if _could_answer_for(g, thing)]
        other = self.truth(others[0]) if others else None
        return Scene("product", self.states[thing.id].price, thing.currency, (), other)

    def _detail(self, url: str) -> Answer | None:
        """The own page of a good that only a listing shows: another good's page, renamed and priced anew."""
        tile = next((p for x in self.stock.listings for p in x.products.values() if p.url == url), None)
        wanted = tile and self.states.get(tile.id)
        return self._made(tile.id, tile.sku, url, wanted) if tile and wanted else None

    def _made(self, product_id: str, sku: str, url: str, wanted: State) -> Answer | None:
        for good in self.stock.goods:
            moves = {good.base.price: wanted.price}
            if good.base.list_price:
                moves[good.base.list_price] = wanted.list_price or good.base.list_price
            text = edit.amounts(edit.renamed(good.answer.text, good.product.sku, sku), moves, good.currency)
            answer = good.answer._replace(url=url).says(text)
            product = only(self.retailer, good.case.args, answer)
            if product and product.id == product_id and state(product.offer) == wanted:
                return answer
        return None


def _could_answer_for(other: Good, good: Good) -> bool:
    """Another good of the same country's shop. One with an equal title is a twin, which nobody can tell apart."""
    shops = {_SHOP.match(g.answer.url)[0] for g in (other, good)}
    return other.product.title != good.product.title and len(shops) == 1
