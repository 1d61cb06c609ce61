"""One-use tickets for where a browser can't send a header: `?ticket=` of a WebSocket or an EventSource. Redis knows
only a hash of each, so that nobody who reads Redis can use one."""

import hashlib
import re
import secrets

import msgspec

from api.errors import Problem
from api.front.clients import Client
from crawler.core.models import encode
from crawler.core.optional_redis import OptionalRedis

LIFE_S = 30
IN_QUERY = re.compile(rb"(?:^|&)ticket=([^&]*)")

_ISSUE = "redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])"
_REDEEM = "return redis.call('GETDEL', KEYS[1])"
_client = msgspec.json.Decoder(Client)


class Tickets:
    """Both raise BusAway."""

    def __init__(self, redis: OptionalRedis):
        self._redis = redis

    async def issue(self, client: Client) -> str:
        """A ticket with the client's name and scopes, good once within LIFE_S."""
        ticket = secrets.token_urlsafe(24)
        await self._redis.run(_ISSUE, [_key(ticket.encode())], [encode(client), LIFE_S])
        return ticket

    async def redeem(self, ticket: bytes) -> Client:
        """Raises Problem 401 when it was used, is too old or never was one."""
        found = await self._redis.run(_REDEEM, [_key(ticket)])
        if found is None:
            raise Problem(401, "unauthorized", f"ticket: good once, within {LIFE_S} s; get another", headers=ASK)
        return _client.decode(found)


ASK = {"WWW-Authenticate": "Bearer"}


def take_out(query: bytes) -> tuple[bytes, bytes | None]:
    """The query without its ticket, and the ticket."""
    match = IN_QUERY.search(query)
    return (IN_QUERY.sub(b"", query).lstrip(b"&"), match[1]) if match else (query, None)


def _key(ticket: bytes) -> str:
    return f"homefeed:ticket:{hashlib.sha256(ticket).hexdigest()}"
