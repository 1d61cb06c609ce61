"""The product cards of an IKEA category or search page; carousels are left out."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.bases import carousels, read, visible
from crawler.bases.document import Document
from crawler.bases.ending import complete
from crawler.bases.facts import Facts
from crawler.bases.ikea.api import item_no
from crawler.bases.ikea.places import charged, currency_of
from crawler.bases.ikea.prices import minor, shown
from crawler.bases.visible.amounts import seen as amounts
from crawler.core.models import Rating

CARDS = "[data-product-number], .plp-fragment-wrapper, .plp-mastercard"


def tiles(doc: Document) -> list[Facts]:
    """One per product card of the page's own list."""
    area = doc.tree.css_first(".plp-product-list__products, .js-product-list, #product-list")
    cards = complete(list(_cards(area) if area is not None else _outside_carousels(doc)), doc.tree)
    found = (_tile(card, doc.url, currency_of(doc.url)) for card in cards)
    return [charged(facts, doc.url) for facts in found if facts]


def _cards(area: LexborNode | None) -> Iterator[LexborNode]:
    """The outermost node of every product card."""
    inside: set[int] = set()
    for card in area.css(CARDS) if area is not None else []:
        if card.mem_id not in inside:
            inside.update(node.mem_id for node in card.css(CARDS))
            yield card


def _outside_carousels(doc: Document) -> Iterator[LexborNode]:
    """The cards of a page without a list of a known name, less those under a carousel's heading."""
    aside = carousels.carousel_links(doc.tree, item_no, spare=False)
    for card in _cards(doc.tree.body):
        if not aside.intersection(link.mem_id for link in card.css("a[href]")):
            yield card


def _tile(card: LexborNode, base: str, currency: str | None) -> Facts | None:
    link = card.css_first('a[href*="/p/"]')
    url = read.absolute(base, link.attributes.get("href")) if link is not None else None
    named = card.css_first("[data-product-number]")
    data = named.attributes if named is not None else {}
    sku = item_no(data.get("data-product-number")) or item_no(url)
    if not (sku and url):
        return None
    currency = data.get("data-currency") or currency
    price = shown(card, currency)
    unread = price.price is None and any(a.signed for a in amounts(visible.text(card), currency))
    told = price.price if price.price or price.members or unread else minor(data.get("data-price"), currency)
    return Facts(
        reader="visible", sku=sku, url=url, title=_title(card, data.get("data-product-name")), price=told,
        list_price=price.list_price, currency=currency if told else None, images=_image(card, base),
        rating=_rating(card),
    )  # fmt: skip


def _title(card: LexborNode, name: str | None) -> str | None:
    series = card.css_first('[class*="product-name"], [class*="name-decorator"], [class*="header-section__title"]')
    words = card.css_first('[class*="__description"]')
    if series is None and words is None:
        return next((alt for i in card.css("img[alt]") if (alt := read.clean(i.attributes["alt"]))), name)
    parts = [visible.text(series) if series is not None else name, visible.text(words) if words is not None else None]
    return read.clean(" ".join(part for part in parts if part))


def _image(card: LexborNode, base: str) -> list[str]:
    sources = [image.attributes.get("src") for image in card.css("img")]
    return read.images(base, [source.partition("?")[0] for source in sources if source])[:1]


def _rating(card: LexborNode) -> Rating | None:
    """From "Review: 4.6 out of 5 stars. Total reviews: 312"."""
    label = card.css_first('[class*="rating"][aria-label]')
    parts = (label.attributes["aria-label"] or "").partition(" out of 5") if label is not None else None
    return read.rating(parts[0] + parts[1], parts[2]) if parts and parts[1] else None
