"""Which methods a path takes, over all routes that have it; Starlette tells those of the first one only."""

from fastapi import Request
from starlette.routing import Match

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def allowed(request: Request) -> str:
    """The `Allow` header."""
    return ", ".join(method for method in METHODS if _taken(request, method))


def _taken(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
