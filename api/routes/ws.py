"""`WS /v1/ws`: live changes (`api/relay`)."""

from fastapi import APIRouter, WebSocket

from api.house import TheHouse
from api.relay import plain
from api.relay.protocol import EXTENSION
from api.relay.session import Session

router = APIRouter()


@router.websocket("/v1/ws")
async def follow(websocket: WebSocket, house: TheHouse) -> None:
    await websocket.accept()
    socket = (websocket.scope.get("extensions") or {}).get(EXTENSION)
    if socket is None:
        await plain.converse(websocket, house.sources)
    else:
        socket.hand_over(Session(house.sources, socket))
