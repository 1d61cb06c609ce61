"""How homefeed talks to Redis or Valkey: one way to connect, every call bounded, one error when it is away."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from crawler.core.errors import BusAway

CONNECT_S = 2.0
CALL_S = 5.0
CONNECTIONS = 64  # of one client; whoever finds all in use waits for one
AWAY = (OSError, exceptions.ConnectionError, exceptions.TimeoutError, exceptions.OutOfMemoryError,
        exceptions.ReadOnlyError)  # fmt: skip
REFUSES = ("MISCONF", "NOREPLICAS", "CLUSTERDOWN")  # it answers, but keeps nothing: a full disk, too few replicas


def connect(url: str, connect_s: float | None = None, call_s: float | None = None) -> Redis:
    """A client that answers or fails within `connect_s` (CONNECT_S) + `call_s` (CALL_S); a connection the server
    dropped is opened once more."""
    connect_s, call_s = connect_s or CONNECT_S, call_s or CALL_S
    once_more = Retry(NoBackoff(), 1, supported_errors=(exceptions.ConnectionError,))
    pool = BlockingConnectionPool.from_url(
        url, max_connections=CONNECTIONS, timeout=call_s, protocol=3, retry=once_more,
        socket_connect_timeout=connect_s, socket_timeout=call_s, health_check_interval=30,
    )  # fmt: skip
    return Redis.from_pool(pool)


@contextmanager
def away() -> Iterator[None]:
    """Turns every way of not answering into BusAway; errors that are our own fault pass."""
    try:
        yield
    except AWAY as error:
        raise BusAway(f"Redis does not answer: {str(error) or type(error).__name__}") from error
    except exceptions.ResponseError as error:
        if not str(error).startswith(REFUSES):
            raise
        raise BusAway(f"Redis keeps nothing now: {error}") from error
