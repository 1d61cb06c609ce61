"""uvicorn's HTTP protocol: hits of the cache written at once, an end to what a client may send before it is answered,
and problems for what is no HTTP."""

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from api.errors import Problem, body, wrong
from api.front.bounds import too_long
from api.front.give import Answer

URL = 64 << 10  # above this a parser gives up; shorter ones are measured by the front
HEAD = 256 << 10  # of address and headers together
ORIGIN_FORM = (b"/", b"*")  # a whole URL would name a second host, beside the one that is checked
HEAD_S = 20.0  # for the whole of it, from the connection or the answer before on


class Http(HttpToolsProtocol):
    """Pass it to uvicorn as `http=`. An app that has `at_once(scope)` is asked by it first."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._head = 0
        self._late: asyncio.TimerHandle | None = None
        self._at_once: Callable[[Any], Answer | None] = getattr(self.config.app, "at_once", _never)

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

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """A hit needs no task. It is written after what else came is read, so that neighbours are answered together."""
        answer = None if self.flow.write_paused else self._at_once(cycle.scope)
        if answer is None:
            super()._start_asgi_task(cycle, app)
        else:
            self.loop.call_soon(self._write, cycle, answer)

    def _write(self, cycle: RequestResponseCycle, answer: Answer) -> None:
        if cycle.disconnected:
            return
        own = b"".join([b"%b: %b\r\n" % pair for pair in self.server_state.default_headers])
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        head = b"".join((STATUS_LINE[answer.status], own, answer.head, end))
        self.transport.writelines((head, answer.body) if answer.body else (head,))
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

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


def _never(_: Any) -> None:
    """What an app says that has no ready answers."""
