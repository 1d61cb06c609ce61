"""The hot cache: whole answers to GET by path and query, where their route marked them as the same for everybody."""

import asyncio
import math
from typing import Any

from starlette.types import ASGIApp, Message, Scope

from api.answers import CACHE
from api.front.headers import Pairs
from api.front.ready import Ready, pack
from crawler.core.cache import Cache, Computed

OWN = frozenset((b"if-none-match", b"accept-encoding", b"range"))  # what the front answers to, not the route


class Hot:
    def __init__(self, app: ASGIApp, cache: Cache[Ready]):
        self._app, self._cache = app, cache
        self.peek = cache.peek

    async def get(self, key: bytes, scope: Scope) -> tuple[Ready, tuple[bytes, bytes]]:
        """The answer, and the header that tells how it was found. Raises what the app raises before it answers."""
        found = await self._cache.get(key, lambda: self._compute(scope))
        return found.value, (b"x-cache", found.outcome.encode())

    async def _compute(self, scope: Scope) -> Computed:
        headers = [(name, value) for name, value in scope["headers"] if name not in OWN]
        asked: dict[str, Any] = {**scope, "method": "GET", "headers": headers, "state": dict(scope.get("state", {}))}
        answer = _Captured()
        try:
            await self._app(asked, answer.receive, answer)
        except Exception:
            if not answer.whole:
                raise  # else the app answered it, and logged it
        tags, lasts_s = asked.get(CACHE, (None, math.inf)) if answer.status == 200 else (None, math.inf)
        body = b"".join(answer.parts)
        data = await asyncio.to_thread(pack, answer.status, answer.headers, body, kept=tags is not None)
        return Computed(data, tags, lasts_s)


class _Captured:
    """An ASGI `send` that keeps the answer. The one who asked may leave meanwhile; the answer is for others too."""

    def __init__(self) -> None:
        self.status, self.whole, self._asked = 500, False, False
        self.headers: Pairs = []
        self.parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))
            self.whole = not message.get("more_body", False)

    async def receive(self) -> Message:
        if self._asked:
            await asyncio.Event().wait()
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}


def key_of(scope: Scope) -> bytes:
    return scope["raw_path"] + b"?" + scope["query_string"]  # type: ignore[no-any-return]
