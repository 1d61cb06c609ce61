"""One request of a batch, answered inside the app as if its caller had sent it alone."""

import asyncio
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

from api.errors import Problem, respond

ANSWER_S = 10.0
LEFT_OUT = (b"content-length", b"content-type", b"transfer-encoding", b"accept-encoding", b"if-none-match", b"expect")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def get(app: ASGIApp, outer: Scope, path: str) -> Answer:
    """`outer` is the request whose access this one has. One that takes longer than ANSWER_S ends as a 504."""
    answer = _Collected()
    try:
        async with asyncio.timeout(ANSWER_S):
            await app(_scope(outer, path), answer.receive, answer.send)
    except TimeoutError:
        late = respond(Problem(504, "timeout", f"no answer within {ANSWER_S:.0f} s"))
        return Answer(late.status_code, dict(late.headers), bytes(late.body))
    except Exception:
        if not answer.headers:  # an app that fails answers 500 and logs why, then raises for its server
            raise
    return Answer(answer.status, answer.headers, b"".join(answer.parts))


class _Collected:
    def __init__(self) -> None:
        self.status, self.headers, self.parts = 500, dict[str, str](), list[bytes]()
        self._asked = False

    async def receive(self) -> Message:
        if self._asked:
            await asyncio.Event().wait()  # the client does not go before its batch is answered
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))


def _scope(outer: Scope, path: str) -> Scope:
    """Who asks is kept; what the outer request left for its own answer is not."""
    raw, _, query = path.partition("?")
    kept: dict[str, Any] = {
        key: outer[key]
        for key in (
            "type",
            "asgi",
            "http_version",
            "scheme",
            "client",
            "server",
            "root_path",
            "state",
            "homefeed.client",
        )
        if key in outer
    }
    headers = [pair for pair in outer["headers"] if pair[0] not in LEFT_OUT]
    return kept | {"method": "GET", "path": unquote(raw), "raw_path": raw.encode(), "query_string": query.encode(),
                   "headers": headers}  # fmt: skip
