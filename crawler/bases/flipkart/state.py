"""What Flipkart's own state says (`window.__INITIAL_STATE__`). It comes in two shapes: `pageDataV4` (desktop) and
`multiWidgetState` (phones, and desktop since 2026); both carry a page context and widgets, under other names."""

from collections.abc import Iterator
from typing import Any

from crawler.bases import read
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.flipkart import variants
from crawler.bases.flipkart.pricing import CURRENCY, State, amount, higher, many, number, paid, stock, struck
from crawler.core.models import Rating

SIZE = {"{@width}": "832", "{@height}": "832", "{@quality}": "70"}


def page_type(state: State) -> str:
    """ "product", "listing" or ""."""
    word = str(dig(state, "multiWidgetState", "pageMeta", "pageType") or dig(state, "pageDataV4", "pageType") or "")
    if word.lower().startswith("product"):
        return "product"
    return "listing" if word.lower().startswith(("search", "browse")) else ""


def product(state: State) -> Facts | None:
    """The page's own product, from its context; None when the state has none."""
    context = _context(state)
    sku = read.clean(dig(context, "productId"))
    if not sku:
        return None
    summary = dig(context, "fdpEventTracking", "events", "psi", default={})
    prices, problems = dig(summary, "ppd", default={}), list[str]()
    sold = dig(prices, "finalPrice") or dig(prices, "fsp") or dig(context, "pricing", "finalPrice", "value")
    facts = Facts(
        "state", sku=sku, title=_title(dig(context, "titles", default={})), currency=CURRENCY, problems=problems
    )
    facts.price = amount(sold, problems)
    facts.list_price = higher(
        amount(dig(prices, "mrp") or number(dig(context, "pricing", "mrp")), problems), facts.price
    )
    facts.availability = stock(
        dig(summary, "pls", "availabilityStatus") or dig(context, "trackingDataV2", "productStatus")
    )
    facts.brand = read.clean(dig(summary, "bd") or dig(context, "brand"))
    facts.seller = read.clean(dig(context, "trackingDataV2", "sellerName"))
    facts.rating = _rating(dig(summary, "pr", default={}), "rating", "ratingsCount") or _rating(dig(context, "rating"))
    facts.images = _images([dig(context, "imageUrl")])
    facts.offers = variants.offers(_swatch(state), facts)
    return facts


def _swatch(state: State) -> Any:
    return next((found for w in _widgets(state) if (found := dig(w, "data", "swatchComponent", "value"))), {})


def tiles(state: State) -> list[Facts]:
    """One per product of the page's own lists; banners, carousels and filters are other kinds of widget."""
    return [
        facts for widget in _widgets(state) if _is_list(widget) for facts in map(_tile, _cards(widget)) if facts.sku
    ]


def has_more(state: State) -> bool:
    data = dig(state, "multiWidgetState", "pageDataResponse") or dig(state, "pageDataV4", "page", "pageData")
    return dig(data, "hasMorePages") is True


def _context(state: State) -> Any:
    return dig(state, "multiWidgetState", "pageDataResponse", "pageContext") or dig(
        state, "pageDataV4", "page", "pageData", "pageContext", default={}
    )


def _widgets(state: State) -> Iterator[Any]:
    for slot in many(state, "multiWidgetState", "widgetsData", "slots"):
        yield dig(slot, "slotData", "widget")
    places = dig(state, "pageDataV4", "page", "data", default={})
    for slots in places.values() if isinstance(places, dict) else ():
        yield from (dig(slot, "widget") for slot in many(slots))


def _is_list(widget: Any) -> bool:
    return str(dig(widget, "type", default="")).startswith("PRODUCT_SUMMARY")


def _cards(widget: Any) -> list[Any]:
    return [dig(card, "productInfo", default=card) for card in many(widget, "data", "products")]


def _tile(card: State) -> Facts:
    value, problems = dig(card, "value", default={}), list[str]()
    pricing, titles = dig(value, "pricing", default={}), dig(value, "titles", default={})
    facts = Facts(
        "state", sku=read.clean(dig(value, "productMeta", "productId") or dig(value, "id")), currency=CURRENCY
    )
    facts.url = read.clean(dig(card, "action", "url") or dig(value, "baseUrl"))
    facts.title, facts.problems = _title(titles), problems
    facts.brand = read.clean(dig(value, "productBrand") or dig(titles, "superTitle"))
    facts.price = amount(paid(pricing), problems)
    facts.list_price = higher(amount(struck(pricing), problems), facts.price)
    facts.availability = stock(dig(value, "availability", "displayState"))
    facts.rating = _rating(dig(value, "rating"))
    pictures = many(value, "images") or many(value, "media", "images")
    facts.images = _images([dig(p, "imageUrl") or dig(p, "url") for p in pictures])
    return facts


def _title(titles: State) -> str | None:
    """As a tile shows it: the brand line over the name, or one line that holds both."""
    brand, name = read.clean(dig(titles, "superTitle")), read.clean(dig(titles, "newTitle"))
    whole = read.clean(dig(titles, "title"))
    if brand and name:
        return name if name.lower().startswith(brand.lower()) else f"{brand} {name}"
    return whole or name


def _rating(value: Any, average: str = "average", count: str = "count") -> Rating | None:
    return read.rating(dig(value, average), dig(value, count))


def _images(values: list[Any]) -> list[str]:
    return read.images("https://www.flipkart.com/", [_sized(v) for v in values if isinstance(v, str)])


def _sized(url: str) -> str:
    """The state leaves the size of a picture open, as its script fills it in."""
    for mark, size in SIZE.items():
        url = url.replace(mark, size)
    return url
