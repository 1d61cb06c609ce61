"""Shapes that many answers share."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
Status = Literal["ok", "cached", "stale", "running", "no_key", "no_quota", "robots", "policy", "blocked", "held",
                 "timeout", "error", "cancelled"]  # fmt: skip


class Shape(BaseModel):
    """Every field is always there; one that is not known is null."""

    model_config = ConfigDict(extra="forbid")


class Source(Shape):
    name: str = Field(description="The source; `*` stands for all of them", examples=["ikea"])
    status: Status
    count: int = Field(ge=0, description="Things it gave")
    ms: int = Field(ge=0, description="Milliseconds since it was asked")
    reason: str = Field(description="Why it is so, empty when all is well")


class Listing(Shape, Generic[T]):
    results: list[T]
    page: int = Field(ge=1)
    per_page: int = Field(ge=1)
    total: int = Field(ge=0, description="How many are stored in all")
    next: str | None = Field(description="Path and query of the next page")
    sources: list[Source] = Field(description="How each source does in the running or the last search")
    stale: bool = Field(description="Something shown is older than HOMEFEED_FRESH_S, or its source is held")
    search_id: str | None = Field(description="The search that runs for this; follow it at /v1/searches/{id}/events")


class Wrong(Shape):
    field: str
    message: str


class ProblemBody(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["urn:homefeed:problem:invalid"])
    title: str
    status: int
    detail: str
    errors: list[Wrong] | None = None


PROBLEMS = {
    400: "Not understood", 401: "A key is needed", 403: "Not allowed here", 404: "There is no such thing",
    405: "Not by this method", 409: "It is not in a state for this", 410: "It is no longer kept",
    413: "The body is too large", 414: "The URL is too long",
    422: "A value can't be; `errors` names each field", 429: "Too many requests",
    500: "Something is wrong on our side", 503: "The store or Redis does not answer, or too much work waits",
    504: "It took too long",
}  # fmt: skip
EVERYWHERE = (400, 401, 403, 404, 405, 413, 414, 422, 429, 500, 503, 504)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: what may go wrong there, as problem+json."""
    schema = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    schema["properties"]["errors"] = {"type": "array", "items": Wrong.model_json_schema()}
    content = {"application/problem+json": {"schema": schema}}
    return {status: {"description": PROBLEMS[status], "content": content} for status in (*statuses, *EVERYWHERE)}
