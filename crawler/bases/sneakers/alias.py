"""alias: what the answers of its API (v1) say. Prices are cents of US dollars, as text or as numbers."""

from typing import Any

from crawler.bases import read
from crawler.bases.embedded import dig
from crawler.bases.facts import Facts
from crawler.bases.sneakers.quotes import amount, put, quote, told_once, whole
from crawler.bases.sneakers.sizes import size, style
from crawler.core.models import Offer

Item = dict[str, Any]

CURRENCY = "USD"
CENTS = 2
CONDITIONS = {
    "PRODUCT_CONDITION_NEW": "new",
    "PRODUCT_CONDITION_USED": "used",
    "PRODUCT_CONDITION_NEW_WITH_DEFECTS": "new_with_defects",
}
BRANDS = {"Air Jordan": "Jordan"}  # as other markets and the maker's own shop call it
FEES = {
    "read_at": "2026-11-21", "source": "https://www.alias.org/fees (policy of 2024-05-10, a stored copy)",
    "currency": "USD", "check": "may have changed since; the seller fee depends on the seller's address",
    "seller": {"commission_percent": 9.5, "commission_percent_below_rating_50": 25.0, "cash_out_percent": 2.9,
               "fee_by_country": {"US": 5.0, "GB": 12.0, "DE": 12.0, "CA": 20.0, "other": 30.0},
               "fee_by_country_source": "https://www.goat.com/fees-old (2020); assumed to hold still"},
    "buyer": {"assumed": "shipping, taxes and duties are added at GOAT's checkout and not stated by the API"},
}  # fmt: skip
BOXES = {
    "PACKAGING_CONDITION_MISSING_LID": "box without lid",
    "PACKAGING_CONDITION_BADLY_DAMAGED": "box damaged",
    "PACKAGING_CONDITION_NO_ORIGINAL_BOX": "no box",
}


def items(data: Any) -> list[Item]:
    """The goods of a search, or the one good asked for."""
    found = dig(data, "catalog_items") or [dig(data, "catalog_item") or dig(data, "item")]
    return [item for item in found if isinstance(item, dict) and item.get("catalog_id")]


def facts(item: Item, page: str) -> Facts:
    """`page`: where people look at the good."""
    told = Facts("api", sku=read.clean(str(item["catalog_id"])), url=page, title=read.clean(item.get("name")))
    brand = read.clean(item.get("brand"))
    told.brand, told.mpn = BRANDS.get(brand or "", brand), style(item.get("sku"))
    told.images = read.images(page, item.get("main_picture_url") or [])
    kinds = (item.get("product_category_v2"), item.get("product_type"))
    told.category = [name for kind in kinds if (name := read.clean(kind))]
    retail = amount(item.get("retail_price_cents"), CURRENCY, told.problems, CENTS)
    specs = {"Colorway": item.get("colorway"), "Gender": item.get("gender"), "Release date": item.get("release_date"),
             "Retail price": f"${retail / 100:.2f}" if retail else None}  # fmt: skip
    told.specs = {name: text for name, value in specs.items() if (text := read.clean(value))}
    return told


def market(told: Facts, item: Item, answer: Any) -> Facts:
    """With one offer per size and condition, its box included; before them the good as a whole."""
    variants = [v for v in dig(answer, "variants", default=[]) if isinstance(v, dict)]
    sizes = told_once(_offer(item, variant, told.problems) for variant in variants)
    return put(told, whole(sizes), sizes)


def _offer(item: Item, variant: Item, problems: list[str]) -> Offer:
    said = variant.get("availability") or {}
    ask, bid, sale = (
        amount(said.get(name), CURRENCY, problems, CENTS)
        for name in ("lowest_listing_price_cents", "highest_offer_price_cents", "last_sold_listing_price_cents")
    )
    # the price itself is the market's word on how many sell: "0" is nobody, no word is no word
    asks = 0 if str(said.get("lowest_listing_price_cents")) == "0" else None
    label = size(item.get("size_unit"), item.get("gender"), variant.get("size"))
    state = CONDITIONS.get(str(variant.get("product_condition")), "unknown")
    box = BOXES.get(str(variant.get("packaging_condition")))
    return quote(ask, bid, sale, CURRENCY, asks, label, f"{state}, {box}" if box else state)
