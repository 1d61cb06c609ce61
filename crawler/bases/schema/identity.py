"""Which of several products a page is about, told by what the page says of itself: its urls, title and heading."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import msgspec

from crawler.bases.schema.product import ids, label, text
from crawler.bases.schema.values import Thing, code, many, one, types, word

if TYPE_CHECKING:
    from crawler.bases.document import Document

HOME = {"home", "homepage", "start", "startseite", "shop", "all products", "beranda", "inicio", "accueil"}
SHORT = 3  # shorter article numbers match by chance
_WORDS = re.compile(r"\w+")


class Identity(msgspec.Struct):
    """`paths`: where the page says it lives, without host and query; `ids`: its full urls and the article numbers
    that stand in them; `headings`: h1 texts; `title`: everything else it calls itself. Names are lower-case words."""

    paths: set[str]
    ids: set[str]
    headings: set[str]
    title: str


def identity(doc: "Document") -> Identity:
    tree = doc.tree
    canonical = tree.css_first('link[rel="canonical"][href]')
    urls = [doc.url, (canonical.attributes["href"] or "") if canonical else "", doc.opengraph.get("og:url", "")]
    title = tree.css_first("title")
    named = [title.text() if title else "", doc.opengraph.get("og:title", "")]
    return Identity(
        paths={p for url in urls if (p := path(url))},
        ids={u for u in urls if u} | {c for url in urls for c in _codes(url)},
        headings={h for node in tree.css("h1")[:6] if (h := words(node.text(separator=" ")))},
        title=" | ".join(words(n) for n in named if n),
    )


def _codes(url: str) -> Iterator[str]:
    """Article numbers a url may hold: each part of its path and query, and what follows a part's last dash."""
    for part in re.split(r"[/?&=#]", unquote(url)):
        named = re.sub(r"\.html?$", "", part)
        yield from (c for c in (code(named), code(named.rpartition("-")[2])) if len(c) > SHORT)


def path(url: str) -> str:
    """Lower-case path of a url without a trailing slash; "" for a site's root or no url."""
    try:
        return unquote(urlsplit(url.strip()).path).rstrip("/").lower()
    except ValueError:
        return ""


def words(name: str) -> str:
    return " ".join(_WORDS.findall(name.lower()))


def own(page: Identity, products: list[Thing]) -> Thing | None:
    """The product the page is about; None when there is none or several have an equal claim."""
    products = _merged(products)
    if not products:
        return None
    if len(products) == 1:
        return None if _foreign(page, products[0]) else products[0]
    ranked = sorted(((claim(page, p), -i) for i, p in enumerate(products)), reverse=True)
    (best, index), (second, _) = ranked[:2]
    return products[-index] if best > second else None


def claim(page: Identity, product: Thing) -> tuple[int, int, int]:
    """How well a product fits the page: by url, by id, by name."""
    name = words(text(product.get("name")) or "")
    urls = {path(u) for u in ids(product) if "/" in u}
    codes = {c for i in ids(product) if "/" not in i and len(c := code(i)) > SHORT}
    named = 1000 if name in page.headings else len(name) if name and name in page.title else 0
    return int(bool(urls & page.paths)), int(bool(codes & page.ids)), named


def _foreign(page: Identity, product: Thing) -> bool:
    """A lone product that nothing ties to this page and whose name this page hardly says; with an address of its own
    half of the name is not enough. A page without a heading may have but the shop's name as its title."""
    name = set(words(text(product.get("name")) or "").split())
    said = set(" ".join([*page.headings, page.title]).split())
    if not name or not said or claim(page, product) != (0, 0, 0):
        return False
    elsewhere = any("/" in u and path(u) for u in ids(product))
    if not elsewhere and not page.headings:
        return False
    shared = 2 * len(said & name)
    return shared <= len(name) if elsewhere else shared < len(name)


def _merged(products: list[Thing]) -> list[Thing]:
    """The same product told twice is one, the fuller telling completed by the other."""
    found: dict[Any, Thing] = {}
    for product in products:
        key = word(product.get("sku")) or word(product.get("name")) or word(product.get("url")) or id(product)
        key = (key, label(product))
        known = found.get(key)
        found[key] = _said(product) | _said(known) if known else product
    return list(found.values())


def _said(product: Thing) -> Thing:
    return {k: v for k, v in product.items() if v}


def breadcrumbs(things: list[Thing], page: Identity) -> list[str]:
    """Names of the page's breadcrumb trail without the home page and the product itself; [] unless it is told."""
    for thing in things:
        for trail in [thing, *many(thing.get("breadcrumb"))]:
            if "BreadcrumbList" in types(trail):
                return _trail(trail, page)
    return []


def _trail(trail: Thing, page: Identity) -> list[str]:
    steps = [s for s in many(trail.get("itemListElement")) if isinstance(s, dict)]
    steps.sort(key=_position)
    named = [(n, s) for s in steps if (n := text(s.get("name")) or text(_inner_name(s)))]
    if named and words(named[0][0]) in HOME:
        del named[0]
    if named and _is_page(*named[-1], page):
        del named[-1]
    return list(dict.fromkeys(n for n, _ in named))


def _is_page(name: str, step: Thing, page: Identity) -> bool:
    """Is the last step the product itself?"""
    item = one(step.get("item"))
    url = word(item.get("@id") or item.get("url")) if isinstance(item, dict) else word(item)
    return words(name) in page.headings or (bool(url) and path(url or "") in page.paths)


def _inner_name(step: Thing) -> Any:
    item = one(step.get("item"))
    return item.get("name") if isinstance(item, dict) else None


def _position(step: Thing) -> int:
    position = word(step.get("position")) or ""
    return int(position) if position.isascii() and position.isdigit() else 0
