"""`WS /v1/ws`: live changes (`api/relay`)."""

from functools import partial

from fastapi import APIRouter, WebSocket

from api.errors import Problem
from api.house import TheHouse
from api.relay import plain
from api.relay.protocol import EXTENSION
from api.relay.session import TRY_LATER, Session
from api.seats import SOCKETS

router = APIRouter()


@router.websocket("/v1/ws")
async def follow(websocket: WebSocket, house: TheHouse) -> None:
    await websocket.accept()
    try:
        left = partial(SOCKETS.leave, SOCKETS.take(websocket.scope))
    except Problem as problem:
        await websocket.close(TRY_LATER, problem.detail)
        return
    socket = (websocket.scope.get("extensions") or {}).get(EXTENSION)
    if socket is None:
        await plain.converse(websocket, house.sources, left)
    else:
        socket.hand_over(Session(house.sources, socket, left))
