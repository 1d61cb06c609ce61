"""Every request goes through here: checked, counted, answered from the cache or handed to the routes, which find who
asks in `scope["homefeed.client"]`."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import Problem, problem_of
from api.front.access import Access
from api.front.bounds import check_url, headers_of, whole_body
from api.front.clients import Client, scope_needed
from api.front.give import HIT, Answer, give_once, laid_out, written
from api.front.headers import preflight
from api.front.hosts import Hosts
from api.front.hot import Hot, key_of
from api.front.limits import Limits
from api.front.refuse import refuse
from api.front.reply import Reply
from api.front.visit import Visit
from api.house import House

CLIENT = "homefeed.client"  # key in the ASGI scope
VISIT = "homefeed.visit"  # there too: a visit that `at_once` let in


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

    def at_once(self, scope: Scope) -> Answer | None:
        """A hit, for a server that can write it itself, past the messages of ASGI; else None, and the call that follows
        goes on from what is known by now."""
        visit = Visit(scope)
        try:
            if not visit.kept or scope["type"] != "http" or not self._comes_in(scope, visit):
                return None
        except Problem:
            return None  # the call raises it again, and answers it
        scope[VISIT] = visit
        ready = self._hot.peek(key_of(scope))
        return written(ready, visit) if ready is not None and ready.kept else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        visit, ready, outcome = scope.pop(VISIT, None) or Visit(scope), None, HIT
        visit.receive = receive
        try:
            if visit.says is None and not self._let_in(scope, visit):
                await self._let_in_later(scope, visit, receive)
            if visit.kept:
                key = key_of(scope)
                ready = self._hot.peek(key)
                if ready is None:
                    ready, outcome = await self._hot.get(key, scope)
        except Exception as error:
            return await refuse(problem_of(error), scope, receive, send, visit.more())
        if ready is None:
            return await self._pass(scope, visit, send)
        if not ready.kept:
            return await give_once(ready, visit, send)
        start, body = laid_out(ready, outcome, visit)
        await send(start)
        return await send(body)

    def _comes_in(self, scope: Scope, visit: Visit) -> bool:
        """Let in, with nothing to wait for. Raises Problem."""
        visit.headers = headers_of(scope)
        return not visit.has_body and self._let_in(scope, visit)

    def _let_in(self, scope: Scope, visit: Visit) -> bool:
        """False when something has to be waited for before it may come in. Raises Problem."""
        visit.headers = visit.headers or headers_of(scope)
        check_url(scope)
        visit.origin = self._hosts.check(visit.headers, link=visit.open)
        if visit.open or visit.is_preflight:
            return True
        if b"ticket=" in scope["query_string"]:
            return False
        return self._admit(scope, visit) and not visit.has_body

    def _admit(self, scope: Scope, visit: Visit, ticket: Client | None = None) -> bool:
        """False when a lease has to be waited for."""
        needed = "read" if visit.reading else scope_needed(visit.method, visit.path)
        client = scope[CLIENT] = self._access.client(visit.headers, needed, ticket)
        visit.limits = self._limits[needed]
        visit.says = visit.limits.at_once(client)
        return visit.says is not None

    async def _let_in_later(self, scope: Scope, visit: Visit, receive: Receive) -> None:
        """Raises Problem; BusAway when a ticket can't be checked; TimeoutError when the body doesn't come."""
        if visit.limits is None:
            self._admit(scope, visit, await self._access.by_ticket(scope))
        if visit.says is None and visit.limits is not None:
            visit.says = await visit.limits.take(scope[CLIENT])
        if visit.has_body and scope["type"] == "http":
            visit.receive = await whole_body(visit.headers, receive)

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
