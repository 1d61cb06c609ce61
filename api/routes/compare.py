"""One product or one query across shops, all asked at once; the sneaker check is this, by size."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import answer
from api.caller import TheCaller
from api.compare.answer import compare_json
from api.compare.events import compare_events
from api.errors import missing, wrong
from api.fields import Currency, Nothing, Once, Token
from api.house import House, TheHouse
from api.schemas.common import problems
from api.schemas.compare import CompareAsk, CompareShape, Size
from api.searches.answer import known_job
from api.searches.ensure import searchable
from api.searches.following import After, following
from api.searches.waiting import wait_for_end
from api.sse import EventStream
from crawler.core.compare import ask, stored
from crawler.core.models import Job

PATH = "/v1/compare"
NoQuery = Annotated[Nothing, Query()]

router = APIRouter(prefix=PATH, tags=["products"], dependencies=[Once])


class Shown(Nothing):
    currency: Currency | None = None
    size: Size | None = None


@router.post("", operation_id="compare", status_code=202, response_model=CompareShape, responses=problems() | {
    200: {"model": CompareShape, "description": "It was over within `wait_ms`"},
    202: {"model": CompareShape, "description": "What is stored already; follow the rest at `Location` + `/events`"},
})  # fmt: skip
async def compare(asked: CompareAsk, _: NoQuery, request: Request, house: TheHouse, caller: TheCaller) -> Response:
    """Ask every shop at once, each for `limit_s` seconds. What is stored is in the answer at once."""
    queue, about = await house.queue(), asked.product_id
    product = await stored(await house.store(), about, "product_id") if about else None
    known = await searchable(queue, "products")
    unknown = [name for name in asked.sources if name not in known]
    if known and unknown:
        raise wrong("sources", f"{unknown[0]} can't be searched for products; use {', '.join(known)}")
    job = await ask(
        queue, asked.query or "", product, sources=asked.sources, limit_s=asked.limit_s, client=caller,
        args=asked.model_dump(include={"location", "country"}, exclude_none=True),
    )  # fmt: skip
    await wait_for_end(queue, job.id, asked.wait_ms / 1000, house.closing)
    job = await known_job(queue, job.id)
    shown = await compare_json(house, queue, job, asked.currency, asked.size)
    return answer(request, shown, status=200 if job.over else 202, headers={"Location": f"{PATH}/{job.id}"})


@router.get("/{id}", operation_id="getComparison", response_model=CompareShape, responses=problems(404))
async def read(id: Token, params: Annotated[Shown, Query()], request: Request, house: TheHouse) -> Response:
    """How a comparison goes and what every shop has by now. Kept for an hour after its end."""
    queue = await house.queue()
    return answer(request, await compare_json(house, queue, await _job(house, id), params.currency, params.size))


@router.get("/{id}/events", operation_id="followComparison", status_code=200, response_class=EventStream,
            responses=problems(404) | {
    200: {"content": {"text/event-stream": {}}, "description": "`progress` as each shop answers, then `done`"},
    204: {"description": "Over, and everything was told: a browser stops asking"},
})  # fmt: skip
async def follow(id: Token, _: NoQuery, house: TheHouse, after: After) -> Response:
    """Follow a comparison live (Server-Sent Events), from its start or from where a lost connection was."""
    return await following(house, await _job(house, id), after, compare_events)


async def _job(house: House, job_id: str) -> Job:
    job = await known_job(await house.queue(), job_id)
    if job.kind != "compare":
        raise missing(f"no comparison {job_id} is known")
    return job
