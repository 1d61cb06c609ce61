"""Hears what any process invalidates, for what this one holds in memory."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from redis.asyncio.client import PubSub

from crawler.core.cache import lua
from crawler.core.errors import BusAway, ConfigError
from crawler.core.redis_client import away, connect
from crawler.core.tasks import cancelled

CALL_S = 1.0
BEAT_S = 1.0  # of silence before Redis is asked whether it is still there, and again before that is doubted
RETRY_S = 0.2

log = logging.getLogger(__name__)

Forget = Callable[[Iterable[str], float], None]


class Drop(msgspec.Struct):
    """Of the tags, whatever was computed at or before the tick."""

    tick: str
    tags: list[str]


_drop = msgspec.json.Decoder(Drop)


class Drops:
    """`forget` gets tags and the tick up to which they are dead. Whatever may have been missed is everything: it gets
    that whenever hearing begins, also after a moment of deafness that nobody noticed."""

    def __init__(self, url: Callable[[], Awaitable[str]], forget: Forget):
        self._url, self._forget = url, forget
        self._task: asyncio.Task[None] | None = None
        self.hears = self._warned = False

    def start(self) -> None:
        """Returns at once; Redis may be away."""
        self._task = self._task or asyncio.create_task(self._run())

    async def stop(self) -> None:
        await cancelled(self._task)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (BusAway, ConfigError) as error:
                self._waits(error)
            except Exception:
                log.exception("the listener for invalidations starts again")
            finally:
                self._deaf()
            await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        redis = connect(await self._url(), CALL_S, CALL_S)
        try:
            with away():
                async with redis.pubsub() as heard:
                    await heard.subscribe(lua.DROP)
                    await self._hear(heard)
        finally:
            await redis.aclose()

    async def _hear(self, heard: PubSub) -> None:
        """Raises BusAway when Redis falls silent."""
        asked = False
        while True:
            message = await heard.get_message(timeout=BEAT_S)
            if message is None and asked:
                raise BusAway("Redis has fallen silent")
            if message is None:
                await heard.ping()
            else:
                self._take(message)
            asked = message is None

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":  # for the first time, or because the connection had to be opened anew
            self._forget([lua.EVERYTHING], math.inf)
            self.hears, self._warned = True, False
        elif message["type"] == "message":
            drop = _drop.decode(message["data"])
            self._forget(drop.tags, float(drop.tick))

    def _deaf(self) -> None:
        if self.hears:
            self.hears = False
            self._forget([lua.EVERYTHING], math.inf)

    def _waits(self, error: Exception) -> None:
        """Said once for each time Redis goes."""
        if not self._warned:
            log.warning("invalidations of other processes are not heard: %s", error)
        self._warned = True
