"""An answer on its way out: with the headers every answer has, as 304 where the client has it, compressed if it is
whole. A stream passes as it comes."""

import asyncio

from starlette.types import Message, Send

from api.front.compress import compressed, pays, preferred
from api.front.etags import etag_of, known, weak, without_body
from api.front.headers import SAFE, Pairs, with_defaults
from api.front.hosts import Headers

JSON = b"application/json"


class Reply:
    """An ASGI `send`. `more` are headers beside the answer's own and the safe ones."""

    def __init__(self, send: Send, asked: Headers, more: Pairs, *, reading: bool):
        self._send, self._asked, self._more, self._reading = send, asked, more, reading
        self._start: Message | None = None
        self.started = self.whole = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": with_defaults(list(message["headers"]), SAFE) + self._more}
            if any(name == b"content-length" for name, _ in message["headers"]):
                self._start = message  # the whole body follows
                return
        elif self._start is not None:
            message = await self._finish(self._start, message)
        self.started = True
        self.whole = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    async def _finish(self, start: Message, message: Message) -> Message:
        self._start = None
        if start["status"] == 200 and not message.get("more_body", False):
            start, message = await self._shortened(start, message.get("body", b""))
        self.started = True
        await self._send(start)
        return message

    async def _shortened(self, start: Message, body: bytes) -> tuple[Message, Message]:
        """As 304, compressed, or as it is."""
        headers: Pairs = start["headers"]
        named = dict(headers)
        kind, etag, status = named.get(b"content-type", b""), named.get(b"etag"), 200
        if self._reading and etag is None and kind.startswith(JSON):
            etag = etag_of(body)
            headers = [*headers, (b"etag", etag)]
        if self._reading and etag and known(self._asked.get(b"if-none-match", b""), etag):
            status, headers, body = 304, without_body(headers), b""
        elif pays(kind, len(body)) and b"content-encoding" not in named:
            headers, body = await self._compressed(headers, body)
        return {**start, "status": status, "headers": headers}, {"type": "http.response.body", "body": body}

    async def _compressed(self, headers: Pairs, body: bytes) -> tuple[Pairs, bytes]:
        coding = preferred(self._asked.get(b"accept-encoding", b""))
        if coding != "identity":
            body = await asyncio.to_thread(compressed, body, coding)
        sized = [(name, _changed(name, value, coding, len(body))) for name, value in headers]
        vary = [(b"vary", b"Accept-Encoding")]
        return sized + vary + ([(b"content-encoding", coding.encode())] if coding != "identity" else []), body


def _changed(name: bytes, value: bytes, coding: str, size: int) -> bytes:
    if name == b"content-length":
        return b"%d" % size
    return weak(value) if name == b"etag" and coding != "identity" else value
