"""Every request goes through here: checked, counted, answered from the cache or handed to the routes, which find who
asks in `scope["homefeed.client"]`."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem_of
from api.front.access import Access, is_open
from api.front.bounds import check_url, headers_of, whole_body
from api.front.clients import scope_needed
from api.front.give import HIT, give
from api.front.headers import preflight
from api.front.hosts import Hosts
from api.front.hot import PATHS, Hot, key_of
from api.front.limits import Limits
from api.front.ready import Ready
from api.front.refuse import refuse
from api.front.reply import Reply
from api.front.visit import Visit
from api.house import House

CLIENT = "homefeed.client"  # key in the ASGI scope


class Front:
    """Raises ConfigError for keys, hosts and origins that can't be, and for an API that would be open to everybody."""

    def __init__(self, app: ASGIApp, house: House):
        settings = house.config
        self._app, self.house = app, house
        self._hosts, self._access = Hosts(settings), Access(settings, house.tickets)
        reads = Limits(house.redis, "read", settings.rate_read)
        writes = Limits(house.redis, "write", settings.rate_write)
        self._limits = {"read": reads, "write": writes, "admin": writes}
        self._hot = Hot(app, house.cache)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        visit = Visit(scope, receive)
        try:
            await self._let_in(scope, visit, receive)
            found = await self._ready(scope, visit)
        except Exception as error:
            return await refuse(problem_of(error), scope, receive, send, visit.more())
        if found is not None:
            return await give(*found, visit, send)
        return await self._pass(scope, visit, send)

    async def _let_in(self, scope: Scope, visit: Visit, receive: Receive) -> None:
        """Raises Problem; BusAway when a ticket can't be checked; TimeoutError when the body doesn't come."""
        visit.headers = headers_of(scope)
        check_url(scope)
        link = visit.reading and is_open(visit.path)
        visit.origin = self._hosts.check(visit.headers, link=link)
        if link or visit.is_preflight:
            return
        ticket = await self._access.by_ticket(scope) if b"ticket=" in scope["query_string"] else None
        needed = scope_needed(visit.method, visit.path)
        client = scope[CLIENT] = self._access.client(visit.headers, needed, ticket)
        visit.limits = self._limits[needed]
        visit.says = visit.limits.at_once(client) or await visit.limits.take(client)
        if visit.has_body and scope["type"] == "http":
            visit.receive = await whole_body(visit.headers, receive)

    async def _ready(self, scope: Scope, visit: Visit) -> tuple[Ready, tuple[bytes, bytes]] | None:
        """The answer and how it was found, if it is of the kind that is kept."""
        if not visit.reading or not visit.path.startswith(PATHS) or scope["type"] != "http":
            return None
        key = key_of(scope)
        ready = self._hot.peek(key)
        if ready is not None:
            return ready, HIT
        found = await self._hot.get(key, scope)
        return found.value, (b"x-cache", found.outcome.encode())

    async def _pass(self, scope: Scope, visit: Visit, send: Send) -> None:
        """On to the routes, unless the client has left."""
        if visit.receive is None:
            return None
        if scope["type"] == "websocket":
            return await self._app(scope, visit.receive, send)
        reply = Reply(send, visit.headers, visit.more(), reading=visit.reading)
        if visit.is_preflight:
            await reply({"type": "http.response.start", "status": 204, "headers": preflight(visit.headers)})
            return await reply({"type": "http.response.body"})
        try:
            return await self._app(scope, visit.receive, reply)
        except Exception as error:
            if reply.whole:
                return None  # the app answered it, and logged it
            if reply.started:
                raise
            return await refuse(problem_of(error), scope, visit.receive, send, visit.more())
