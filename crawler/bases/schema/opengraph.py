"""OpenGraph, product and Twitter meta tags."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.schema.offers import prices
from crawler.bases.schema.product import gtin, name, text

if TYPE_CHECKING:
    from crawler.bases.document import Document

PREFIXES = ("og:", "product:", "twitter:", "article:")
SALE = ("product:sale_price:amount", "og:sale_price:amount")
PRICE = ("product:price:amount", "og:price:amount", "product:price", "og:price")
_SHOP = re.compile(r"(.*\S)\s+[-–—|•:]\s+(.+)")
LIST_PRICE = ("product:original_price:amount", "og:standard_price:amount", "og:original_price:amount")


def opengraph(doc: "Document") -> dict[str, str]:
    """`{"og:title": …, "product:price:amount": …}`; the first non-empty value of each name, of types the product's."""
    found: dict[str, str] = {}
    for meta in doc.tree.css("meta[content]"):
        attributes = meta.attributes
        key = (attributes.get("property") or attributes.get("name") or "").strip().lower()
        content = (attributes.get("content") or "").strip()
        if content and key.startswith(PREFIXES):
            found.setdefault(key, content)
            if key == "og:type" and content.endswith("product"):
                found[key] = content
    return found


def opengraph_facts(doc: "Document") -> Facts | None:
    """The product the tags describe, or None where they describe no product."""
    tags = doc.opengraph
    price = _first(tags, (*SALE, *PRICE)) or _twitter(tags, "price")
    kind = tags.get("og:type", "")
    if not price and ("product" not in kind or "group" in kind):
        return None
    facts = Facts("opengraph", sku=text(tags.get("product:retailer_item_id")), title=_title(doc))
    facts.url = read.absolute(doc.url, tags["og:url"]) if "og:url" in tags else None
    facts.brand = text(_first(tags, ("product:brand", "og:brand")))
    facts.gtin = gtin(_first(tags, ("product:gtin", "product:ean", "product:upc", "og:upc")))
    facts.images = read.images(doc.url, [i for k in ("og:image", "og:image:secure_url") if (i := tags.get(k))])
    facts.description = text(tags.get("og:description"))
    _price(facts, tags, price)
    return facts


def _title(doc: "Document") -> str | None:
    """Without the shop's name behind it."""
    said = name(doc.opengraph.get("og:title"))
    parts = _SHOP.fullmatch(said or "")
    sites = [doc.opengraph.get("og:site_name", ""), *(urlsplit(doc.url).hostname or "").split(".")]
    return parts[1] if parts and _bare(parts[2]) in map(_bare, sites) else said


def _bare(site: str) -> str:
    return re.sub(r"\W", "", site).casefold()


def _price(facts: Facts, tags: dict[str, str], price: str | None) -> None:
    regular = _first(tags, LIST_PRICE) or (_first(tags, PRICE) if _first(tags, SALE) else None)
    found = prices({
        "price": price,
        "priceCurrency": _first(tags, ("product:price:currency", "og:price:currency", "product:sale_price:currency")),
        "availability": _first(tags, ("product:availability", "og:availability")) or _twitter(tags, "availability"),
        "itemCondition": tags.get("product:condition"),
        "priceSpecification": {"priceType": "ListPrice", "price": regular},
    }, set())  # fmt: skip
    offer = found.offers[0]
    facts.price, facts.list_price, facts.currency = offer.price, offer.list_price, offer.currency
    facts.availability, facts.problems = offer.availability, found.problems


def _first(tags: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((tags[k] for k in keys if k in tags), None)


def _twitter(tags: dict[str, str], label: str) -> str | None:
    """Twitter's labelled pairs: twitter:label1 = Price, twitter:data1 = $12."""
    for number in "12":
        if tags.get(f"twitter:label{number}", "").strip().lower() == label:
            return tags.get(f"twitter:data{number}")
    return None
