"""How homefeed talks to Redis or Valkey: one way to connect, every call bounded, one error when it is away."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from crawler.core.errors import BusAway

CONNECT_S = 2.0
CALL_S = 5.0
AWAY = (OSError, exceptions.ConnectionError, exceptions.TimeoutError, exceptions.OutOfMemoryError,
        exceptions.ReadOnlyError)  # fmt: skip
REFUSES = ("MISCONF", "NOREPLICAS", "CLUSTERDOWN")  # it answers, but keeps nothing: a full disk, too few replicas


def connect(url: str, connect_s: float = CONNECT_S, call_s: float = CALL_S) -> Redis:
    """A client that answers or fails within `connect_s` + `call_s`; a connection the server dropped is opened once
    more."""
    once_more = Retry(NoBackoff(), 1, supported_errors=(exceptions.ConnectionError,))
    return Redis.from_url(
        url, protocol=3, retry=once_more, socket_connect_timeout=connect_s, socket_timeout=call_s,
        health_check_interval=30,
    )  # fmt: skip


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
