"""A comparison as the API and the command line show it."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from crawler.core.compare.matches import Found, best
from crawler.core.compare.sizes import Size, fits, sizes
from crawler.core.models import Job, Product, Record, SourceProgress
from crawler.core.public import iso, money, offer_json, record_json


def compared(
    job: Job, records: Iterable[Record], answered: set[str], product: Product | None, currency: str, size: str | None,
    fees: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """`answered`: ids that came with this comparison; `fees`: of markets by name."""
    found = best(records, job.query, product, currency, answered)
    shops = [_shop(one, size) for one in found if size is None or one.suggested or _has(one, size)]
    same = {shop["retailer"] for shop in shops if shop["matched_by"] != "similarity"}
    return {
        "results": [shop for shop in shops if shop["retailer"] in same],
        "suggestions": [shop for shop in shops if shop["retailer"] not in same],
        "sizes": [_size(row) for row in sizes(found, size)],
        "fees": {name: data for name, data in fees.items() if name in same and data},
    }


def state(job: Job) -> dict[str, Any]:
    """How a comparison goes."""
    end = job.finished_at or time.time()
    return {
        "id": job.id, "state": job.state, "reason": job.reason, "query": job.query, "product_id": job.about or None,
        "started_at": iso(job.started_at), "finished_at": iso(job.finished_at),
        "ms": round((end - job.started_at) * 1000) if job.started_at else None,
    }  # fmt: skip


def step(number: int, of: int, source: SourceProgress, job: Job) -> dict[str, Any]:
    """One shop has answered, or its time is up: which step of how many, in words, and when."""
    said = f"{source.count} found" if source.count or source.status == "ok" else source.status
    why = f" ({source.reason})" if source.reason else ""
    return {
        "step": number, "steps": of, "time": iso((job.started_at or job.created_at) + source.ms / 1000),
        "message": f"{source.name}: {said} in {source.ms / 1000:.1f} s{why}",
    }  # fmt: skip


def _shop(found: Found, size: str | None) -> dict[str, Any]:
    product = found.product
    return {
        "retailer": product.retailer,
        "product": record_json(found.record),
        "offers": [offer_json(offer) for offer in product.offers if fits(offer, size)],
        "matched_by": found.match.by if found.match else "query",
        "confidence": found.fits,
        "answered": found.answered,
    }


def _has(found: Found, size: str) -> bool:
    return any(fits(offer, size) for offer in found.product.offers)


def _size(row: Size) -> dict[str, Any]:
    quotes = [
        {"retailer": q.retailer, "currency": q.currency}
        | {name: money(getattr(q, name), q.currency) for name in ("ask", "bid", "last_sale", "spread")}
        for q in row.quotes
    ]
    spread = money(row.spread, row.currency)
    return {"size": row.size, "condition": row.condition, "quotes": quotes, "currency": row.currency, "spread": spread}
