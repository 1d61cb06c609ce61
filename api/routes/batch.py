"""Several reads in one round trip."""

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.answers import answer
from api.fields import Name, Nothing, Once
from api.inside import Answer, get
from api.schemas.common import Shape, problems

router = APIRouter(prefix="/v1/batch", tags=["batch"], dependencies=[Once])
AT_ONCE = 8
MOST = 50
PATH = r'^/v1/[!"$-~]*$'  # printable ASCII without a fragment: anything else is percent-encoded
KEPT = ("content-type", "etag", "link", "cache-control", "retry-after", "ratelimit", "x-cache")


def _answerable(path: str) -> str:
    """Event streams have no end to wait for."""
    plain = path.partition("?")[0]
    if plain.endswith(("/events", "/stream")):
        raise ValueError("must be a plain read: no event stream")
    return path


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: Name = Field(description="Yours, to tell the answers apart")
    path: Annotated[str, AfterValidator(_answerable)] = Field(
        pattern=PATH, max_length=8_000, description="Path and query of a GET", examples=["/v1/products?q=sofa"]
    )


class Batch(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    requests: list[Wanted] = Field(min_length=1, max_length=MOST)


class OneAnswer(Shape):
    id: str
    status: int
    headers: dict[str, str]
    body: Any = Field(description="JSON as it is, anything else as text")


class Answers(Shape):
    results: list[OneAnswer]


@router.post("", operation_id="batch", response_model=Answers, responses=problems())
async def batch(request: Request, wanted: Batch, params: Annotated[Nothing, Query()]) -> Response:
    """Each is answered, and counted, as if it had been sent alone, with the caller's own access; the answers come in
    the order of the requests."""
    turn = asyncio.Semaphore(AT_ONCE)
    app = getattr(request.app.state, "front", request.app)  # the front counts, and has answers ready

    async def one(path: str) -> Answer:
        async with turn:
            return await get(app, request.scope, path)

    answers = await asyncio.gather(*(one(each.path) for each in wanted.requests))
    results = [_told(each.id, found) for each, found in zip(wanted.requests, answers, strict=True)]
    return answer(request, {"results": results}, headers={"Cache-Control": "no-store"})


def _told(name: str, found: Answer) -> dict[str, Any]:
    headers = {key: value for key, value in found.headers.items() if key in KEPT}
    is_json = "json" in headers.get("content-type", "")
    body = orjson.Fragment(found.body) if is_json and found.body else found.body.decode("utf-8", "replace")
    return {"id": name, "status": found.status, "headers": headers, "body": body}
