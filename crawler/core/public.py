"""The JSON a user sees of a thing: `scrapy read`, feed exports and the API speak it."""

from collections.abc import Container
from datetime import UTC, datetime
from typing import Any

import msgspec

from crawler.core.drift.memory import site
from crawler.core.models import Change, Design, Offer, Product, Record, Verified
from crawler.core.money import decimal


def product_json(product: Product) -> dict[str, Any]:
    """A product with its default offer flat beside `offers`; prices as decimal strings, unseen values as null."""
    offer = product.offer or Offer()
    return {
        "id": product.id,
        "retailer": product.retailer,
        "sku": product.sku,
        "url": product.url,
        "title": product.title,
        "brand": product.brand,
        "gtin": product.gtin,
        "mpn": product.mpn,
        "category": product.category,
        "image": product.images[0] if product.images else None,
        "images": product.images,
        "description": product.description,
        "specs": product.specs,
        "price": money(offer.price, offer.currency),
        "list_price": money(offer.list_price, offer.currency),
        "currency": offer.currency,
        "availability": str(offer.availability),
        "rating": {"value": product.rating.value, "count": product.rating.count} if product.rating else None,
        "offers": [offer_json(o) for o in product.offers],
        "verified": _verified(product.verified),
        "evidence": _evidence(product),
        "quality": product.quality,
        "phash": product.phash,
    }


def record_json(record: Record, held: Container[str] = ()) -> dict[str, Any]:
    """A product and when it was seen; `stale` where its site is one of those `held` (`drift.standings.held_sites`)."""
    return product_json(record.product) | {
        "first_seen": iso(record.first_seen),
        "last_seen": iso(record.last_seen),
        "last_changed": iso(record.last_changed),
        "stale": bool(held) and site(record.product.url) in held,
    }


def offer_json(offer: Offer) -> dict[str, Any]:
    return {
        "price": money(offer.price, offer.currency),
        "list_price": money(offer.list_price, offer.currency),
        "currency": offer.currency,
        "availability": str(offer.availability),
        "variant": offer.variant,
        "seller": offer.seller,
        "condition": offer.condition,
        "location_asked": offer.location_asked,
        "location": offer.location,
        "bid": money(offer.bid, offer.currency),
        "last_sale": money(offer.last_sale, offer.currency),
        "unseen_since": iso(offer.unseen_since),
    }


def design_json(design: Design) -> dict[str, Any]:
    fields: dict[str, Any] = {f: getattr(design, f) for f in Design.__struct_fields__ if f != "ping"}
    return fields | {
        "renditions": [msgspec.structs.asdict(rendition) for rendition in design.renditions],
        "license": msgspec.structs.asdict(design.license),
        "verified": _verified(design.verified),
        "fetched_at": iso(design.fetched_at),
    }


def change_json(change: Change) -> dict[str, Any]:
    """One change as HTTP, WebSocket and webhook clients see it; what does not apply is null."""
    return {f: getattr(change, f) for f in Change.__struct_fields__} | {"observed_at": iso(change.observed_at)}


def money(amount: int | None, currency: str | None) -> str | None:
    return None if amount is None else decimal(amount, currency or "")


def iso(at: float | None) -> str | None:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def _verified(verified: Verified | None) -> dict[str, Any] | None:
    return msgspec.structs.asdict(verified) | {"at": iso(verified.at)} if verified else None


def _evidence(product: Product) -> dict[str, Any]:
    evidence = product.evidence
    return {"verdict": "ok", "fields": evidence.fields, "depth": evidence.depth, "confidence": evidence.confidence,
            "disputed": evidence.disputed, "fetched_at": iso(evidence.fetched_at)}  # fmt: skip
