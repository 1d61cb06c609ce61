"""What is stored and what runs, as the API shows it."""

from typing import Any

from crawler.core.models import SourceProgress


def source_json(progress: SourceProgress) -> dict[str, Any]:
    """One entry of `sources[]`."""
    status = "running" if progress.status == "waiting" else progress.status
    return {"name": progress.name, "status": status, "count": progress.count, "ms": progress.ms,
            "reason": progress.reason}  # fmt: skip
