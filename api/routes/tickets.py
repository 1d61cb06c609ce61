"""Tickets for where a browser can't send a header."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.answers import answer
from api.fields import Nothing, Once
from api.front.clients import LOCAL, Client
from api.front.tickets import LIFE_S
from api.house import TheHouse
from api.schemas.common import Shape, problems

router = APIRouter(prefix="/v1/tickets", tags=["tickets"], dependencies=[Once])


class TicketShape(Shape):
    ticket: str = Field(description="Send it as ?ticket= of one WebSocket or EventSource")
    expires_in_s: int


@router.post("", status_code=201, operation_id="getTicket", response_model=TicketShape, responses=problems())
async def ticket(request: Request, params: Annotated[Nothing, Query()], house: TheHouse) -> Response:
    """A ticket that opens one WebSocket or event stream with the caller's own name and scopes."""
    client: Client = request.scope.get("homefeed.client", LOCAL)
    content = {"ticket": await house.tickets.issue(client), "expires_in_s": LIFE_S}
    return answer(request, content, status=201, headers={"Cache-Control": "no-store"})
