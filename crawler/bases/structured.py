"""schema.org as pages carry it (JSON-LD, microdata, OpenGraph), and the products it describes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crawler.bases.facts import Facts
from crawler.bases.schema.identity import breadcrumbs, own
from crawler.bases.schema.jsonld import jsonld
from crawler.bases.schema.microdata import microdata
from crawler.bases.schema.opengraph import opengraph, opengraph_facts
from crawler.bases.schema.product import product
from crawler.bases.schema.values import Thing, many, types

if TYPE_CHECKING:
    from crawler.bases.document import Document

__all__ = ["jsonld", "list_facts", "microdata", "opengraph", "own_things", "product_facts"]

PRODUCTS = {"Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "ProductCollection"}
LISTS = {"ItemList", "OfferCatalog", "ProductCollection"}
WRAPPERS = ("mainEntity", "mainEntityOfPage", "itemOffered", "about", "object")
DEPTH = 4  # how far a product may stand inside the objects that wrap it


def product_facts(doc: "Document") -> list[Facts]:
    """The page's own product as JSON-LD, microdata and OpenGraph tell it, in that order; [] when none of them does or
    when it can't be told which of several products is the page's."""
    page, found = doc.identity, list[Facts]()
    for reader, thing in own_things(doc):
        category = breadcrumbs(doc.jsonld, page) or breadcrumbs(doc.microdata, page)
        found.append(product(doc, thing, reader, page.ids, category))
    tags = opengraph_facts(doc)
    return [*found, tags] if tags else found


def own_things(doc: "Document") -> Iterator[tuple[str, Thing]]:
    """(reader, object) of the page's own product."""
    for reader, things in (("jsonld", doc.jsonld), ("microdata", doc.microdata)):
        thing = own(doc.identity, [p for t in things for p in _products(t)])
        if thing:
            yield reader, thing


def list_facts(doc: "Document") -> list[Facts]:
    """One per product of a listing page, from the reader that tells most prices; reviews, related products and
    breadcrumbs are never among them."""
    readings = [
        [product(doc, thing, reader, set(), []) for thing in _listed(things)]
        for reader, things in (("jsonld", doc.jsonld), ("microdata", doc.microdata))
    ]
    return max(readings, key=lambda facts: (sum(f.price is not None for f in facts), len(facts)))


def _products(thing: Any, depth: int = DEPTH) -> Iterator[Thing]:
    """Products a top-level object is or wraps; not those of lists, reviews or relations."""
    if not isinstance(thing, dict) or depth == 0:
        return
    if types(thing) & PRODUCTS:
        yield thing
        return
    for key in WRAPPERS:
        for inner in many(thing.get(key)):
            for found in _products(inner, depth - 1):
                yield found | {"offers": thing} if key == "itemOffered" and "offers" not in found else found


def _listed(things: list[Thing]) -> list[Thing]:
    """The products of the longest list; without lists, the products that stand side by side."""
    lists = [found for thing in things for inner in _lists(thing) if (found := list(_elements(inner)))]
    alone = [p for t in things for p in _products(t)]
    return max([*lists, alone], key=len)


def _lists(thing: Any, depth: int = DEPTH) -> Iterator[Thing]:
    if not isinstance(thing, dict) or depth == 0:
        return
    if types(thing) & LISTS:
        yield thing
    for key in ("mainEntity", "hasOfferCatalog", "hasPart"):
        for inner in many(thing.get(key)):
            yield from _lists(inner, depth - 1)


def _elements(listing: Thing) -> Iterator[Thing]:
    """Products of one ItemList; an element that names only url and name is one too."""
    for element in many(listing.get("itemListElement")):
        if not isinstance(element, dict):
            continue
        inner = element.get("item")
        found = list(_products(element)) or list(_products(inner))
        if found:
            yield from found
        elif isinstance(inner, str):
            yield {"@type": "Product", "url": inner, "name": element.get("name")}
        elif types(element) & {"ListItem"} and element.get("url") and element.get("name"):
            yield {"@type": "Product"} | {k: element.get(k) for k in ("url", "name", "image")}
