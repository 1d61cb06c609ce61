"""Who asks, and may they? A key in `Authorization: Bearer`, or a ticket; without keys everybody on this machine."""

from starlette.types import Scope

from api.errors import Problem, wrong
from api.front.clients import FIELD, LOCAL, NAME, Client, Keys
from api.front.hosts import LOOPBACK, Headers, bracketed
from api.front.tickets import ASK, Tickets, take_out
from crawler.core.config import Config
from crawler.core.errors import ConfigError

CLIENT = b"x-homefeed-client"


class Access:
    """Raises ConfigError where everybody could come in."""

    def __init__(self, settings: Config, tickets: Tickets):
        self._keys, self._tickets = Keys(settings.names("api_keys")), tickets
        self._keyed = bool(self._keys)
        if not self._keyed and bracketed(settings.host).encode() not in LOOPBACK:
            raise ConfigError(FIELD, f"needs a key when HOMEFEED_HOST is {settings.host}, which others can reach")

    async def by_ticket(self, scope: Scope) -> Client | None:
        """Whose the ticket in the query is, if one is there; it is gone from the scope afterwards, so that nobody shows
        it. Raises Problem 401; BusAway when it can't be checked."""
        scope["query_string"], ticket = take_out(scope["query_string"])
        if ticket is None:
            return None
        if scope.get("method", "GET") != "GET":
            raise Problem(401, "unauthorized", "ticket: only for reading; send a key", headers=ASK)
        return await self._tickets.redeem(ticket)

    def client(self, headers: Headers, needed: str, ticket: Client | None = None) -> Client:
        """Who asks, if the scope `needed` is theirs. Raises Problem 401, 403 or 422."""
        client = ticket or (self._by_key(headers.get(b"authorization")) if self._keyed else LOCAL)
        if CLIENT in headers:
            name = headers[CLIENT].decode("latin-1")
            if not NAME.fullmatch(name):
                raise wrong("X-Homefeed-Client", "must be up to 64 of A-Z a-z 0-9 . _ -")
            client = client.called(name)
        if needed not in client.scopes:
            raise Problem(403, "forbidden", f"this key has no scope {needed}")
        return client

    def _by_key(self, told: bytes | None) -> Client:
        if told is None:
            raise Problem(401, "unauthorized", "send a key: Authorization: Bearer <key>", headers=ASK)
        scheme, _, key = told.partition(b" ")
        client = self._keys.client(key.strip()) if scheme.lower() == b"bearer" else None
        if client is None:
            raise Problem(401, "unauthorized", "Authorization: this is no key of ours", headers=ASK)
        return client
