"""A generic product page of any shop, as a shopper sees it: title, main price, stock. Says nothing where several
readings are possible."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.schema_product import name
from crawler.bases.visible_price import list_price, price
from crawler.bases.visible_text import classes, hidden, struck, text
from crawler.core.models import Availability
from crawler.core.money import Money

if TYPE_CHECKING:
    from crawler.bases.document import Document

LEVELS = 12  # how far above the heading the price may stand
CANDIDATES = 40

_PRICE = ('[itemprop="price"],[class*="price" i],[id*="price" i],[data-testid*="price" i],[data-test*="price" i],'
          '[data-test-id*="price" i],[data-hook*="price" i],[class*="amount" i]')  # fmt: skip
_STOCK = ('[itemprop="availability"],[class*="stock" i],[id*="stock" i],[class*="availab" i],[id*="availab" i],'
          '[data-testid*="stock" i],[data-testid*="availab" i]')  # fmt: skip
_BUTTON = 'button,input[type="submit"],input[type="button"],a[class*="cart" i],a[class*="btn" i],a[class*="button" i],[role="button"]'
_ELSEWHERE = re.compile(
    r"(?:^|[-\s])(?:related|recommend\w*|similar|carousel|slider|swiper|slick|sponsored|upsell\w*|cross-?sell\w*|crosssell|"
    r"also|viewed|recently|bundle\w*|accessor\w*|footer|header|nav|navigation|menu|breadcrumb\w*|sidebar|mini-?cart|"
    r"cart-drawer|modal|popup|compare|comparison|review\w*|suggest\w*|complementary|frequently|tile|tiles|"
    r"product-card|product-grid|product-list|shop-the-look|financ\w*|affirm|klarna|afterpay|emi|installment\w*|shipping|"
    r"delivery|warranty|protection|gift|coupon\w*|swatch\w*|option-price|unit-price|price-per|per-unit|filter\w*|save|"
    r"saving\w*|you-save|discount|member\w*|exchange|trade-in)(?:[-\s]|$)"
)
_ELSEWHERE_TAGS = {"footer", "nav", "aside", "header"}
_ADD = re.compile(r"\b(?:add (?:\w+ )?to (?:\w+ )?(?:cart|bag|basket|trolley)|buy (?:it )?now|in den warenkorb|ajouter au panier|"
                  r"añadir al carrito|tambah ke keranjang|beli sekarang)\b", re.I)  # fmt: skip
_GONE = re.compile(r"\b(?:sold ?out|out of stock|notify me|currently unavailable|ausverkauft|épuisé|agotado|habis)\b", re.I)


def product_facts(doc: "Document") -> Facts | None:
    """None when the page has no heading that names a product."""
    heading = _heading(doc)
    if heading is None:
        return None
    facts = Facts("visible", title=name(text(heading)))
    found = _price_block(heading, _currency(doc))
    if found:
        block, paid = found
        facts.price, facts.currency = paid
        listed = list_price(block, paid.currency)
        facts.list_price = listed.amount if listed else None
        facts.availability = _availability(heading, block)
    return facts if facts.title else None


def _heading(doc: "Document") -> LexborNode | None:
    """The h1 that the page's own title repeats most of."""
    title = doc.tree.css_first("title")
    said = set(_words(title.text() if title else "")) | set(_words(doc.opengraph.get("og:title", "")))
    best, score = None, 0.0
    for node in doc.tree.css("h1")[:8]:
        own = _words(text(node))
        shared = sum(w in said for w in own) / len(own) if own else 0.0
        if shared > score and not _is_elsewhere(node):
            best, score = node, shared
    return best if score >= 0.5 else None


def _words(said: str) -> list[str]:
    return re.findall(r"\w+", said.lower())


def _currency(doc: "Document") -> str | None:
    """What the page itself says its prices are in, to settle signs that several countries share."""
    told = doc.opengraph.get("product:price:currency") or doc.opengraph.get("og:price:currency")
    meta = None if told else doc.tree.css_first('[itemprop="priceCurrency"]')
    return read.currency(told or ((meta.attributes.get("content") or meta.text()) if meta else None))


def _price_block(heading: LexborNode, currency: str | None) -> tuple[LexborNode, Money] | None:
    """The price that stands nearest around the heading; None when the nearest ones differ."""
    for level in _above(heading):
        found = [(node, paid) for node in _outermost(level.css(_PRICE), level) if (paid := price(node, currency))]
        if found:
            return found[0] if len({paid for _, paid in found}) == 1 else _current(found)
        if level.tag in ("body", "html"):
            break
    return None


def _above(node: LexborNode) -> Iterator[LexborNode]:
    current = node.parent
    for _ in range(LEVELS):
        if current is None:
            return
        yield current
        current = current.parent


def _current(found: list[tuple[LexborNode, Money]]) -> tuple[LexborNode, Money] | None:
    """Among several blocks, those a class calls current, final or sale price, if they agree."""
    named = [pair for pair in found if re.search(r"current|final|sale|now|main|our", classes(pair[0].attributes))]
    return named[0] if named and len({paid for _, paid in named}) == 1 else None


def _outermost(nodes: list[LexborNode], top: LexborNode) -> list[LexborNode]:
    """Without nested ones and those that stand in other products' or other offers' blocks."""
    kept: dict[int, LexborNode] = {}
    for node in nodes[:CANDIDATES]:
        if _own(node, top, kept):
            kept[node.mem_id] = node
    return list(kept.values())


def _own(node: LexborNode, top: LexborNode, kept: dict[int, LexborNode]) -> bool:
    current: LexborNode | None = node
    while current is not None and current.mem_id != top.mem_id:
        attributes = current.attributes
        if current.mem_id in kept or hidden(attributes) or struck(current.tag or "", attributes) or _excluded(current):
            return False
        current = current.parent
    return True


def _excluded(node: LexborNode) -> bool:
    if node.tag in _ELSEWHERE_TAGS:
        return True
    attributes = node.attributes
    named = f"{classes(attributes)} {(attributes.get('id') or '').lower().replace('_', '-')}"
    return bool(_ELSEWHERE.search(named))


def _is_elsewhere(node: LexborNode) -> bool:
    return any(n.tag in ("footer", "nav", "aside") or hidden(n.attributes) for n in _above(node))


def _availability(heading: LexborNode, block: LexborNode) -> Availability:
    """From the purchase button or the stock line nearest around heading and price; unknown when they contradict."""
    for level in _above(block):
        told = {s for s in (*_buttons(level), *_stock_lines(level)) if s is not Availability.unknown}
        if told:
            return told.pop() if len(told) == 1 else Availability.unknown
        if level.tag == "body":
            break
    return Availability.unknown


def _buttons(level: LexborNode) -> Iterator[Availability]:
    for node in level.css(_BUTTON)[:CANDIDATES]:
        attributes = node.attributes
        label = " ".join([text(node), attributes.get("value") or "", attributes.get("aria-label") or ""])
        if not (_ADD.search(label) or _GONE.search(label)) or not _own(node, level, {}):
            continue
        off = "disabled" in attributes or attributes.get("aria-disabled") == "true"
        if _GONE.search(label):
            yield Availability.out_of_stock
        elif not off:
            yield Availability.in_stock


def _stock_lines(level: LexborNode) -> Iterator[Availability]:
    for node in level.css(_STOCK)[:CANDIDATES]:
        said = text(node)
        if len(said) <= 120 and _own(node, level, {}):
            yield read.stock(said)
