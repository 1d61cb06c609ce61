"""Stored things as the API shows them."""

from typing import Any

from crawler.core.models import Record, SourceProgress
from crawler.core.public import iso, product_json


def record_json(record: Record) -> dict[str, Any]:
    """A product and when it was seen."""
    return product_json(record.product) | {
        "first_seen": iso(record.first_seen),
        "last_seen": iso(record.last_seen),
        "last_changed": iso(record.last_changed),
    }


def source_json(progress: SourceProgress) -> dict[str, Any]:
    """One entry of `sources[]`."""
    status = "running" if progress.status == "waiting" else progress.status
    return {"name": progress.name, "status": status, "count": progress.count, "ms": progress.ms,
            "reason": progress.reason}  # fmt: skip
