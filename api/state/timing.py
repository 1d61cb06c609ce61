"""Measures every answer until its first byte, so that an event stream counts by how soon it starts."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.core.timings import TIMINGS


class Timing:
    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = perf_counter()

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                TIMINGS.add(route_of(scope), perf_counter() - started)
            await send(message)

        return await self.app(scope, receive, timed)


def route_of(scope: Scope) -> str:
    """The template a path was matched with. What no route has seen was answered from the cache, or refused."""
    route = scope.get("route")
    return str(getattr(route, "path_format", "unrouted"))
