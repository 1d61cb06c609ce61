"""uvicorn's HTTP protocol with an end to what a client may send before it is answered, and problems for what is no
HTTP."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.errors import Problem, body, wrong
from api.front.bounds import too_long

URL = 64 << 10  # above this a parser gives up; shorter ones are measured by the front
HEAD = 256 << 10  # of address and headers together
ORIGIN_FORM = (b"/", b"*")  # a whole URL would name a second host, beside the one that is checked
HEAD_S = 20.0  # for the whole of it, from the connection or the answer before on


class Bounded(HttpToolsProtocol):
    """Pass it to uvicorn as `http=`."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._head = 0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_expecting()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._measure(data)
        if self.transport.get_protocol() is self and (self.cycle is None or self.cycle.response_complete):
            self._expect_head()
        else:
            self._stop_expecting()

    def _expect_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_S, self.transport.close)

    def _stop_expecting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _measure(self, data: bytes) -> None:
        if self.scope is None or "path" in self.scope or self.transport.is_closing():
            self._head = 0
            return
        self._head += len(data)
        if self._head > HEAD:
            self.send_400_response("")

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) >= URL or not self.url.startswith(ORIGIN_FORM):
            raise ValueError  # ends in send_400_response

    def send_400_response(self, msg: str) -> None:
        problem = self._problem()
        data = body(problem)
        head = (b"content-type: application/problem+json\r\ncontent-length: %d\r\nx-content-type-options: nosniff\r\n"
                b"connection: close\r\n\r\n") % len(data)  # fmt: skip
        self.transport.write(STATUS_LINE[problem.status] + head + data)
        self.transport.close()

    def _problem(self) -> Problem:
        if self.scope is not None and len(self.url) >= URL:
            return too_long()
        if self._head > HEAD:
            return wrong("headers", f"may be {HEAD:,} bytes together with the address", 400)
        return Problem(400, "invalid", "this is no HTTP")
