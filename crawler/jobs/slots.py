"""The job slots of a worker: a streaq worker whose tokens each take the next job of the line."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from json import dumps, loads
from typing import Any

from anyio import CancelScope
from coredis.exceptions import RedisError
from streaq import StreaqRetry, Worker

from crawler.core.errors import BusAway
from crawler.core.queue import tokens

CALL_S = 15.0  # longer than streaq waits for a token
CONNECT_S = 2.0
IDLE_S = 10.0  # a token whose worker is silent for so long is given to another
AWAY = (RedisError, OSError, TimeoutError)

log = logging.getLogger(__name__)


class Slots(Worker[None]):
    """`work` is called with a token whenever a slot is free and one came; it says whether it is done with it, else the
    token comes again elsewhere."""

    def __init__(self, url: str, places: int, name: str, work: Callable[[str], Awaitable[bool]]):
        limits = {"connect_timeout": CONNECT_S, "stream_timeout": CALL_S}
        super().__init__(
            url, redis_kwargs=limits, concurrency=places, queue_name=tokens.QUEUE, priorities=[tokens.PRIORITY],
            serializer=_serialize, deserializer=loads, idle_timeout=IDLE_S, id=name,
        )  # fmt: skip
        self.prefetch = places  # streaq would also hold tokens for slots that are not free
        self._work, self._draining = work, asyncio.Event()
        self._token = self.task(name=tokens.TASK, max_tries=None, ttl=0, silent=True)(self._take)

    def drain(self) -> None:
        """No token is taken any more; `run` returns when those at work are done."""
        self._draining.set()

    async def run(self) -> None:
        """Until drained. Raises BusAway."""
        try:
            await self.run_async()
        except* AWAY as errors:
            raise BusAway(f"Redis does not answer: {errors.exceptions[0]!r}") from errors

    async def signal_handler(self, scope: CancelScope) -> None:
        """Signals are the process's matter: the place where streaq waits for one waits for `drain`."""
        await self._draining.wait()
        scope.cancel("drained")

    async def _take(self) -> None:
        try:
            done = await self._work(self._token.context.task_id)
        except Exception:
            log.exception("a job broke; it is tried again when nothing is heard of it")
            raise
        if not done:
            raise StreaqRetry("for another worker", delay=0)


def _serialize(data: Any) -> str:
    """Results are read by nobody; an error in one is told in words."""
    return dumps(data, default=str)
