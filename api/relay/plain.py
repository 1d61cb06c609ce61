"""The same conversation over plain ASGI messages, for servers that offer no raw socket."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect

from api.relay.feed import Feed
from api.relay.following import Sources
from api.relay.session import RESUME, Session
from crawler.core.tasks import cancelled


class PlainOutlet(Feed):
    def __init__(self) -> None:
        super().__init__()
        self.code, self.reason = RESUME, "too slow: connect again and resume"
        self.listening = asyncio.Event()
        self.listening.set()

    def close(self, code: int, reason: str) -> None:
        if not self.over:
            self.code, self.reason = code, reason
            self.end()

    def listen(self, on: bool) -> None:
        if on:
            self.listening.set()
        else:
            self.listening.clear()


async def converse(websocket: WebSocket, sources: Sources, left: Callable[[], None]) -> None:
    """Returns when the connection is over; `left` is called before."""
    outlet = PlainOutlet()
    session = Session(sources, outlet, left)
    tasks = [asyncio.create_task(_say(websocket, outlet)), asyncio.create_task(_hear(websocket, outlet, session))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        session.gone()
        await cancelled(*tasks)


async def _say(websocket: WebSocket, outlet: PlainOutlet) -> None:
    with suppress(WebSocketDisconnect):  # it went while it was spoken to
        while messages := await outlet.next():
            for message in messages:
                await websocket.send_text(message.payload.decode())
        await websocket.close(outlet.code, outlet.reason)


async def _hear(websocket: WebSocket, outlet: PlainOutlet, session: Session) -> None:
    while True:
        await outlet.listening.wait()
        event = await websocket.receive()
        if event["type"] == "websocket.disconnect":
            return
        session.said(event.get("bytes") or (event.get("text") or "").encode())
