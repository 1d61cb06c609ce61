"""Changes over HTTP: read a part of the stream, wait for the next, or follow it."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from api.answers import answer
from api.errors import wrong
from api.fields import Once
from api.house import TheHouse
from api.relay import events, history
from api.relay.messages import EVERYTHING
from api.schemas.changes import ChangesParams, ChangesShape, StreamParams
from api.schemas.common import problems
from api.sse import EventStream
from crawler.core.positions import check
from crawler.core.public import change_json

router = APIRouter(prefix="/v1/changes", tags=["changes"], dependencies=[Once])


@router.get("", operation_id="listChanges", response_model=ChangesShape, responses=problems())
async def list_changes(request: Request, params: Annotated[ChangesParams, Query()], house: TheHouse) -> Response:
    """What changed after a position, oldest first, at once or within `wait_ms`. Without `after` the newest (of one
    channel: among the newest 2,000 of all). `recovered: false` when the history does not reach back: no results, and
    `next` is where it goes on."""
    if params.wait_ms and params.after is None:
        raise wrong("wait_ms", "needs `after`: the position to wait behind")
    channel, after = params.channel or EVERYTHING, _place(params)
    if after is not None and params.wait_ms:
        batch = await history.wait(
            house.relay, after, params.epoch, channel, params.limit, params.wait_ms / 1000, house.closing
        )
    else:
        batch = await history.read(await house.bus(), after, params.epoch, channel, params.limit)
    found = {"results": [change_json(c) for c in batch.changes], "next": batch.next, "epoch": batch.epoch,
             "recovered": batch.recovered}  # fmt: skip
    return answer(request, found)


@router.get("/stream", operation_id="followChanges", status_code=200, response_class=EventStream,
            responses=problems() | {
    200: {"content": {"text/event-stream": {}}, "description": "`subscribed` {position, epoch, recovered}, then "
          "`change` {channel, position, data} as they come"},
})  # fmt: skip
async def follow_changes(
    params: Annotated[StreamParams, Query()], house: TheHouse,
    last_event_id: Annotated[str | None, Header(description="Go on after this event; before `after`")] = None,
) -> Response:  # fmt: skip
    """Follow the changes live (Server-Sent Events), from now or from where a lost connection was."""
    epoch, after = events.place_of(last_event_id) if last_event_id else (params.epoch, _place(params))
    start = await events.start(house.relay, after, epoch)
    return EventStream(events.follow(house.relay, start, params.channel or EVERYTHING), house.closing)


def _place(params: StreamParams) -> str | None:
    return check(params.after) if params.after is not None else None
