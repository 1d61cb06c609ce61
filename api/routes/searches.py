"""Searches over the sources: start one, read what it found, follow it, cancel it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import answer
from api.caller import TheCaller
from api.errors import Problem, wrong
from api.fields import Nothing, Once, Paged, Token
from api.house import TheHouse
from api.lists import link
from api.schemas.common import problems
from api.schemas.searches import SearchAsk, SearchShape
from api.searches.answer import PATH, Part, known_job, search_json
from api.searches.ensure import searchable
from api.searches.events import job_events
from api.searches.following import After, following
from api.searches.found import known_ids
from api.searches.waiting import wait_for_end
from api.sse import EventStream

NoQuery = Annotated[Nothing, Query()]

router = APIRouter(prefix=PATH, tags=["searches"], dependencies=[Once])


@router.post("", operation_id="startSearch", status_code=202, response_model=SearchShape, responses=problems() | {
    200: {"model": SearchShape, "description": "It was over within `wait_ms`"},
    202: {"model": SearchShape, "description": "It waits or runs; follow it at `Location`"},
})  # fmt: skip
async def start(ask: SearchAsk, _: NoQuery, request: Request, house: TheHouse, caller: TheCaller) -> Response:
    """Search the sources now. What is stored comes first in the results, what they find follows."""
    queue, store = await house.queue(), await house.store()
    _check_sources(ask, await searchable(queue, ask.kind))
    known = await known_ids(store, ask.kind, ask.query, ask.sources)
    job, _joined = await queue.submit(
        ask.kind, ask.query, sources=ask.sources, args=ask.args, client=caller, known=known
    )
    await wait_for_end(queue, job.id, ask.wait_ms / 1000, house.closing)
    job = await known_job(queue, job.id)
    shown, relations = await search_json(house, job, Part())
    headers = {"Location": f"{PATH}/{job.id}"} | link(relations)
    return answer(request, shown, status=200 if job.over else 202, headers=headers)


@router.get("/{id}", operation_id="getSearch", response_model=SearchShape, responses=problems(404))
async def read(id: Token, page: Annotated[Paged, Query()], request: Request, house: TheHouse) -> Response:
    """How a search goes and what it found, in the order things came. Kept for an hour after its end."""
    job = await known_job(await house.queue(), id)
    shown, relations = await search_json(house, job, Part(page.page, page.per_page))
    return answer(request, shown, headers=link(relations))


@router.get("/{id}/events", operation_id="followSearch", status_code=200, response_class=EventStream,
            responses=problems(404) | {
    200: {"content": {"text/event-stream": {}}, "description": "`progress`, `item` and `done`; ends after `done`"},
    204: {"description": "Over, and everything was told: a browser stops asking"},
})  # fmt: skip
async def follow(id: Token, _: NoQuery, house: TheHouse, after: After) -> Response:
    """Follow a search live (Server-Sent Events), from its start or from where a lost connection was."""
    job = await known_job(await house.queue(), id)
    return await following(house, job, after, job_events)


@router.delete("/{id}", operation_id="cancelSearch", status_code=204, responses=problems(404, 409))
async def cancel(id: Token, _: NoQuery, house: TheHouse, caller: TheCaller) -> Response:
    """You want it no longer. It ends as `cancelled` when nobody else does."""
    queue = await house.queue()
    await known_job(queue, id)
    if await queue.cancel(id, caller):
        return Response(status_code=204)
    job = await known_job(queue, id)
    raise Problem(409, "conflict", f"search {id} is over: {job.state}")


def _check_sources(ask: SearchAsk, known: Sequence[str]) -> None:
    """As long as no worker has told what it can search, any name may turn out right."""
    unknown = [name for name in ask.sources if name not in known]
    if known and unknown:
        raise wrong("sources", f"{unknown[0]} can't be searched for {ask.kind}; use {', '.join(known)}")
