"""IKEA's JSON: product objects wherever an envelope puts them, each read into Facts.

Envelopes seen: `searchResultPage.products.main.items[].product`, `results[].items[].product`,
`productListPage.productWindow[]`, `moreProducts.productWindow[]`, and one bare object in `products/<nnn>/<item>.json`.
"""

import json
import re
from pathlib import Path
from typing import Any

from crawler.bases import read
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.core import money
from crawler.core.errors import MoneyError
from crawler.core.models import Availability, Rating

# Country code: its currency and the language its shop is read in unless another is asked for.
COUNTRIES: dict[str, tuple[str, str]] = {
    code: tuple(line.split())
    for code, line in json.loads(Path(__file__).with_name("countries.json").read_text()).items()
}
ENVELOPES = ("searchResultPage", "productListPage", "moreProducts", "specialPage", "results", "products")
# Objects below these keys are other goods than the ones looked for.
_ASIDE = re.compile(r"shel(f|ves)$|retired|recommend|related|similar|upsell|recently|breakout|complement", re.I)
_ITEM_NO = re.compile(r"s?(\d{8})", re.I)
_IN_URL = re.compile(r"(?:^|[/-])s?(\d{8})(?=/?(?:[?#]|$)|\.json)", re.I)


def item_no(text: object) -> str | None:
    """The eight digits of "303.604.68", "S49277959", "00017133" or a product's address; None for anything else.
    The `s` marks a combination in addresses only: pages and labels print the same eight digits without it."""
    text = str(text or "").strip()
    plain = _ITEM_NO.fullmatch(re.sub(r"[.\s]", "", text))
    found = plain or _IN_URL.search(text)
    return found[1] if found else None


def products(data: Any) -> list[dict[str, Any]]:
    """The product objects of an answer, in its order: one per tile, not a tile's variants nor a side shelf's."""
    if isinstance(data, list):
        return [product for part in data for product in products(part)]
    if not isinstance(data, dict):
        return []
    if is_product(data):
        return [data]
    return [product for key, part in data.items() if not _ASIDE.search(key) for product in products(part)]


def is_answer(data: Any) -> bool:
    """An answer of a known shape, be it empty."""
    return isinstance(data, dict) and any(key in data for key in ENVELOPES)


def is_product(data: dict[str, Any]) -> bool:
    return bool(data.get("pipUrl") and data.get("name") and (item_no(data.get("itemNo")) or item_no(data.get("id"))))


def facts(product: dict[str, Any], currency: str | None = None) -> Facts:
    """`currency` is the country's own, for objects that name none."""
    sales = product.get("salesPrice") or {}
    currency = sales.get("currencyCode") or product.get("currencyCode") or currency
    problems: list[str] = []
    price, list_price = prices(product, currency, problems)
    return Facts(
        reader="api", sku=item_no(product.get("itemNo")) or item_no(product.get("id")), url=product["pipUrl"],
        title=title(product), images=_images(product), price=price, list_price=list_price,
        currency=currency if price is not None else None, availability=availability(product.get("availability")),
        category=_category(product), rating=_rating(product),
        problems=problems,
    )  # fmt: skip


def title(product: dict[str, Any]) -> str | None:
    """Series, type, design, measure: the words of the product page's own heading."""
    words = ("typeName", "validDesignText", "itemMeasureReferenceText")
    rest = ", ".join(text for word in words if (text := read.clean(str(product.get(word) or ""))))
    return read.clean(f"{product.get('name') or ''} {rest}")


def prices(product: dict[str, Any], currency: str | None, problems: list[str]) -> tuple[int | None, int | None]:
    """(price, list price) anybody gets. Of a members' price only the regular price beside it is taken. `problems`
    takes the reasons of prices that can't be believed."""
    sales = product.get("salesPrice") or {}
    now = _amount(sales.get("numeral", product.get("priceNumeral")), sales.get("current"), currency, problems)
    before = _amount(None, sales.get("previous"), currency, problems)
    if _members_only(product, sales):
        return before, None
    return now, before if now and before and before > now else None


def availability(entries: Any) -> Availability:
    """Stock as the tile states it. `onlineSellable` is left alone: it says that a thing may be ordered, not that it is
    there, and stays true while every warehouse is empty; store-only goods have it false and are not sold out."""
    said = {str(e.get("type2") or e.get("type")): str(e.get("status")) for e in entries or [] if isinstance(e, dict)}
    if any(status.endswith("IN_STOCK") for status in said.values()):
        return Availability.in_stock
    gone = said and all(status == "OUT_OF_STOCK" for status in said.values())
    return Availability.out_of_stock if gone and "HOME_DELIVERY" in said else Availability.unknown


def _members_only(product: dict[str, Any], sales: dict[str, Any]) -> bool:
    tags = [sales.get("tag"), product.get("tag"), *(sales.get("tags") or [])]
    return any("FAMILY" in str(tag).upper() for tag in tags) or bool(dig(product, "experimental", "isFamilyPrice"))


def _amount(numeral: Any, parts: Any, currency: str | None, problems: list[str]) -> int | None:
    """A price given as a number, or as `{"wholeNumber": "1,29,990", "decimals": "50"}`;"""
    if numeral is None and isinstance(parts, dict):
        whole, decimals = (re.sub(r"\D", "", str(parts.get(part) or "")) for part in ("wholeNumber", "decimals"))
        numeral = f"{whole}.{decimals}" if whole and decimals else whole or None
    try:
        return None if numeral is None else money.minor(numeral, currency)
    except MoneyError as error:
        problems.append(error.reason)
        return None


def _images(product: dict[str, Any]) -> list[str]:
    urls = [product.get("mainImageUrl"), dig(product, "mainImage", "url"), product.get("contextualImageUrl")]
    urls += [dig(image, "url") for image in product.get("allProductImage") or []]
    return list(dict.fromkeys(url for url in urls if url))


def _category(product: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(step["name"] for step in product.get("categoryPath") or [] if step.get("name")))


def _rating(product: dict[str, Any]) -> Rating | None:
    value, count = product.get("ratingValue"), product.get("ratingCount")
    if value is None:
        value, count = (dig(product, "experimental", "rating", part) for part in ("value", "count"))
    return read.rating(value, count) if value else None
