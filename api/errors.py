"""Every error a client can get, as `application/problem+json` (RFC 9457) with a stable `type`; never a stack trace."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.methods import allowed
from crawler.core.errors import BusAway, HomefeedError, InputError, QueueFull, StoreError

TYPE = "urn:homefeed:problem:"
TITLES = {
    "invalid": "The request holds something that can't be",
    "unauthorized": "A key is needed",
    "forbidden": "Not allowed",
    "not-found": "There is no such thing",
    "method-not-allowed": "Not by this method",
    "conflict": "It is not in a state for this",
    "gone": "It is no longer kept",
    "too-large": "Too large",
    "too-many-requests": "Too many requests",
    "queue-full": "Too much work is waiting",
    "store-away": "The store does not answer",
    "redis-away": "Redis does not answer",
    "timeout": "It took too long",
    "internal": "Something is wrong on our side",
}
BY_STATUS = {400: "invalid", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
             409: "conflict", 410: "gone", 413: "too-large", 414: "too-large", 422: "invalid",
             429: "too-many-requests", 503: "store-away", 504: "timeout"}  # fmt: skip

log = logging.getLogger(__name__)


class Problem(Exception):
    """Raised by a route to answer with a problem. `errors`: what is wrong with which field."""

    def __init__(self, status: int, slug: str, detail: str, *, errors: Sequence[Mapping[str, str]] = (),
                 headers: Mapping[str, str] | None = None):  # fmt: skip
        super().__init__(detail)
        self.status, self.slug, self.detail = status, slug, detail
        self.errors, self.headers = list(errors), dict(headers or {})


def wrong(field: str, message: str, status: int = 422) -> Problem:
    """One field of the request is wrong; the message says the fix."""
    return Problem(status, "invalid", f"{field}: {message}", errors=[{"field": field, "message": message}])


def missing(what: str) -> Problem:
    return Problem(404, "not-found", what)


def body(problem: Problem) -> bytes:
    found: dict[str, Any] = {"type": TYPE + problem.slug, "title": TITLES[problem.slug], "status": problem.status,
                             "detail": problem.detail}  # fmt: skip
    return orjson.dumps(found | ({"errors": problem.errors} if problem.errors else {}))


def respond(problem: Problem) -> Response:
    return Response(body(problem), problem.status, problem.headers, media_type="application/problem+json")


def problem_of(error: Exception) -> Problem:
    """What a client is told of an error."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return _invalid(error)
        case InputError():
            return wrong(error.field, str(error).removeprefix(f"{error.field}: "))
        case QueueFull():
            return Problem(503, "queue-full", str(error), headers={"Retry-After": "5"})
        case StoreError():
            return Problem(503, "store-away", "the store does not answer; try again", headers={"Retry-After": "2"})
        case BusAway():
            return Problem(503, "redis-away", "Redis does not answer; try again", headers={"Retry-After": "2"})
        case TimeoutError():
            return Problem(504, "timeout", "no answer in time", headers={"Retry-After": "2"})
        case HTTPException(status_code=400):
            return wrong("body", "is no JSON that can be read", 400)
        case HTTPException():
            slug = BY_STATUS.get(error.status_code, "invalid" if error.status_code < 500 else "internal")
            return Problem(error.status_code, slug, str(error.detail), headers=error.headers)
    log.error("unexpected", exc_info=error)
    return Problem(500, "internal", "the error is in our log")


def install(app: FastAPI) -> None:
    async def handle(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem.status == 405:
            problem.headers = {"Allow": allowed(request)}
        return respond(problem)

    for kind in (Problem, RequestValidationError, HTTPException, HomefeedError, TimeoutError, Exception):
        app.add_exception_handler(kind, handle)


def _invalid(error: RequestValidationError) -> Problem:
    errors = [{"field": _field(e), "message": _message(e)} for e in error.errors()]
    first = errors[0]
    return Problem(422, "invalid", f"{first['field']}: {first['message']}", errors=errors)


def _message(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return f"is no JSON from character {error['loc'][-1]} on"
    if error["type"] == "extra_forbidden":
        return "is not known here; leave it out"
    if error["loc"] == ("body",) and error["type"] in ("missing", "model_attributes_type"):
        return "must be a JSON object, sent as Content-Type: application/json"
    return str(error["msg"]).removeprefix("Value error, ")


def _field(error: Mapping[str, Any]) -> str:
    """The part of the request, as its caller wrote it: ("query", "page") -> "page"."""
    loc = error["loc"][:1] if error["type"] == "json_invalid" else error["loc"]
    name = ".".join(str(part) for part in loc[1:]) or str(loc[0])
    return name.encode(errors="replace").decode()  # JSON may hold half a character, UTF-8 may not
