"""The one shape of every list, its pages and its `Link` header."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from api.fields import MOST_PAGES


def listing(
    results: Sequence[Any], *, page: int = 1, per_page: int | None = None, total: int | None = None,
    next_url: str | None = None, sources: Sequence[Any] = (), stale: bool = False, search_id: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """`total` and `per_page` are those of a whole list where not given."""
    return {
        "results": results,
        "page": page,
        "per_page": per_page or max(1, len(results)),
        "total": len(results) if total is None else total,
        "next": next_url,
        "sources": sources,
        "stale": stale,
        "search_id": search_id,
    }


def url(request: Request, **changed: Any) -> str:
    """This request's path and query with some parameters changed, None removes one. Without a host: the answer may be
    cached, and whoever asked knows the host. A forced search is not forced again by its next page."""
    given = dict(parse_qsl(request.url.query, keep_blank_values=True))
    if given.get("refresh") == "force":
        given["refresh"] = "auto"
    kept = {k: v for k, v in (given | changed).items() if v is not None}
    path = request.scope["path"]
    return f"{path}?{urlencode(kept)}" if kept else path


def pages(request: Request, page: int, per_page: int, total: int) -> dict[str, str]:
    """URL by relation: first, prev and next as far as there are any."""
    found = {"first": url(request, page=1)}
    if page > 1:
        found["prev"] = url(request, page=page - 1)
    if page * per_page < total and page < MOST_PAGES:
        found["next"] = url(request, page=page + 1)
    return found


def link(relations: Mapping[str, str]) -> dict[str, str]:
    """The `Link` header (RFC 8288)."""
    return {"Link": ", ".join(f'<{target}>; rel="{relation}"' for relation, target in relations.items())}
