"""Server-Sent Events: encoded events as an answer that beats while nothing happens and ends with its client or with the
server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import orjson
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.errors import Problem, respond
from api.seats import STREAMS
from crawler.core.tasks import cancelled

BEAT_S = 15.0  # shorter than the patience of the proxies in between
BEAT = b":\n\n"
RETRY = b"retry: 1000\n\n"  # ms until a browser connects again; sent first, so that headers leave at once
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event(name: str, data: Any, id_: str | None = None) -> bytes:
    """One event. `data` is made JSON, or taken as it is when it is bytes of one line already; `id_` comes back as
    `Last-Event-ID`."""
    place = f"id: {id_}\n" if id_ else ""
    line = data if isinstance(data, bytes) else orjson.dumps(data)
    return f"{place}event: {name}\n".encode() + b"data: " + line + b"\n\n"


class EventStream(StreamingResponse):
    """Sends what `source` yields. `source` is closed when it ends, when the client has gone and when `closing` is set,
    whichever comes first. Nothing is read ahead: a slow client slows its own source only."""

    media_type = "text/event-stream"

    def __init__(self, source: AsyncGenerator[bytes, None], closing: asyncio.Event, beat_s: float = BEAT_S):
        self._body = beating(source, closing, beat_s)
        super().__init__(self._body, headers=HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            who = STREAMS.take(scope)
        except Problem as problem:
            await self._body.aclose()
            return await respond(problem)(scope, receive, send)
        try:
            await self._until_gone(receive, send)
        finally:
            STREAMS.leave(who)

    async def _until_gone(self, receive: Receive, send: Send) -> None:
        sending, gone = asyncio.create_task(self._send(send)), asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancelled(sending, gone)
        if not sending.cancelled():
            sending.result()

    async def _send(self, send: Send) -> None:
        async with aclosing(self._body):
            await self.stream_response(send)


async def beating(
    source: AsyncGenerator[bytes, None], closing: asyncio.Event, beat_s: float = BEAT_S
) -> AsyncGenerator[bytes, None]:
    """What `source` yields, with a comment whenever it was silent for `beat_s` seconds, until either is over."""
    end = asyncio.create_task(closing.wait())
    following: asyncio.Task[bytes | None] | None = None
    async with aclosing(source):
        try:
            yield RETRY
            while not closing.is_set():
                following = following or asyncio.create_task(_next(source))
                await asyncio.wait({following, end}, timeout=beat_s, return_when=asyncio.FIRST_COMPLETED)
                if following.done():
                    if (chunk := following.result()) is None:
                        return
                    following = None
                    yield chunk
                elif not closing.is_set():
                    yield BEAT
        finally:
            await cancelled(end, following)


async def _next(source: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(source, None)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
