"""The tiles of an Amazon result, category or best-seller page. Sponsored results count: they are products of the list.
Carousels, brand banners, videos and related searches are not."""

import re
from typing import Any

from crawler.bases import read
from crawler.bases.amazon.parts import ASIN, amount, asin_in, classes, hidden, money, offers, up, words
from crawler.bases.amazon.product import location, stars_and_count
from crawler.bases.amazon.stock import foreign, stock
from crawler.bases.document import Document
from crawler.bases.ending import complete
from crawler.bases.facts import Facts
from crawler.core.models import Availability, Rating
from crawler.core.money import Money

_RESULTS = '[data-component-type="s-search-result"][data-asin]'
_OLDER = ".s-main-slot .s-asin[data-asin], #s-results-list-atf .s-result-item[data-asin]"
_BESTSELLERS = "#gridItemRoot, .zg-item-immersion"
_SIDE_SHOW = {"a-carousel", "a-carousel-card", "s-inner-result-item"}
_SLIDES = "data-a-carousel-options"
_PRIME_ONLY = re.compile(
    r"\bwith prime\b|exclusive prime price|\bprime (?:exclusive|member|day|price|early access|deal)"
    r"|exklusiv\w* prime|prime-?exklusiv|exclusi\w+ prime|esclusiv\w+ prime|(?:mit|avec|con) prime\b"
    r"|プライム会員", re.I,
)  # fmt: skip
_BLOCK = '[data-cy="price-recipe"], .puis-price-instructions-style, .s-price-instructions-style'
_LINES = '[data-cy="price-recipe"] span, [data-cy="delivery-recipe"] span, .a-color-price, .a-color-state'
_NO_TITLE = re.compile(
    r"[^\w]*(?:[A-Z]{2,3}|kr|zł|R|Rs\.?)?[^\w]*\d[\d.,\s]*\S{0,3}$|\d+ \w+ (?:from|ab|desde|à partir)|#\d+$", re.I
)
_COUNT = re.compile(r"[\d.,\s]+(?: (?:global )?(?:ratings?|reviews?))?")
_FROM = re.compile(r"\d\s+\w+ (?:from|ab|desde|à partir|da|vanaf|från|od|a partir)\b")
_NOT_HERE = ("secondary-offer-recipe", "add-to-cart")
_STOCK_LINE = re.compile(r"stock|unavailable|pre-?order|usually (?:dispatch|ship)|released", re.I)


def tiles(doc: Document) -> list[Any]:
    for selector in (_RESULTS, _OLDER, _BESTSELLERS):
        found = [node for node in doc.tree.css(selector) if not _in_side_show(node, doc.tree.body)]
        if found:
            return complete(found, doc.tree)
    return []


def _in_side_show(node: Any, root: Any) -> bool:
    """In a carousel: by its names, by its data or because it is a list of its own."""
    if classes(node) & _SIDE_SHOW:
        return True
    return any(
        classes(n) & _SIDE_SHOW or n.tag in ("li", "ol") or _SLIDES in n.attributes for n in up(node.parent, root)
    )


def facts(tile: Any, doc: Document, hint: str, base: str, asked: str | None) -> Facts:
    """One tile. Its price is the main one: not M.R.P., per unit, for members, nor of other sellers."""
    said = Facts("visible", sku=_asin(tile))
    said.url = f"{base}/dp/{said.sku}" if said.sku else None
    said.title, said.brand = _title(tile)
    said.images = read.images(doc.url, _image(tile))
    said.rating = _rating(tile)
    said.availability = _availability(tile)
    price, list_price = _prices(tile, hint, said.problems)
    if price and said.availability is not Availability.out_of_stock:
        said.price, said.currency = price
        said.list_price = list_price.amount if list_price else None
    said.offers = offers(said, location=location(doc), location_asked=asked)
    return said


def _asin(tile: Any) -> str | None:
    given = tile.attributes.get("data-asin") or ""
    if ASIN.fullmatch(given):
        return given
    links = (asin_in(a.attributes.get("href")) for a in tile.css("a[href]"))
    return next((found for found in links if found), None)


def _title(tile: Any) -> tuple[str | None, str | None]:
    """(title, brand). Clothes and shoes show the brand in a headline of its own, above and without a link."""
    headings = tile.css("h2, h5")
    linked = [h for h in headings if h.css_first("a") is not None or any(n.tag == "a" for n in up(h, tile))]
    main = next(iter(linked), None) or next(iter(headings), None)
    if main is None:
        return _linked(tile) or _alt(tile), None
    before = headings[: [h.mem_id for h in headings].index(main.mem_id)]
    return words(main) or None, words(before[0]) or None if before else None


def _linked(tile: Any) -> str | None:
    """The first words that lead to the good, its price apart."""
    said = (words(a) for a in tile.css("a[href]") if asin_in(a.attributes.get("href")))
    return next((text for text in said if any(c.isalpha() for c in text) and not _NO_TITLE.match(text)), None)


def _alt(tile: Any) -> str | None:
    img = tile.css_first("img[alt]")
    return ((img.attributes.get("alt") or "").removeprefix("Sponsored Ad - ") or None) if img is not None else None


def _image(tile: Any) -> list[str]:
    img = tile.css_first("img.s-image, img.p13n-product-image, img")
    source = (img.attributes.get("src") or "") if img is not None else ""
    return [source] if source and not source.startswith("data:") else []


def _rating(tile: Any) -> Rating | None:
    stars = tile.css_first(".a-icon-alt")
    if stars is None or not words(stars):
        return None
    labels = (n.attributes.get("aria-label") or "" for n in tile.css("[aria-label]"))
    exact = next((label for label in labels if _COUNT.fullmatch(label)), "")
    beside = tile.css_first('a[href*="customerReviews"] .a-size-base, a[href*="product-reviews"] .a-size-small')
    return stars_and_count(words(stars), exact or words(beside))


def _prices(tile: Any, hint: str, problems: list[str]) -> tuple[Money | None, Money | None]:
    block = tile.css_first(_BLOCK) or tile
    if _PRIME_ONLY.search(words(block) if block is not tile else ""):
        return None, None
    main = [n for n in block.css(".a-price:not(.a-text-price)") if not hidden(n, tile) and not _elsewhere(n, tile)]
    shown = {amount(n) for n in main}
    if len(shown) != 1 or block.css_first(".a-price-range") is not None:
        return (None, None) if shown else (_bestseller_price(tile, hint, problems), None)
    price = money(shown.pop(), hint, problems)
    return price, _struck(block, price, hint, problems) if price else None


def _elsewhere(node: Any, tile: Any) -> bool:
    """Struck through, or the price of other sellers."""
    struck = node.attributes.get("data-a-strike") == "true"
    return struck or any(n.attributes.get("data-cy") in _NOT_HERE for n in up(node, tile))


def _struck(block: Any, price: Money, hint: str, problems: list[str]) -> Money | None:
    for node in block.css('.a-price[data-a-strike="true"]'):
        found = money(amount(node), hint, problems)
        if found and found.currency == price.currency and found.amount >= price.amount:
            return found
    return None


def _bestseller_price(tile: Any, hint: str, problems: list[str]) -> Money | None:
    """The one price of a best-seller tile; "3 offers from …" is other sellers'."""
    found = tile.css('[class*="p13n-sc-price_"], .p13n-sc-price')
    if len(found) != 1 or any(_FROM.search(words(n)) for n in up(found[0], tile)):
        return None
    return money(words(found[0]), hint, problems)


def _availability(tile: Any) -> Availability:
    """Only what a line of its own says; a cart button alone does not."""
    lines = (words(n) for n in tile.css(_LINES) if not hidden(n, tile))
    said = (stock(line) for line in lines if len(line) <= 90 and (_STOCK_LINE.search(line) or foreign(line)))
    return next((value for value in said if value is not Availability.unknown), Availability.unknown)
