"""The goods of a result page as the page's own JSON lists them."""

from typing import TYPE_CHECKING, Any

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.page_currency import page_currency
from crawler.bases.schema.product import text
from crawler.bases.schema.values import many
from crawler.bases.state.amounts import prices
from crawler.bases.state.forms import Unit
from crawler.bases.state.scale import Scale
from crawler.bases.state.things import Thing, codes, first, named, urls
from crawler.bases.state.variants import availability
from crawler.bases.state.words import priced
from crawler.core.models import Availability

if TYPE_CHECKING:
    from crawler.bases.document import Document

LEAST = 3  # goods; a shorter list may be anything
DEPTH, LISTS = 12, 5_000  # how deep a list may stand, and how many are looked at


def list_facts(doc: "Document", unit: Unit | None = None, usual: str | None = None) -> list[Facts]:
    """One per good of the longest list of goods with addresses; [] where there is none."""
    goods = max(_lists(doc.states), key=len, default=[])
    if len(goods) < LEAST:
        return []
    code = next((c for g in goods if (c := prices(g).currency)), None) or page_currency(doc) or usual
    scale = Scale(doc, code, unit)
    return [_tile(doc, good, scale) for good in goods]


def _lists(states: Any) -> list[list[Thing]]:
    found, todo, seen = [], [(states, 0)], 0
    while todo and seen < LISTS:
        item, depth = todo.pop()
        if isinstance(item, list):
            seen += 1
            goods = [g for v in item if isinstance(v, dict) and (g := _good(v))]
            if len(goods) >= LEAST and len(goods) * 2 > len(item):
                found.append(goods)
        if depth < DEPTH:
            inner = item.values() if isinstance(item, dict) else item
            todo.extend((v, depth + 1) for v in inner if isinstance(v, dict | list))
    return found


def _good(value: Thing) -> Thing | None:
    """The object, or the one it wraps (`{"node": {…}}`, `{"product": {…}}`), if it tells name, address and price."""
    wrapped = [
        v for k, v in value.items() if isinstance(v, dict) and k in ("node", "product", "item", "data", "_source")
    ]
    for thing in (value, *wrapped):
        if (
            any(map(priced, thing))
            and named(thing)
            and (first(thing, "url") or first(thing, "slug"))
            and prices(thing).paid
        ):
            return thing
    return None


def _tile(doc: "Document", thing: Thing, scale: Scale) -> Facts:
    facts = Facts("state", title=named(thing), url=next(iter(urls(thing, doc.url)), None))
    facts.sku = next(iter(codes(thing)), None)
    facts.brand = text(first(thing, "brand"))
    facts.images = read.images(doc.url, many(first(thing, "image"))[:1])
    told = prices(thing)
    facts.currency = told.currency or scale.currency
    facts.price = scale.minor(told.paid, facts) if told.paid else None
    above = scale.minor(told.listed, facts) if told.listed and facts.price else None
    facts.list_price = above if above and facts.price and above > facts.price else None
    stock = availability(thing)
    facts.availability = stock if facts.price else Availability.unknown
    return facts
